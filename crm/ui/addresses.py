"""Addresses of records: a list has a hundred of them, and reversing each takes Django a while."""

from functools import cache

from django.urls import reverse

MARK = 4_611_686_018_427_387_904  # stands where the number of the record comes


def record_address(name: str, pk: int) -> str:
    """reverse(name, args=[pk]) for a pattern whose only argument is a record's number."""
    before, after = _around(name)
    return f"{before}{pk:d}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _mark, after = reverse(name, args=[MARK]).partition(str(MARK))
    return before, after
