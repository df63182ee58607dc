"""Reading the timeline of a record, and putting its changes into words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.records.models import Event, Record, custom_fields


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


def events_of(record: Record) -> models.QuerySet[Event]:
    """Newest first. The caller has the record, so may see its history."""
    events = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=record.pk
    )
    return events.select_related("actor").order_by("-happened_at", "-pk")


def changes_in_words(model: type[Record], event: Event) -> list[Change]:
    """What an event changed, in the reader's language."""
    definitions = {field.form_name: field for field in custom_fields(model.kind)}
    found = []
    for change in event.changes:
        name, old, new = change["field"], change.get("old"), change.get("new")
        if name in definitions:
            field = definitions[name]
            found.append(Change(str(field), field.display(old), field.display(new)))
        else:
            label, as_text = _known(model, name)
            found.append(Change(label, as_text(old), as_text(new)))
    return found


def _known(model: type[Record], name: str) -> tuple[str, Any]:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name, _value
    if field.is_relation and (field.one_to_many or field.many_to_many) and field.auto_created:
        plural = field.related_model._meta.verbose_name_plural
        return str(plural).capitalize(), _value
    choices = dict(getattr(field, "flatchoices", None) or ())
    label = str(getattr(field, "verbose_name", name)).capitalize()
    return label, lambda value: str(choices.get(value, "")) or _value(value)


def _value(value: Any) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return "; ".join(str(item) for item in value)
        case str() if len(value) >= 10 and (day := _as_date(value)):
            return day
    return str(value)


def _as_date(text: str) -> str:
    try:
        moment: dt.date | None = parse_datetime(text) or parse_date(text)
    except ValueError:
        return ""
    if moment is None:
        return ""
    is_day = not isinstance(moment, dt.datetime)
    return date_format(moment, "SHORT_DATE_FORMAT" if is_day else "SHORT_DATETIME_FORMAT")
