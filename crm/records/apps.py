from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from crm.ui.navigation import Link


class RecordsConfig(AppConfig):
    name = "crm.records"
    label = "records"
    verbose_name = _("Records")
    personal = [Link(_("My background work"), "job_list", "clock-history")]

    def ready(self) -> None:
        autodiscover_modules("lists", "lookups", "background")
        autodiscover_modules("receivers")
