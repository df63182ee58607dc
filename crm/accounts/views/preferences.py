from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.forms import PreferencesForm
from crm.accounts.http import UserRequest
from crm.accounts.models import Language, Theme, User


@require_http_methods(["GET", "POST"])
def my_settings(request: UserRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        user = form.save()
        with override(user.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("my_settings")
    if form.is_bound:
        # The form wrote what it read on the very user the frame shows; what failed is not true.
        request.user.refresh_from_db()
    status = 422 if form.is_bound else 200
    return render(request, "accounts/my_settings.html", {"form": form}, status=status)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The switch on every page: a cookie for strangers, the own setting for whoever signed in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in Language.values:
        User.objects.filter(pk=request.user.pk).update(language=language)
    answer: HttpResponse = i18n.set_language(request)
    return answer


@require_POST
def set_theme(request: UserRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in Theme.values:
        return HttpResponseBadRequest()
    User.objects.filter(pk=request.user.pk).update(theme=theme)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return HttpResponse(status=204)
