"""What the passing of time asks of series: lists show the date that comes next, and the coming year
of what may not be booked twice is booked."""

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities.models import Activity
from activities.models.booking import book
from activities.models.timed import DAY
from crm.records.errors import ActionRefused

log = logging.getLogger(__name__)


def series_left_behind() -> list[int]:
    """Keys of those whose date in lists is over, though there is another one."""
    now = timezone.now()
    goes_on = Q(last_on__isnull=True) | Q(last_on__gte=now.date() - DAY)
    is_over = Q(starts_at__lt=now, ends_at__lt=now) | Q(late_at__isnull=True)
    rows = Activity.objects.alive().filter(goes_on, is_over)
    return list(rows.exclude(rule="").order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def bring_up_to_date(pk: int) -> None:
    """Nobody changed anything, so neither version nor history do."""
    series = Activity.objects.alive().select_for_update().exclude(rule="").filter(pk=pk).first()
    if series is None:
        return
    series.compute()
    times = {name: getattr(series, name) for name in ("starts_at", "ends_at", "late_at")}
    Activity.objects.filter(pk=pk).update(**times)
    try:
        with transaction.atomic():
            book(series)
    except ActionRefused as refusal:
        log.warning("Series %s meets another booking within a year: %s", pk, refusal)
