from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm.ui.navigation import Create, Module


class ContactsConfig(AppConfig):
    name = "crm.contacts"
    label = "contacts"
    verbose_name = _("Companies & contacts")
    modules = [
        Module(
            label=_("Customers"),
            url_name="contact_list",
            icon="building",
            key="c",
            order=10,
            kinds=("contact",),
            children=(Module(_("Import & export"), "import_list", "upload"),),
        )
    ]
    creates = [
        Create(
            label=_("Company"),
            url_name="company_create",
            icon="building",
            kind="contact",
            named=_("Create company “%(name)s”"),
        ),
        Create(
            label=_("Person"),
            url_name="person_create",
            icon="person",
            kind="contact",
            named=_("Create person “%(name)s”"),
        ),
    ]

    def ready(self) -> None:
        from crm.contacts.sentences import SENTENCES
        from crm.records.sentences import register_verbs

        register_verbs(SENTENCES)
