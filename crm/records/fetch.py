"""One record for a view: unseen is 404, barred is 403."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.rights import Scope, scope_for
from crm.records.access import Standing
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
    try:
        record = rows.get()
    except model.DoesNotExist:
        raise Http404(_("There is nothing here, or it is not for you.")) from None
    if action != "view" and not allows(user, action, record):
        raise PermissionDenied(_("You may see this, but not change it."))
    note_opening(record, actor=user)  # here, because every door to a record leads through here
    return record


def allows(user: User, action: str, record: Record) -> bool:
    """The rule of `permitted`, of a record that was read: only who sees somebody else's restricted
    one has to be asked for."""
    scope = scope_for(user, action, record.kind)
    if scope is Scope.NONE:
        return False
    is_others = record.is_restricted and record.owner_id != user.pk
    is_listed = is_others and record.viewers.filter(pk=user.pk).exists()
    standing = Standing.to(record, user, is_listed=is_listed)
    if standing.reaches(scope, action, record.is_restricted):
        return True
    return any(action in tie.may for tie in record.ties([user]).get(user.pk, ()))


def with_rights(rows: RecordQuerySet, user: User, *actions: str) -> RecordQuerySet:
    """Each row says as `may_change`, `may_delete` … whether `user` may do it."""
    return rows.annotate(**{f"may_{action}": rows.permission(user, action) for action in actions})


def model_of(kind: str) -> type[Record]:
    """The model of a kind named in a URL; Http404 for a kind that does not exist."""
    try:
        return record_kinds()[kind]
    except KeyError:
        raise Http404 from None
