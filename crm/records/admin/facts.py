"""Facts of records for administrators, in words: names instead of keys."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.records.card import custom_shown
from crm.records.models import Pointer, Record


@admin.display(description=_("record"))
def record_link(row: Pointer) -> SafeString | str:
    """For `list_display` and `fields` of a pointer; the list prefetches `record`."""
    record: Any = row.record
    if not isinstance(record, Record):
        return "–"
    if record.is_trashed:
        return format_html("<bdi>{}</bdi> ({})", record, _("in the trash"))
    return format_html('<a href="{}"><bdi>{}</bdi></a>', record.get_absolute_url(), record)


@admin.display(description=_("custom fields"), empty_value="–")
def custom_facts(record: Record) -> SafeString | None:
    """One line a custom field that is filled in."""
    return format_html_join("", "<div>{}: <bdi>{}</bdi></div>", custom_shown(record)) or None
