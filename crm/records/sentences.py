"""What happened, as a sentence: one table for the bell, the mail and the history of a record.

An app adds its verbs while it starts: register_verbs({"closed": Sentence(told=…, here=…)}).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.records.models import Event, Record

SYSTEM = "Bottega"


class Sentence(NamedTuple):
    told: str | Promise  # with {actor} and {record}: read far from the record
    here: str | Promise  # with {actor}: read on the record's own page
    # Where more is to be read of each of these, if the reader may: {key of the event: address}.
    sources: Callable[[Sequence[Event], User], dict[int, str]] | None = None
    # `here` has {others}, too: what the event's changes point at, which are not told besides.
    names_others: bool = False
    # Instead of `told`, to who was told of it, under the bell and by mail.
    to_reader: "Callable[[Event, Any, User], Personal] | None" = None


class Personal(NamedTuple):
    words: str | Promise  # with {actor}, {record} and the keys of `facts`
    facts: Mapping[str, str]


ASSIGNED = Sentence(_("{actor} assigned {record} to you"), _("{actor} assigned this"))
CHANGED = Sentence(_("{actor} changed {record}"), _("{actor} changed this"))
_verbs: dict[str, Sentence] = {
    "created": Sentence(_("{actor} created {record}"), _("{actor} created this")),
    "changed": CHANGED,
    "assigned": ASSIGNED,
    "trashed": Sentence(
        _("{actor} moved {record} to the trash"), _("{actor} moved this to the trash")
    ),
    "restored": Sentence(
        _("{actor} took {record} out of the trash"), _("{actor} took this out of the trash")
    ),
    "opened": Sentence(
        _("{actor} opened {record} as an administrator"),
        _("{actor} opened this as an administrator"),
    ),
    "note": Sentence(_("{actor} wrote a note on {record}"), _("{actor} wrote a note")),
    "email": Sentence(_("{actor} noted an e-mail on {record}"), _("{actor} noted an e-mail")),
    "call": Sentence(_("{actor} noted a phone call on {record}"), _("{actor} noted a phone call")),
    "appointment": Sentence(
        _("{actor} noted an appointment on {record}"), _("{actor} noted an appointment")
    ),
}


def register_verbs(verbs: Mapping[str, Sentence]) -> None:
    """Make verbs of events known. Raises ValueError when another app has the verb already."""
    for verb, sentence in verbs.items():
        if _verbs.setdefault(verb, sentence) != sentence:
            raise ValueError(f"There is already a sentence for {verb!r}.")


def sentence_for(event: Event, record: Record, reader: User) -> Sentence:
    """Who becomes the owner is told that it is theirs now, not that a field has changed."""
    moved = any(change.get("field") == "owner" for change in event.changes)
    if (event.verb == "created" or moved) and record.owner_id == reader.pk != event.actor_id:
        return ASSIGNED
    return _verbs.get(event.verb, CHANGED)


def told(event: Event, record: Record, reader: User) -> SafeString:
    words, facts = _personal(event, record, reader)
    apart = {key: format_html("<bdi>{}</bdi>", value) for key, value in facts.items()}
    record_html = format_html("<bdi>{}</bdi>", record)
    return format_html(str(words), actor=_name(event), record=record_html, **apart)


def told_plainly(event: Event, record: Record, reader: User) -> str:
    """For places without markup: a subject, a text."""
    actor = event.actor.name if event.actor else SYSTEM
    words, facts = _personal(event, record, reader)
    return str(words).format(actor=actor, record=record, **facts)


def told_here(event: Event, others: str = "") -> SafeString:
    """For the history on the record's own page."""
    here = str(_verbs.get(event.verb, CHANGED).here)
    return format_html(here, actor=_name(event), others=others)


def told_of(event: Event, record: Record) -> SafeString:
    """For the history of another record: it leads to the one it speaks of."""
    told = str(_verbs.get(event.verb, CHANGED).told)
    return format_html(told, actor=_name(event), record=link_to(record))


def link_to(record: Record) -> SafeString:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', record.get_absolute_url(), record)


def names_others(event: Event) -> bool:
    return _verbs.get(event.verb, CHANGED).names_others


def sources_of(events: Iterable[Event], reader: User) -> dict[int, str]:
    """{key of the event: the address of what made the change}, for who may see that."""
    asked = defaultdict(list)
    for event in events:
        if sources := _verbs.get(event.verb, CHANGED).sources:
            asked[sources].append(event)
    return {pk: url for sources, rows in asked.items() for pk, url in sources(rows, reader).items()}


def _personal(event: Event, record: Record, reader: User) -> Personal:
    sentence = sentence_for(event, record, reader)
    if sentence.to_reader is None:
        return Personal(sentence.told, {})
    return sentence.to_reader(event, record, reader)


def _name(event: Event) -> SafeString:
    name = event.actor.name if event.actor else SYSTEM
    return format_html("<strong><bdi>{}</bdi></strong>", name)
