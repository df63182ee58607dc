from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm.accounts import actions
from crm.accounts.errors import ActionRefused
from crm.accounts.forms import ActivationForm
from crm.accounts.invitations import Trouble, read_invitation


@login_not_required
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def user_activate(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: sets the password and signs in (F2.1)."""
    invited = read_invitation(token)
    if isinstance(invited, Trouble):
        return _trouble(request, invited)
    with override(invited.language):
        form = ActivationForm(invited, request.POST or None)
        if not form.is_valid():
            context = {"form": form, "invited": invited}
            status = 422 if form.is_bound else 200
            return render(request, "accounts/activate.html", context, status=status)
        try:
            user = actions.activate_user(invited, form.cleaned_data["new_password1"])
        except ActionRefused:
            return _trouble(request, Trouble.USED)
        logout(request)
        messages.success(request, _("Welcome, %(name)s!") % {"name": user.get_short_name()})
        answer: HttpResponse = perform_login(request, user, email_verification="none")
        return answer


def _trouble(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    context = {"trouble": trouble.value}
    return render(request, "accounts/activation_trouble.html", context, status=410)
