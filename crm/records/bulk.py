"""One change to many records: each in a transaction of its own, each asked for the right again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.accounts.models import User
from crm.records.actions import assign_record, tag_record, trash_record
from crm.records.bulk_forms import AssignForm, BulkForm, TagForm
from crm.records.errors import ActionRefused
from crm.records.lists.definition import RecordList
from crm.records.lists.selection import Selection
from crm.records.models import Record, RecordQuerySet, Tag

AT_ONCE = 200  # more than this is done behind the page's back

GO_ON = gettext_lazy("Go on")
Change = Callable[[Any], None]


@dataclass(frozen=True)
class Verb:
    """`prepare(params, actor)` answers what is done to each record; it raises ActionRefused when
    it cannot be done at all. `right` is what each record must allow. `was_done(params, actor)`
    finds records that an earlier run of the same job has changed and `actor` may not any more.

    `form` asks for the params; `what(count)` says what will happen, with %(shown)s records.
    """

    right: str
    title: Any
    prepare: Callable[[dict[str, Any], User], Change]
    said: Callable[[int], str]
    was_done: Callable[[dict[str, Any], User], Q]
    what: Callable[[int], str]
    form: type[BulkForm] | None = None
    submit: Any = GO_ON
    is_danger: bool = False


def _assign(params: dict[str, Any], actor: User) -> Change:
    owner = User.objects.active().filter(pk=params["owner"]).first()
    if owner is None:
        raise ActionRefused(_("This person is not active any more."))
    return lambda record: assign_record(record, owner, actor=actor)


def _tag(params: dict[str, Any], actor: User) -> Change:
    add = list(Tag.objects.filter(pk__in=params["add"]))
    remove = list(Tag.objects.filter(pk__in=params["remove"]))

    return lambda record: tag_record(record, actor=actor, add=add, remove=remove)


def _trash(params: dict[str, Any], actor: User) -> Change:
    return lambda record: trash_record(record, actor=actor)


VERBS = {
    "assign": Verb(
        "change",
        gettext_lazy("Assign to somebody"),
        _assign,
        lambda n: ngettext("%(count)s assigned", "%(count)s assigned", n) % {"count": n},
        lambda params, actor: Q(owner_id=params["owner"], trashed_at__isnull=True),
        lambda n: ngettext(
            "%(shown)s record gets a new owner.", "%(shown)s records get a new owner.", n
        ),
        AssignForm,
    ),
    "tag": Verb(
        "change",
        gettext_lazy("Add or remove tags"),
        _tag,
        lambda n: ngettext("%(count)s tagged", "%(count)s tagged", n) % {"count": n},
        lambda params, actor: Q(pk__in=()),
        lambda n: ngettext(
            "The tags of %(shown)s record change.", "The tags of %(shown)s records change.", n
        ),
        TagForm,
    ),
    "trash": Verb(
        "delete",
        gettext_lazy("Move to the trash"),
        _trash,
        lambda n: (
            ngettext("%(count)s moved to the trash", "%(count)s moved to the trash", n)
            % {"count": n}
        ),
        lambda params, actor: Q(trashed_by=actor),
        lambda n: ngettext(
            "%(shown)s record goes to the trash with all that hangs on it. It can be brought back "
            "until the trash is emptied.",
            "%(shown)s records go to the trash with all that hangs on them. They can be brought "
            "back until the trash is emptied.",
            n,
        ),
        submit=gettext_lazy("Move to trash"),
        is_danger=True,
    ),
}


def verb_named(record_list: type[RecordList], name: str) -> Verb | None:
    """One that every kind has, or that this list declares."""
    return VERBS.get(name) or record_list.bulk.get(name)


def allowed_of(rows: RecordQuerySet, user: User, verb: Verb) -> RecordQuerySet:
    return rows.permitted(user, verb.right)


def frozen(
    record_list: type[RecordList], selection: Selection, verb: Verb, user: User
) -> tuple[list[int], int]:
    """The rows to change in the list's order, and how many seen ones may not be changed.

    Taken once: the change itself may move rows out of the filter that found them.
    """
    rows = selection.rows(record_list, user)
    allowed = list(dict.fromkeys(allowed_of(rows, user, verb).values_list("pk", flat=True)))
    seen = rows.order_by().values("pk").distinct().count()
    return allowed, max(0, seen - len(allowed))


def change_one(
    model: type[Record], pk: int, verb: Verb, change: Change, done: Q, actor: User
) -> bool:
    """False when `actor` has lost the right meanwhile, or the action refuses."""
    with transaction.atomic():
        rows = model.objects.visible_to(actor).permitted(actor, verb.right)
        record = rows.select_for_update(of=("self",)).filter(pk=pk).first()
        if record is None:
            return model.objects.filter(done, pk=pk).exists()
        try:
            change(record)
        except ActionRefused:
            return False
    return True


def change_all(
    model: type[Record], ids: Sequence[int], verb: Verb, params: dict[str, Any], actor: User
) -> int:
    """How many of `ids` are now as asked."""
    change = verb.prepare(params, actor)
    done = verb.was_done(params, actor)
    return sum(change_one(model, pk, verb, change, done, actor) for pk in ids)


def closing_words(verb: Verb, done: int, skipped: int) -> str:
    """ "12 assigned, 3 skipped: no right." """
    if not skipped:
        return _("%(done)s.") % {"done": verb.said(done)}
    return ngettext(
        "%(done)s, %(count)s skipped: no right.", "%(done)s, %(count)s skipped: no right.", skipped
    ) % {"done": verb.said(done), "count": skipped}
