"""What every record carries, and the one filter that says who sees it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.accounts.rights import Scope, scope_for
from crm.records.models.row_sql import RowWhere
from crm.records.models.tag import Tag
from crm.ui.rows import QuickRow

OWN = "{row}.owner_id = %s"
FREE = "NOT {row}.is_restricted"
OF_TEAMS = "{row}.team_id = ANY(%s)"
LISTED = """{row}.is_restricted AND EXISTS(
    SELECT FROM {table} AS viewer WHERE viewer.{record}_id = {row}.id AND viewer.user_id = %s)"""


@dataclass(frozen=True)
class Matches:
    rows: list[Any]
    are_near: bool = False


class RecordQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def permitted(self, user: User, action: str) -> Self:
        """Rows on which `user` may do `action` (view, change, delete, export), trash included."""
        return self.filter(self.permission(user, action))

    def permission(self, user: User, action: str) -> RowWhere:
        """The condition behind all of that.

        The role's scope, and then the record's own restriction (E11): a restricted record is for
        its owner, its listed viewers and administrators, whatever the role says.
        """
        return RowWhere.any_of(self.doors(user, action))

    def doors(self, user: User, action: str) -> list[RowWhere]:
        """The permission in parts, any one of which is enough; an index finds each by itself."""
        scope = scope_for(user, action, self._record.kind)
        if scope is Scope.NONE:
            return []
        if user.is_administrator:
            return [RowWhere("TRUE")]
        own, listed = RowWhere(OWN, user.pk), self._listed(user)
        if scope is Scope.ALL:
            return [RowWhere.any_of([RowWhere(FREE), listed, own])]
        if action == "view":
            # Being listed on a restricted record shows it (F0.8), but gives no other right.
            doors, open_to_team = [own, listed], RowWhere(FREE)
        else:
            doors, open_to_team = [own], RowWhere.any_of([RowWhere(FREE), listed])
        if scope is Scope.TEAM:
            of_team = f"{OF_TEAMS} AND ({open_to_team.sql})"
            doors.append(RowWhere(of_team, list(user.team_ids), *open_to_team.params))
        return doors

    def visible_to(self, user: User) -> Self:
        """Where every list, search, count, report, export, feed, mail and API answer starts."""
        return self.alive().permitted(user, "view")

    def read_without_a_note(self, user: User) -> Self:
        """Those that an administrator, too, reads without it being written down: a restricted
        record of others is opened by its own door, which notes it (E11)."""
        if not user.is_administrator:
            return self
        noted = [RowWhere(FREE), RowWhere(OWN, user.pk), self._listed(user)]
        return self.filter(RowWhere.any_of(noted))

    def matching(self, text: str) -> Self:
        """Rows that `text` finds. Kinds with names of their own look further than the code."""
        words = text.split()
        return self.filter(number__istartswith=words[0]) if words else self

    def best_matches(self, text: str, limit: int) -> list[Any]:
        """The first of what `matching` finds: those that `text` names most exactly (E5)."""
        return list(self.matching(text).order_by("number")[:limit])

    def near_misses(self, text: str, limit: int, *, of_some_words: bool = False) -> list[Any]:
        """What may have been meant where nothing matches, the likest first: names with a typing
        error in each word, or those that are as like for some of the words."""
        return []

    def looked_for(self, text: str, limit: int) -> Matches:
        """What every search box shows: the best matches, or near misses where there are none."""
        if rows := self.best_matches(text, limit):
            return Matches(rows)
        return Matches(self.similar(text, limit), are_near=True)

    def similar(self, text: str, limit: int) -> list[Any]:
        """Near misses of all its words or, if there are none, of some."""
        found = self.near_misses(text, limit)
        return found or self.near_misses(text, limit, of_some_words=True)

    def in_parts(self, parts: Sequence[Mapping[str, str]]) -> Self:
        """All of these rows, of which a search shows those of each part apart. Kinds with names of
        their own find as many in each as they are asked for."""
        return self.all()

    def successors(self, keys: Iterable[int]) -> dict[int, int]:
        """Of records that became part of another one: {former key: key now}."""
        return {}

    @classmethod
    def is_vague(cls, text: str) -> bool:
        """Does `text` say so little that counting all it finds would take longer than finding a
        page of it?"""
        return False

    @property
    def _record(self) -> Any:
        """The model, as what it always is: a Record."""
        return self.model

    def _listed(self, user: User) -> RowWhere:
        table = self._record.viewers.through._meta.db_table
        sql = LISTED.format(table=table, record=self._record._meta.model_name, row="{row}")
        return RowWhere(sql, user.pk)


class HistoryPart(NamedTuple):
    """Other records whose events belong to the history of one as well."""

    key: str  # its name in an address
    label: str | Promise
    rows: RecordQuerySet  # starts at visible_to: what the reader does not see tells them nothing
    is_said_only: bool = False  # notes, calls, mails and appointments, but no changes


class Tie(NamedTuple):
    """Why somebody sees a record besides owner, team and list; `may` are actions."""

    reason: str
    may: frozenset[str]


class Record(QuickRow):
    """Base of everything with a card of its own. Subclasses are found by `record_kinds()`."""

    kind: ClassVar[str]
    number_format: ClassVar[str] = "{n:05}"
    icon: ClassVar[str] = "file-earmark"

    number = models.CharField(_("code"), max_length=40, unique=True, null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("owner"),
        related_name="+",
        null=True,
        blank=True,
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, verbose_name=_("team"), related_name="+", null=True, blank=True
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="+")
    is_restricted = models.BooleanField(
        _("restrict access"),
        default=False,
        help_text=_("Only the owner, the people listed here and administrators see it."),
    )
    viewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("people with access"),
        blank=True,
        related_name="+",
    )
    custom = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("created by"),
        related_name="+",
        null=True,
        editable=False,
    )
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, editable=False)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("put there by"),
        related_name="+",
        null=True,
        editable=False,
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError  # every kind of record has a card

    @property
    def symbol(self) -> str:
        """The icon of this one record; its kind's, unless a subclass looks closer."""
        return self.icon

    @property
    def secondary(self) -> str:
        """What tells it from others of the same name, beside its code."""
        return ""

    @property
    def is_trashed(self) -> bool:
        return self.trashed_at is not None

    def after_write(self) -> None:
        """Bring columns computed from other tables up to date; called inside every save."""

    def after_assigning(self) -> None:
        """The same after a list gave it another owner, which writes nothing else."""

    def after_trashing(self) -> None:
        """The same after it went to the trash or came back."""

    def trashed_along(self) -> "list[Record]":
        """Records that go to the trash with it."""
        return []

    def restored_along(self, since: datetime) -> "list[Record]":
        """Those that went with it when it went, at `since`."""
        return []

    def is_in_team_of(self, user: User) -> bool:
        """Is it theirs as far as a role's right reaches to the teams?"""
        return self.team_id in user.team_ids

    def team_members(self) -> set[int]:
        """Keys of all for whom that is so."""
        return set(self.team.members.values_list("pk", flat=True)) if self.team else set()

    def ties(self, people: Sequence[User]) -> dict[int, list[Tie]]:
        """What lets each of `people` see it for a reason of its own kind: {key: why}. It is what
        the queryset's `doors` of its kind add."""
        return {}

    @property
    def held_rows(self) -> dict[str, Any]:
        """{relation: its rows}, read or made once for all who ask (records/held.py). They lie where
        Django keeps what it prefetched."""
        held: dict[str, Any] = vars(self).setdefault("_prefetched_objects_cache", {})
        return held

    def rows_of(self, relation: str) -> Any:
        """Rows of another table: those it holds, else those that are stored. A manager made just to
        find that they are held took a twentieth of an import."""
        held = self.held_rows
        return held[relation] if relation in held else getattr(self, relation).all()

    def compute(self) -> None:
        """Set every column that saving computes, from the rows it holds; stores nothing."""

    def extra_snapshot(self) -> dict[str, Any]:
        """Facts kept in other tables that the timeline should follow: {name: display texts}.

        Another record among them is {"kind", "pk", "text"}, never its name: the name is read when
        the line is shown: nobody reads what they may not see (E11), and a purge leaves none (E13).
        """
        return {}

    @classmethod
    def words_of(cls, field: str) -> Callable[[Any], str] | None:
        """What puts a value of this field, as the history keeps it, into words of a kind's own."""
        return None

    def followed(self) -> tuple[str, ...]:
        """The relations that extra_snapshot reads, so that a save reads them once."""
        return ()

    def history_parts(self, reader: User) -> list[HistoryPart]:
        """Whose events belong to its history besides its own. No record is in two parts."""
        return []


def record_kinds() -> dict[str, type[Record]]:
    """Every concrete kind of record by its `kind`, found by subclass."""
    models = (model for model in apps.get_models() if issubclass(model, Record))
    return {model.kind: model for model in sorted(models, key=lambda model: model.kind)}
