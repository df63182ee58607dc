from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "crm.exchange"
    label = "exchange"
    verbose_name = _("Import and export")

    def ready(self) -> None:
        from crm.exchange.sentences import register

        autodiscover_modules("exchange", "importer")
        register()
