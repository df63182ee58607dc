"""Saved views of a list, and which columns it shows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.http import UserRequest
from crm.records.actions import saved_views as actions
from crm.records.errors import ActionRefused
from crm.records.lists.addresses import list_url
from crm.records.lists.definition import list_of
from crm.records.lists.selection import clean_columns, clean_query
from crm.records.models import SavedView
from crm.records.refusals import refusals_as_messages
from crm.records.view_forms import SavedViewForm
from crm.records.views.steps import Step, leave_to, show_step


@require_http_methods(["GET", "POST"])
def view_save(request: UserRequest, kind: str) -> HttpResponse:
    """Keep the list as it is shown (`query`, `columns`) under a name; `view` is copied."""
    list_of(kind)
    sent = request.POST if request.method == "POST" else request.GET
    query, columns = clean_query(sent.get("query", "")), sent.get("columns", "")
    view = SavedView(kind=kind, owner=request.user, query=query)
    view.columns = list(clean_columns(columns.split(",")))
    fields = [("query", query), ("columns", ",".join(view.columns))]
    copied = _copied(request, kind, sent.get("view", ""))
    if copied and not sent.get("query") and not columns:
        view.query, view.columns = copied.query, copied.columns
        fields = [("view", str(copied.pk))]
    back = list_url(kind, query, view=copied.pk if copied else "")
    step = Step(
        title=_("Save as a view"),
        action=reverse("view_save", args=[kind]),
        submit=_("Save"),
        back=back,
        text=_("Keeps the filters, the order and the columns that the list shows now."),
        fields=fields,
    )
    return _name_it(request, view, step)


@require_http_methods(["GET", "POST"])
def view_edit(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Its name, its team, whether the list opens with it."""
    view = _own(request, kind, pk)
    step = Step(
        title=_("Edit view"),
        action=reverse("view_edit", args=[kind, pk]),
        submit=_("Save"),
        back=list_url(kind, view=pk),
    )
    return _name_it(request, view, step)


def _name_it(request: UserRequest, view: SavedView, step: Step) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SavedViewForm(data, instance=view, actor=request.user)
    step = Step(**(vars(step) | {"form": form}))
    if data is None:
        return show_step(request, step)
    if form.is_valid():
        try:
            form.keep()
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return leave_to(request, list_url(view.kind, view=view.pk))
    return show_step(request, step, status=422)


@require_POST
def view_update(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Make an own view hold what the list shows now."""
    view = _own(request, kind, pk)
    view.query = clean_query(request.POST.get("query", ""))
    view.columns = list(clean_columns(request.POST.get("columns", "").split(",")))
    with refusals_as_messages(request):
        actions.keep_view(view, actor=request.user)
        messages.success(request, _("The view now holds what you see."))
    return leave_to(request, list_url(kind, view=pk))


@require_POST
def view_default(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    view = _own(request, kind, pk)
    wanted = request.POST.get("wanted") == "1"
    actions.open_with_view(view, actor=request.user, wanted=wanted)
    told = _("The list now opens with this view.") if wanted else _("The list opens without it.")
    messages.success(request, told)
    return leave_to(request, list_url(kind, view=pk))


@require_POST
def view_delete(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    view = _own(request, kind, pk)
    actions.delete_view(view, actor=request.user)
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return leave_to(request, list_url(kind))


@require_POST
def columns_choose(request: UserRequest, kind: str) -> HttpResponse:
    """The ticked columns in their order; `reset` goes back to what everybody starts with."""
    record_list = list_of(kind)
    known = {column.key for column in record_list.all_columns()}
    chosen = [key for key in clean_columns(request.POST.getlist("column")) if key in known]
    view = _copied(request, kind, request.POST.get("view", ""))
    columns = [] if "reset" in request.POST else chosen
    actions.choose_columns(view, kind, columns, actor=request.user)
    back = request.POST.get("back", "")
    if view and view.owner_id != request.user.pk:
        # Somebody else's view keeps its columns: go on with the same filters, without the view.
        return leave_to(request, list_url(kind, request.POST.get("query", ""), view="none"))
    return leave_to(request, list_url(kind, back, view=view.pk if view else ""))


def _own(request: UserRequest, kind: str, pk: int) -> SavedView:
    """Unseen is 404; somebody else's shared view is seen, but barred."""
    list_of(kind)
    view = SavedView.objects.for_user(request.user, kind).exclude(name="").filter(pk=pk).first()
    if view is None:
        raise Http404
    if view.owner_id != request.user.pk:
        raise PermissionDenied(_("Only its owner changes this view; copy it to have your own."))
    return view


def _copied(request: UserRequest, kind: str, asked: str) -> SavedView | None:
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return SavedView.objects.for_user(request.user, kind).filter(pk=int(asked)).first()
