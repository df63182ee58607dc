"""Writing history by hand: a note, an e-mail, a phone call, an appointment (F0.23, F0.24)."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crm.accounts.http import UserRequest
from crm.records.actions import add_entry
from crm.records.entry_forms import EntryForm
from crm.records.errors import ActionRefused
from crm.records.fetch import fetch, model_of
from crm.records.giving_back import gives_back
from crm.records.models import Event, Record
from crm.records.views.timeline import timeline_context


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gives_back(EntryForm)
def entry_create(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Whoever sees a record may tell what happened with it (ADR 0008)."""
    record = fetch(request.user, "view", model_of(kind), pk)
    if request.method != "POST":
        return _shown(request, record, EntryForm(initial=_asked_for(request)))
    form = EntryForm(request.POST)
    if form.is_valid() and _add(request, record, form):
        return _added(request, record)
    return _shown(request, record, form, status=422)


def _asked_for(request: UserRequest) -> dict[str, str]:
    """?entry=call opens the form for a phone call: the card's "Call" button leads here."""
    asked = request.GET.get("entry", "")
    return {"entry": asked} if asked in Event.Entry.values else {}


def _add(request: UserRequest, record: Record, form: EntryForm) -> bool:
    facts = dict(form.cleaned_data)
    if "happened_at" not in form.changed_data:
        facts["happened_at"] = None  # now, so that it stands on top
    try:
        add_entry(record, actor=request.user, **facts)
    except ActionRefused as refusal:
        form.add_error("inform", str(refusal))
        return False
    return True


def _added(request: UserRequest, record: Record) -> HttpResponse:
    if not request.htmx:
        messages.success(request, _("Added to the history."))
        return redirect(record.get_absolute_url())
    response = render(request, "records/_timeline.html", timeline_context(request, record))
    toast = {"toast": {"text": _("Added to the history."), "level": "success"}}
    response["HX-Trigger"] = json.dumps(toast)
    return response


def _shown(
    request: UserRequest, record: Record, form: EntryForm, status: int = 200
) -> HttpResponse:
    if request.htmx and not request.htmx.boosted:
        context = {"record": record, "form": form}
        answer = render(request, "records/_entry_form.html", context, status=status)
        if status == 422:
            answer["HX-Retarget"] = "#entry-form"  # the history below stays as it is
        return answer
    context = timeline_context(request, record, form)
    return render(request, "records/timeline.html", context, status=status)
