"""The list of e-mails, a tab beside the activities (F1.4)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities.mails import mails_seen_by
from crm.accounts.http import UserRequest
from crm.records.pointed import place_of, records_at
from crm.ui.paging import Sort, page_asked_for

NEWEST = Sort("happened_at", descending=True)
PAGE_SIZE, LONGEST = 50, 200


@require_safe
def mail_list(request: UserRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST]
    rows = mails_seen_by(request.user, words)
    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE)
    records = records_at(request.user, page.rows)
    lines = [(event, records.get(place_of(event))) for event in page.rows]
    context = {"lines": [line for line in lines if line[1]], "page": page, "q": words}
    return render(request, "activities/mails.html", context)
