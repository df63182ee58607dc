"""Moments on the reader's clock."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def local(moment: dt.datetime, zone: dt.tzinfo | None = None) -> dt.datetime:
    """`moment` in `zone`, by default the active one; as it is where that zone has no such day: in
    the first hours of the year 1 and the last ones of 9999, which people do type."""
    try:
        return timezone.localtime(moment, zone)
    except (OverflowError, ValueError):
        return moment


SMALL = ("it", "ro")  # languages in which days and months are no names


def in_sentence(words: str) -> str:
    """A date in the middle of a sentence: Django writes its days and months with capitals."""
    return words.lower() if (get_language() or "").startswith(SMALL) else words


def day_words(day: dt.date, *, with_year: bool = True) -> str:
    """ "Thursday 26 November 2026", within a sentence."""
    return in_sentence(date_format(day, "l j F Y" if with_year else "l j F"))
