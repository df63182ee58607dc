from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _

from crm.ui.navigation import Link


class AccountsConfig(AppConfig):
    name = "crm.accounts"
    label = "accounts"
    verbose_name = _("People and rights")
    default_auto_field = "django.db.models.BigAutoField"
    personal = [Link(_("My settings"), "my_settings", "sliders")]


class AdministrationConfig(admin_apps.AdminConfig):
    """Django's admin behind our own sign-in; listed in INSTALLED_APPS instead of the stock one."""

    default = False
    default_site = "crm.accounts.administration.Administration"
