from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

# Their rows belong to pages of ours: my settings, a person's page in the administration, the
# scheduled tasks, whose times are written in the settings.
HIDDEN = frozenset(
    {"auth.group", "account.emailaddress", "account.emailconfirmation"}
    | {"mfa.authenticator", "usersessions.usersession"}
    | {
        f"django_celery_beat.{name}"
        for name in (
            "periodictask",
            "intervalschedule",
            "crontabschedule",
            "clockedschedule",
            "solarschedule",
        )
    }
)


class Administration(AdminSite):
    """Django's admin with one door: the product's own sign-in, second step included."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.label_lower not in HIDDEN]
        super().register(shown, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return redirect("admin:index")
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            wanted = request.path
        return redirect_to_login(wanted)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")
