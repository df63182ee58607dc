"""The answer to what was sent and could not be read."""

import json

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
CHUNK, MOST_CHUNKS = 64 * 1024, 1024


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for a form that is too large; the browser has refused it before, where it could."""
    if not isinstance(exception, TOO_MUCH):
        return defaults.bad_request(request, exception)
    _read_on(request)
    if request.headers.get("HX-Request"):
        told = _("This is too long to be saved at once. What you typed is still here: shorten it.")
        response = HttpResponse(status=413)
        response["HX-Trigger"] = json.dumps({"toast": {"text": told, "level": "error"}})
        return response
    return render(request, "413.html", status=413)


def _read_on(request: HttpRequest) -> None:
    """A browser that is cut off while it sends shows an error of its own, and not our page."""
    try:
        for _chunk in range(MOST_CHUNKS):
            if not request.read(CHUNK):
                return
    except UnreadablePostError:
        return  # it has gone by itself
