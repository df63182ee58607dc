"""Reading the timeline of a record, and putting its changes into words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format, time_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.models import Event, Record, RecordQuerySet, custom_fields, record_kinds
from crm.records.sentences import link_to, names_others, sources_of, told_here, told_of
from crm.records.together import read_together
from crm.ui.moments import local

Place = tuple[str, int]
Seen = dict[Place, Record]
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
    record: Record | None  # whose history it is, if it is told in another's
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


def lines_of(home: Record, events: Iterable[Event], reader: User) -> list[Line]:
    """Events in words, for the history of `home`; one statement for all the records they name.

    An event of a record that `reader` does not see (any more) is left out.
    """
    rows = list(events)
    seen, sources = records_seen_by(reader, home, rows), sources_of(rows, reader)
    lines = []
    for event in rows:
        kind, _pk = place = place_of(event)
        other = seen.get(place)
        if other or place == (home.kind, home.pk):
            sentence = told_of(event, other) if other else told_here(event, _others(event, seen))
            is_told = other is None and names_others(event)
            changes = [] if is_told else changes_in_words(record_kinds()[kind], event, seen)
            source = sources.get(event.pk, "")
            lines.append(Line(event, sentence, icon_of(event), changes, other, source))
    return lines


def _others(event: Event, seen: Seen) -> SafeString:
    """What its changes point at, with links to those that the reader sees."""
    hidden = _("another one (not for you, or not there any more)")
    pointed = [(kind, pk) for kind, pks in _pointed_at([event]).items() for pk in sorted(pks)]
    words = [(link_to(seen[place]) if place in seen else hidden,) for place in pointed]
    return format_html_join(", ", "{}", words)


def place_of(event: Event) -> Place:
    model: Any = ContentType.objects.get_for_id(event.content_type_id).model_class()
    return model.kind, event.object_id


def icon_of(event: Event) -> str:
    if event.entry in ENTRY_ICONS:
        return ENTRY_ICONS[Event.Entry(event.entry)]
    if event.verb.startswith("document"):
        return "paperclip"
    if event.verb.startswith("import"):
        return "upload"
    return VERB_ICONS.get(event.verb, "clock-history")


def records_seen_by(reader: User, home: Record, events: Iterable[Event]) -> Seen:
    """Whose events they are, but for `home`, and what their changes point at, as far as `reader`
    may see it (E11)."""
    rows = list(events)
    wanted = _pointed_at(rows)
    for kind, pk in map(place_of, rows):
        if (kind, pk) != (home.kind, home.pk):
            wanted[kind].add(pk)
    return _seen(reader, wanted)


def changed_seen_by(reader: User, events: Iterable[Event]) -> Seen:
    """Only what their changes point at."""
    return _seen(reader, _pointed_at(events))


def _pointed_at(events: Iterable[Event]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for change in event.changes:
            for value in (change.get("old"), change.get("new")):
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, dict):
                        wanted[item["kind"]].add(item["pk"])
    return wanted


def _seen(reader: User, wanted: dict[str, set[int]]) -> Seen:
    kinds = record_kinds()
    rows = {kind: kinds[kind].objects.visible_to(reader) for kind in wanted if kind in kinds}
    found = read_together({kind: rows[kind].filter(pk__in=wanted[kind]) for kind in rows})
    seen = {(kind, row.pk): row for kind in rows for row in found[kind]}
    for kind, visible in rows.items():
        seen |= _heirs(kind, visible, wanted[kind] - {row.pk for row in found[kind]})
    return seen


def _heirs(kind: str, visible: RecordQuerySet, missing: set[int]) -> Seen:
    """Who became part of another one is named as that one."""
    now = visible.successors(missing) if missing else {}
    known = {row.pk: row for row in visible.filter(pk__in=now.values())} if now else {}
    return {(kind, pk): known[heir] for pk, heir in now.items() if heir in known}


def changes_in_words(model: type[Record], event: Event, seen: Seen) -> list[Change]:
    """What an event changed, in the reader's language."""
    definitions = {field.form_name: field for field in custom_fields(model.kind)}
    found = []
    for change in event.changes:
        name, old, new = change["field"], change.get("old"), change.get("new")
        if name in definitions:
            field = definitions[name]
            found.append(Change(str(field), field.display(old), field.display(new)))
        else:
            label, words = _known(model, name, seen)
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


def _known(model: type[Record], name: str, seen: Seen) -> tuple[str, Words]:
    def plain(value: Any) -> str:
        return _value(value, seen)

    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name.removeprefix("custom_"), plain  # a field that is not there any more
    if field.is_relation and (field.one_to_many or field.many_to_many) and field.auto_created:
        rows: Any = field.related_model
        return capfirst(str(rows._meta.verbose_name_plural)), plain
    choices = dict(getattr(field, "flatchoices", None) or ())
    label = capfirst(str(getattr(field, "verbose_name", name)))
    if own := model.words_of(name):
        return label, lambda value: own(value) if value else ""
    if isinstance(field, models.TimeField):
        return label, _time

    def chosen(value: Any) -> str:
        known = choices.get(value) if isinstance(value, (str, int)) else None
        return str(known) if known else plain(value)

    return label, chosen


def _value(value: Any, seen: Seen) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return "; ".join(_value(item, seen) for item in value)
        case {"kind": kind, "pk": pk, **rest}:
            record = seen.get((kind, pk))
            if not record:
                return _("(not for you, or not there any more)")
            return " · ".join(part for part in (str(record), str(rest.get("text", ""))) if part)
        case str() if len(value) >= 10 and (day := _as_date(value)):
            return day
    return str(value)


def _time(value: str | None) -> str:
    time = parse_time(value) if value else None
    return time_format(time) if time else ""


def _as_date(text: str) -> str:
    try:
        moment: dt.date | None = parse_date(text) or parse_datetime(text)
    except ValueError:
        return ""
    if isinstance(moment, dt.datetime):
        shown = local(moment) if is_aware(moment) else moment
        return date_format(shown, "SHORT_DATETIME_FORMAT")
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else ""
