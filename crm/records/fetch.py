"""One record for a view: unseen is 404, barred is 403."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.rights import Scope, scope_for
from crm.records.actions.opening import note_opening
from crm.records.models import Record, RecordQuerySet, record_kinds

R = TypeVar("R", bound=Record)


def fetch(
    user: User,
    action: str,
    model: type[R],
    pk: int,
    *,
    trashed: bool = False,
    queryset: RecordQuerySet | None = None,
) -> R:
    """The record, if `user` sees it (else Http404) and may do `action` (else PermissionDenied).

    `trashed=True` looks in the trash instead. `queryset` carries select_related and the like.
    """
    rows = model.objects.all() if queryset is None else queryset
    rows = rows.trashed() if trashed else rows.alive()
    rows = rows.permitted(user, "view").filter(pk=pk)
    # Who may do it to all needs no look: what they see passed the restriction already.
    is_free = action == "view" or scope_for(user, action, model.kind) == Scope.ALL
    if not is_free:  # in the same statement
        rows = with_rights(rows, user, action)
    try:
        record = rows.get()
    except model.DoesNotExist:
        raise Http404(_("There is nothing here, or it is not for you.")) from None
    if not is_free and not getattr(record, f"may_{action}"):
        raise PermissionDenied(_("You may see this, but not change it."))
    note_opening(record, actor=user)  # here, because every door to a record leads through here
    return record


def allows(user: User, action: str, record: Record) -> bool:
    return type(record).objects.permitted(user, action).filter(pk=record.pk).exists()


def with_rights(rows: RecordQuerySet, user: User, *actions: str) -> RecordQuerySet:
    """Each row says as `may_change`, `may_delete` … whether `user` may do it."""
    return rows.annotate(
        **{
            f"may_{action}": ExpressionWrapper(
                rows.permission(user, action), output_field=BooleanField()
            )
            for action in actions
        }
    )


def model_of(kind: str) -> type[Record]:
    """The model of a kind named in a URL; Http404 for a kind that does not exist."""
    try:
        return record_kinds()[kind]
    except KeyError:
        raise Http404 from None
