from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "crm.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from crm.documents.sentences import SENTENCES
        from crm.records.sentences import register_verbs

        register_verbs(SENTENCES)
