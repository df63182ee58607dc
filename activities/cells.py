"""What lists show of an activity, as HTML."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, catalog
from activities.models.activity import card_address
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.ui.renderer import escaped, isolated
from crm.ui.templatetags.ui import avatar, icon, status

UNCLAIMED = _("unclaimed")


def subject_cell(row: Activity) -> str:
    marks = icon("arrow-repeat", str(_("Repeats")), "private") if row.rule or row.series_id else ""
    second = isolated(row.place) if row.place else ""
    return SafeString(
        f'<a class="row-title" href="{row.get_absolute_url()}">{icon(row.symbol)}'
        f" {isolated(row.subject)}</a> {marks}{missed_mark(row)}"
        + (f'<span class="secondary">{second}</span>' if second else "")
    )


def missed_mark(row: Activity) -> str:
    """A series stands in lists with its next date; the one that was missed is a click away."""
    if not (row.is_open and (day := row.missed_on)):
        return ""
    told = escaped(_("overdue: %(day)s") % {"day": date_format(day, "MONTH_DAY_FORMAT")})
    return f' <a class="tag late" href="{card_address(row.pk, day)}">{told}</a>'


def when_of(row: Activity) -> dt.date:
    """A moment, or a day where any time of it will do."""
    if row.is_all_day:
        return row.starts_at.astimezone(row.tz).date()
    return row.starts_at


def status_chip(row: Activity) -> str:
    chip = row.chip
    return status(chip.label, chip.category) if chip else ""


def customer_cell(row: Any) -> str:
    """Of a customer that the reader does not see, nothing (E11)."""
    contact = row.seen_customer
    if contact is None:
        return ""
    return SafeString(f'<a href="{contact.get_absolute_url()}">{isolated(contact.name)}</a>')


def responsible_cell(row: Activity) -> str:
    if row.owner_id is None and row.team:
        told = escaped(str(UNCLAIMED))
        return SafeString(f'{avatar(row.team, with_name=True)} <span class="tag">{told}</span>')
    return avatar(row.owner, with_name=True)


def type_words(row: Activity) -> str:
    return str(catalog().types.get(row.type_id, ""))


def put_customers(rows: Sequence[Any], user: User) -> None:
    """On each as `seen_customer`, if the person sees that one (E11)."""
    keys = {row.customer_id for row in rows if row.customer_id}
    seen = Contact.objects.visible_to(user).in_bulk(keys) if keys else {}
    for row in rows:
        row.seen_customer = seen.get(row.customer_id)
