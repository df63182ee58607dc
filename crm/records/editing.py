"""The page that creates or edits a record, the same for every kind."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.records.actions import save_record
from crm.records.conflicts import differences, resolve
from crm.records.errors import ActionRefused, Outdated
from crm.records.fetch import allows, fetch
from crm.records.forms import RecordForm
from crm.records.held import release
from crm.records.history import events_of
from crm.records.models import Event, Record

FormClass = Callable[..., RecordForm]
R = TypeVar("R", bound=Record)


def edit_page(
    request: UserRequest,
    form_class: FormClass,
    record: Record,
    *,
    template: str,
    initial: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    after: Callable[[Record], None] | None = None,
) -> HttpResponse:
    """GET shows the form, POST saves and goes to the card. 422 for what is wrong, 409 when
    somebody saved in between; either way the page holds all that was typed.

    `record` comes from fetch(…, "change", …) or is new; `after(record)` runs in the same
    transaction as the save.
    """
    is_new = record._state.adding
    if is_new and not can(request.user, "change", record.kind):
        raise PermissionDenied(_("You may not create this."))
    if request.method != "POST":
        form = form_class(instance=record, initial=initial, actor=request.user)
        return _show(request, form, template, context)
    version = record.version  # a save that the database takes back leaves another
    form = _bound(request, form_class, record)
    status = _save(request, form, version, after)
    if status == 302:
        messages.success(request, _("Created.") if is_new else _("Saved."))
        for warning in form.warnings():
            messages.warning(request, warning)
        return redirect(form.instance)
    return _show(request, form, template, context, status=status)


def fetch_to_edit(request: UserRequest, model: type[R], pk: int) -> R:
    """The record of an edit page. What was trashed while somebody typed is still given to their
    POST: saving is then refused with a sentence, and the page keeps what they typed."""
    rows = model.objects.select_related("owner", "team")
    try:
        return fetch(request.user, "change", model, pk, queryset=rows)
    except Http404:
        if request.method != "POST":
            raise
        return fetch(request.user, "change", model, pk, trashed=True, queryset=rows)


def _bound(request: UserRequest, form_class: FormClass, record: Record) -> RecordForm:
    data: QueryDict = request.POST
    if not record._state.adding:
        data = resolve(data, lambda: form_class(instance=record, actor=request.user))
    return form_class(data, instance=record, actor=request.user)


def _save(
    request: UserRequest,
    form: RecordForm,
    stored_version: int,
    after: Callable[[Record], None] | None,
) -> int:
    expected = form.expected_version
    if expected is not None and expected != stored_version:
        return 409
    if not form.is_valid():
        return 422

    def write(record: Record) -> None:
        form.write(record)
        if after:
            release(record)  # whatever it writes
            after(record)
        if (form.was_new or form.moves_access) and not allows(request.user, "view", record):
            raise ActionRefused(_("Saved like this, you would not see it any more yourself."))

    try:
        save_record(form.instance, actor=request.user, write=write, expected_version=expected)
    except Outdated:
        return 409
    except ActionRefused as refusal:
        return _refused(form, refusal, was_new=expected is None)
    return 302


def _refused(form: RecordForm, refusal: ActionRefused, *, was_new: bool) -> int:
    form.add_error(None, str(refusal))
    if was_new:  # the database has taken it back: no page may offer a card that is not there
        record = form.instance
        record.pk, record.number, record._state.adding = None, None, True
    return 422


def _show(
    request: UserRequest,
    form: RecordForm,
    template: str,
    context: dict[str, Any] | None,
    status: int = 200,
) -> HttpResponse:
    page: dict[str, Any] = {"form": form, "record": form.instance} | (context or {})
    if status == 409:
        fresh = type(form.instance).objects.get(pk=form.instance.pk)
        # The page now shows what is stored, so the next post answers that version.
        data: Any = form.data
        form.data = data = data.copy()
        data["version"] = str(fresh.version)
        page |= {
            "differences": differences(type(form)(form.data, instance=fresh, actor=request.user)),
            "last_event": _last_change(fresh),
        }
    return render(request, template, page, status=status)


def _last_change(record: Record) -> Event | None:
    return events_of(record).filter(verb="changed").first()
