"""Administrators are told that reminders are not sent (B4)."""

from typing import Any

import pytest
from django.test import Client

from activities import alarm
from activities.models import Activity
from activities.tasks import deliver_due_reminders, tell_of_unsent_reminders
from crm.accounts.models import User
from crm.records.tasks import note_heartbeat
from tests.activities.reminders.reminding import at, mails
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_address")]


def test_administrators_are_told_once_a_day_that_reminders_are_unsent(
    visit: Activity, admin: User, alice: User, clock: Any
) -> None:
    User.objects.filter(pk=admin.pk).update(mail_notifications="never")
    for time, unsent, written in (("09:40", 0, 0), ("09:41", 4, 1), ("09:51", 4, 1)):
        clock.move_to(at(f"2026-11-26 {time}"))
        tell_of_unsent_reminders()
        assert (alarm.unsent_count(), len(mails("<unsent."))) == (unsent, written), time
    (mail,) = mails("<unsent.")
    assert (mail.user, mail.subject) == (admin, "4 reminders have not been sent")
    assert "https://crm.example.com/activities/health/" in mail.text
    clock.move_to(at("2026-11-27 09:00"))
    tell_of_unsent_reminders()
    assert len(mails("<unsent.")) == 2
    deliver_due_reminders()
    clock.move_to(at("2026-11-28 09:00"))
    tell_of_unsent_reminders()
    assert len(mails("<unsent.")) == 2


def test_an_administrator_without_an_address_keeps_no_other_in_the_dark(
    visit: Activity, admin: User, clock: Any
) -> None:
    make_user("broken", role="administrator", email="no address")
    make_user("silent", role="administrator", email="")
    clock.move_to(at("2026-11-26 09:50"))
    tell_of_unsent_reminders()
    assert [mail.user for mail in mails("<unsent.")] == [admin]


def test_the_health_page_is_for_administrators(
    visit: Activity, admin: User, as_: Any, clock: Any, client: Client
) -> None:
    note_heartbeat()
    clock.move_to(at("2026-11-26 09:50"))
    page = as_("admin").get("/activities/health/")
    assert page.status_code == 200
    assert "<bdi>4</bdi>" in page.content.decode()
    assert as_("alice").get("/activities/health/").status_code == 403
    assert client.get("/activities/health/").status_code == 302
