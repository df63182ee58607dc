"""The address of a list, made here and never taken from a form: nobody is sent elsewhere."""

from django.http import QueryDict
from django.urls import reverse

from crm.records.lists.definition import list_of
from crm.records.lists.selection import LONGEST_QUERY


def list_url(kind: str, query: str = "", view: int | str = "") -> str:
    """`query` is a query string as a page sent it; `view` replaces the one in it."""
    params = QueryDict(query.replace("\0", "") if len(query) <= LONGEST_QUERY else "", mutable=True)
    for name in ("partial", "panel", *(["view"] if view else [])):
        params.pop(name, None)
    if view and not (view == "none" and params):
        params["view"] = str(view)
    address = reverse(list_of(kind).url_name)
    return f"{address}?{params.urlencode()}" if params else address
