"""The list of activities and e-mails, a tab beside the calendar (F1.4)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.stream import StreamForm, page_of_stream, rows_html
from crm.accounts.http import UserRequest
from crm.ui.paging import BadCursor

CURSOR = "at"


@require_safe
def activity_stream(request: UserRequest) -> HttpResponse:
    asked = request.GET.copy()
    cursor = "".join(asked.pop(CURSOR, [])[-1:])
    form = StreamForm(asked, reader=request.user)
    context: dict[str, Any] = {"form": form, "is_asked": form.is_bound}
    if form.is_bound and not form.is_valid():
        return render(request, "activities/stream.html", context, status=422)
    try:
        page = page_of_stream(request.user, form.asked, cursor)
    except BadCursor:
        raise Http404(_("There is nothing here, or it is not for you.")) from None
    context |= {"page": page, "rows": rows_html(page.rows), "query": asked.urlencode()}
    return render(request, "activities/stream.html", context)
