"""Every address of the house, with its places filled in."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

# Where the code of the product is.
ROOMS = ("activities", "crm")
# Other people's code under test elsewhere, or not about records.
SKIPPED_PREFIXES = ("admin/", "static/")


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(whole route, pattern) of every address that is ours."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(SKIPPED_PREFIXES):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def addresses(values: dict[str, list[Any]]) -> Iterator[str]:
    """Every address with each combination of `values` {parameter name: candidates}.

    Fails when an address has a parameter that nobody gave values for: a new kind of address must
    say what to put there.
    """
    for route, entry in patterns():
        names = sorted(entry.pattern.converters)
        unknown = [name for name in names if name not in values]
        assert not unknown, f"{route}: give tests/house values for {unknown}"
        if not entry.name:
            continue
        for chosen in product(*(values[name] for name in names)):
            try:
                yield reverse(entry.name, kwargs=dict(zip(names, chosen, strict=True)))
            except NoReverseMatch:
                continue
