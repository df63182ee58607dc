from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Invented data for trying things out: one module for each room's records."""

    name = "crm.demo"
    label = "demo"
    verbose_name = _("Demo data")
