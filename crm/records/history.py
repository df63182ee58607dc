"""Reading the timeline of a record, and putting its changes into words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.models import Event, Record, custom_fields, record_kinds
from crm.records.sentences import source_of, told_here
from crm.ui.moments import local

Place = tuple[str, int]
Names = dict[Place, str]
Words = Callable[[Any], str]

ENTRY_ICONS = {
    Event.Entry.NOTE: "journal-text",
    Event.Entry.EMAIL: "envelope",
    Event.Entry.CALL: "telephone",
    Event.Entry.APPOINTMENT: "calendar-event",
}
VERB_ICONS = {
    "created": "plus-lg",
    "changed": "pencil",
    "trashed": "trash",
    "restored": "arrow-counterclockwise",
}


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """An event as `reader` may see it."""

    event: Event
    sentence: SafeString
    icon: str
    changes: list[Change]
    source_url: str = ""

    @property
    def is_late(self) -> bool:
        """Written down on another day than it happened: both days are worth showing."""
        return local(self.event.at).date() != local(self.event.happened_at).date()


def events_of(record: Record) -> models.QuerySet[Event]:
    """Newest first. The caller has the record, so may see its history."""
    events = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=record.pk
    )
    return events.select_related("actor").order_by("-happened_at", "-pk")


def lines_of(model: type[Record], events: Iterable[Event], reader: User) -> list[Line]:
    """Events in words; one statement for each kind of record that their changes name."""
    rows = list(events)
    names = names_seen_by(reader, rows)
    return [
        Line(
            event,
            told_here(event),
            icon_of(event),
            changes_in_words(model, event, names),
            source_of(event, reader),
        )
        for event in rows
    ]


def icon_of(event: Event) -> str:
    if event.entry in ENTRY_ICONS:
        return ENTRY_ICONS[Event.Entry(event.entry)]
    if event.verb.startswith("document"):
        return "paperclip"
    if event.verb.startswith("import"):
        return "upload"
    return VERB_ICONS.get(event.verb, "clock-history")


def names_seen_by(reader: User, events: Iterable[Event]) -> Names:
    """Names of the records that changes point at, as far as `reader` may see them (E11)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for change in event.changes:
            for value in (change.get("old"), change.get("new")):
                for item in value if isinstance(value, list) else ():
                    if isinstance(item, dict):
                        wanted[item["kind"]].add(item["pk"])
    kinds = record_kinds()
    return {
        (kind, row.pk): str(row)
        for kind, pks in wanted.items()
        if kind in kinds
        for row in kinds[kind].objects.visible_to(reader).filter(pk__in=pks)
    }


def changes_in_words(model: type[Record], event: Event, names: Names) -> list[Change]:
    """What an event changed, in the reader's language."""
    definitions = {field.form_name: field for field in custom_fields(model.kind)}
    found = []
    for change in event.changes:
        name, old, new = change["field"], change.get("old"), change.get("new")
        if name in definitions:
            field = definitions[name]
            found.append(Change(str(field), field.display(old), field.display(new)))
        else:
            label, words = _known(model, name, names)
            old, new = _only_different(old, new)
            found.append(Change(label, words(old), words(new)))
    return found


def _only_different(old: Any, new: Any) -> tuple[Any, Any]:
    """Of two lists, what went and what came; all of both when only their order differs."""
    if not (isinstance(old or [], list) and isinstance(new or [], list)):
        return old, new
    before, after = old or [], new or []
    gone = [item for item in before if item not in after]
    come = [item for item in after if item not in before]
    return (gone, come) if gone or come else (before, after)


def _known(model: type[Record], name: str, names: Names) -> tuple[str, Words]:
    def plain(value: Any) -> str:
        return _value(value, names)

    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name.removeprefix("custom_"), plain  # a field that is not there any more
    if field.is_relation and (field.one_to_many or field.many_to_many) and field.auto_created:
        rows: Any = field.related_model
        return capfirst(str(rows._meta.verbose_name_plural)), plain
    choices = dict(getattr(field, "flatchoices", None) or ())
    label = capfirst(str(getattr(field, "verbose_name", name)))

    def chosen(value: Any) -> str:
        known = choices.get(value) if isinstance(value, (str, int)) else None
        return str(known) if known else plain(value)

    return label, chosen


def _value(value: Any, names: Names) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return "; ".join(_value(item, names) for item in value)
        case {"kind": kind, "pk": pk, **rest}:
            name = names.get((kind, pk))
            if not name:
                return _("(not for you, or not there any more)")
            return " · ".join(part for part in (name, str(rest.get("text", ""))) if part)
        case str() if len(value) >= 10 and (day := _as_date(value)):
            return day
    return str(value)


def _as_date(text: str) -> str:
    try:
        moment: dt.date | None = parse_datetime(text) or parse_date(text)
    except ValueError:
        return ""
    if isinstance(moment, dt.datetime):
        shown = local(moment) if is_aware(moment) else moment
        return date_format(shown, "SHORT_DATETIME_FORMAT")
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else ""
