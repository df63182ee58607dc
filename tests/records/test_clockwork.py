"""What the scheduler rings for."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from crm.accounts.models import User
from crm.celery import app
from crm.contacts.models import Contact
from crm.records.actions import assign_record
from crm.records.models import Notification, RecentView
from crm.records.tasks import forget_old_traces


def test_every_ring_has_a_task_and_does_not_pile_up() -> None:
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] == entry["schedule"]


@pytest.mark.django_db
def test_old_traces_go_and_unread_news_stays(company: Contact, alice: User, bob: User) -> None:
    assign_record(company, bob, actor=alice)
    assign_record(company, alice, actor=bob)
    old = timezone.now() - timedelta(days=91)
    RecentView.objects.create(
        user=alice,
        content_type_id=Notification.objects.first().content_type_id,
        object_id=1,
        at=old,
    )
    Notification.objects.update(created_at=old)
    Notification.objects.filter(user=bob).update(read_at=old)
    for _twice in range(2):
        forget_old_traces()
    assert not RecentView.objects.exists()
    assert [news.user for news in Notification.objects.all()] == [alice]
