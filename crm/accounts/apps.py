from allauth.usersessions import apps as session_apps
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


class SessionsConfig(session_apps.UserSessionsConfig):
    """allauth's list of where somebody is signed in, without looking into each at every sign-in."""

    default = False

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in
        from allauth.usersessions.signals import on_user_logged_in

        from crm.accounts.receivers import note_sign_in

        super().ready()
        user_logged_in.disconnect(receiver=on_user_logged_in)
        user_logged_in.connect(receiver=note_sign_in)
