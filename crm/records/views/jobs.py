"""Background work: how far it is, stopping it, fetching what it made. Everybody sees their own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.records.jobs import cancel_job, may_fetch
from crm.records.models import Job
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 30
LONGEST_PAUSE = 10
NEWEST = Sort("created_at", descending=True)


@require_safe
@never_cache
def job_list(request: UserRequest) -> HttpResponse:
    rows = Job.objects.filter(user=request.user).defer("params")
    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE)
    context = {"jobs": page.rows, "newer": page.newer, "older": page.older}
    return render(request, "records/job_list.html", context)


@require_safe
@never_cache
def job_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The page asks again every second, then with growing pauses, until the job is over."""
    job = _own(request, pk)
    asked = request.GET.get("pause", "")
    pause = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    context = {"job": job, "pause": min(LONGEST_PAUSE, max(1, pause)), "back": _back(job)}
    context["next_pause"] = min(LONGEST_PAUSE, pause + 1)
    if job.has_file and not may_fetch(job):
        context["barred"] = _barred()
    template = "records/_job.html" if request.htmx else "records/job_detail.html"
    return render(request, template, context)


@require_POST
def job_cancel(request: UserRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    if not cancel_job(job):
        messages.info(request, _("It was over already."))
    return redirect("job_detail", pk=job.pk)


@require_safe
@never_cache
def job_download(request: UserRequest, pk: int) -> HttpResponse | FileResponse:
    """The file of a finished job: for its owner, while it lasts and the right to it lasts."""
    job = _own(request, pk)
    if job.is_expired:
        return _gone(request, job)
    if not job.has_file:
        raise Http404
    if not may_fetch(job):
        raise PermissionDenied(_barred())
    try:
        content = job.file.open("rb")
    except FileNotFoundError:
        return _gone(request, job)
    return FileResponse(content, as_attachment=True, filename=job.file_name)


def _barred() -> str:
    return _("What you may see has changed since this file was made. Make it again.")


def _gone(request: UserRequest, job: Job) -> HttpResponse:
    return render(request, "records/job_gone.html", {"job": job, "back": _back(job)}, status=410)


def _own(request: UserRequest, pk: int) -> Job:
    return get_object_or_404(Job, pk=pk, user=request.user)


def _back(job: Job) -> str:
    """The list it was started from; only addresses that we made ourselves are in there."""
    back: str = job.params.get("back", "")
    return back
