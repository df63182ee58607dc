"""The look's small pieces: {% icon "pencil" %} {% avatar user %} {% status "Open" "planned" %}."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.ui import fields, moments
from crm.ui.renderer import escaped, isolated

register = template.Library()

# These point along the line of reading; everything else keeps its side in right-to-left.
DIRECTED = frozenset(
    {"chevron-left", "chevron-right", "arrow-left", "arrow-right", "box-arrow-right"}
    | {"box-arrow-up-right", "send", "list-task", "arrow-counterclockwise", "arrow-clockwise"}
)
CATEGORIES = frozenset({"planned", "active", "waiting", "done", "not-done", "off"})
NO_COLOR = "c6"


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """An icon of the sprite; with a label it speaks, without it is decoration."""
    return _icon(name, str(label), extra)


# A list page asks for the same few icons, people and statuses hundreds of times. `typed` keeps a
# string marked safe and the same string unmarked apart, so that nothing unescaped is handed out.
@lru_cache(maxsize=1024, typed=True)
def _icon(name: str, label: str, extra: str) -> SafeString:
    classes = f"icon icon-flip {extra}" if name in DIRECTED else f"icon {extra}"
    href = f"{static('icons.svg')}#{name}"
    if label:
        html = '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(html, classes.strip(), label, href)
    html = '<svg class="{}" aria-hidden="true"><use href="{}"/></svg>'
    return format_html(html, classes.strip(), href)


@register.filter
def isolate(name: Any) -> SafeString:
    """A name inside a translated sentence: {% blocktranslate with company=company|isolate %}."""
    return isolated(name)


@register.filter
def breakable(address: Any) -> SafeString:
    """An e-mail address; where it has to be cut in two, then before its @."""
    return SafeString(escaped(address).replace("@", "<wbr>@"))


@register.simple_tag
def field_html(field: Any, wrapper_class: str = "", with_label: bool | str = True) -> SafeString:
    """A field with its label, help and errors; `with_label` is off for False only."""
    return fields.field_html(field, wrapper_class, with_label=with_label is not False)


@register.simple_tag
def avatar(person: Any, with_name: bool = False) -> SafeString:
    """A person's or team's letters on their colour; nothing for nobody."""
    if not person:
        return SafeString("")
    name = getattr(person, "name", "") or str(person)
    letters = getattr(person, "initials", "") or initials_of(name)
    return _avatar(name, letters, getattr(person, "color", "") or NO_COLOR, bool(with_name))


@lru_cache(maxsize=1024, typed=True)
def _avatar(name: str, letters: str, color: str, with_name: bool) -> SafeString:
    if not with_name:
        html = '<span class="avatar {}" role="img" aria-label="{}" title="{}">{}</span>'
        return format_html(html, color, name, name, letters)
    html = (
        '<span class="person"><span class="avatar {}" aria-hidden="true">{}</span>'
        "<bdi>{}</bdi></span>"
    )
    return format_html(html, color, letters, name)


def initials_of(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def status(label: Any, category: str = "off") -> SafeString:
    """A status chip in one of the six categories of the look."""
    return _status(str(label), category if category in CATEGORIES else "off")


@lru_cache(maxsize=1024, typed=True)
def _status(label: str, category: str) -> SafeString:
    return format_html('<span class="status status-{}">{}</span>', category, label)


@register.simple_tag
def when(moment: dt.datetime | dt.date | None) -> SafeString:
    """Relative under a week, the day after that; the exact moment in the tooltip."""
    return teller()(moment)


def teller() -> Callable[[dt.datetime | dt.date | None], SafeString]:
    """`when`, for many moments: the reader's language and zone, and what time it is, are found out
    once, which takes as long as to tell one."""
    language, zone, now = get_language(), timezone.get_current_timezone(), timezone.now()

    def tell(moment: dt.datetime | dt.date | None) -> SafeString:
        if moment is None:
            return SafeString("")
        if not isinstance(moment, dt.datetime):
            words = date_words(moment, now.astimezone(zone).date(), language)
            return SafeString(f'<time datetime="{moment.isoformat()}">{escaped(words)}</time>')
        local = moments.local(moment, zone)
        day = _day_words(local.date(), "DATE_FORMAT", language)
        minute = _minute_words(local.hour, local.minute, language)
        words = moment_words(local, now, language)
        return SafeString(
            f'<time datetime="{moment.isoformat(timespec="seconds")}"'
            f' title="{escaped(f"{day}, {minute}")}">{escaped(words)}</time>'
        )

    return tell


@lru_cache(maxsize=2048)
def _minute_words(hour: int, minute: int, language: str | None) -> str:
    return date_format(dt.datetime(2000, 1, 1, hour, minute), "TIME_FORMAT")  # noqa: DTZ001 - its time alone


def moment_words(local: dt.datetime, now: dt.datetime, language: str | None) -> str:
    """As in "12 min ago", "Today 09:12", "Yesterday", "Fri 20 Nov", "3 Mar 2025"."""
    minutes = int((now - local).total_seconds() // 60)
    if 0 <= minutes < 1:
        return _("just now")
    if 0 < minutes < 60:
        return ngettext("%(count)s min ago", "%(count)s min ago", minutes) % {"count": minutes}
    if 0 < minutes < 6 * 60:
        hours = minutes // 60
        return ngettext("%(count)s h ago", "%(count)s h ago", hours) % {"count": hours}
    today = now.astimezone(local.tzinfo).date()
    if local.date() == today:
        return _("Today %(time)s") % {"time": _minute_words(local.hour, local.minute, language)}
    return date_words(local.date(), today, language)


def date_words(day: dt.date, today: dt.date, language: str | None) -> str:
    match (day - today).days:
        case 0:
            return _("Today")
        case 1:
            return _("Tomorrow")
        case -1:
            return _("Yesterday")
    is_near = abs((day - today).days) < 300 and day.year == today.year
    return _day_words(day, "D j M" if is_near else "j M Y", language)


@lru_cache(maxsize=2048)
def _day_words(day: dt.date, pattern: str, language: str | None) -> str:
    """Django reads the pattern anew for every date; a list has fifty of the same few days."""
    return date_format(day, pattern)


@register.simple_tag(takes_context=True)
def frame_part(context: template.Context, name: str) -> SafeString:
    """A part of the frame that is the same for everybody with the same rights, language and
    module: rendered once per process, as every page pays for the frame."""
    frame = context.get("frame")
    if frame is None or settings.DEBUG:
        return SafeString(get_template(name).render({"frame": frame}))
    key = (name, *frame.parts_key)
    if key not in _parts:
        if len(_parts) > PARTS_KEPT:
            _parts.clear()
        _parts[key] = SafeString(get_template(name).render({"frame": frame}))
    return _parts[key]


_parts: dict[tuple[Any, ...], SafeString] = {}
PARTS_KEPT = 500


@register.simple_tag
def setting(name: str) -> Any:
    """One of the few settings a page may show."""
    shown = ("MAX_UPLOAD_MB", "TRASH_DAYS", "DATA_UPLOAD_MAX_MEMORY_SIZE")
    return {known: getattr(settings, known) for known in shown}[name]
