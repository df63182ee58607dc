"""Writing history by hand: note, e-mail, phone call, appointment (F0.23, F0.24)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.records.actions import trash_record
from crm.records.models import Event, Notification
from tests.factories import make_company

HTMX = {"HX-Request": "true"}


def address(record) -> str:
    return reverse("entry_create", args=[record.kind, record.pk])


def typed(**changes):
    return {
        "entry": "call",
        "happened_at": "2026-11-20T09:30",
        "text": "Wants the quote split",
    } | changes


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 302), ("carol", 404)])
def test_whoever_sees_a_record_may_write_its_history(as_, company, who, status):
    assert as_(who).post(address(company), typed()).status_code == status
    assert Event.objects.filter(entry="call").count() == (status == 302)


def test_the_time_is_read_in_the_zone_of_who_writes(as_, alice, company):
    type(alice).objects.filter(pk=alice.pk).update(time_zone="Asia/Jerusalem")
    as_("alice").post(address(company), typed())
    event = Event.objects.get(entry="call")
    assert event.happened_at == dt.datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Jerusalem"))
    assert event.actor == alice
    assert event.text == "Wants the quote split"


def test_the_form_opens_now_in_the_persons_zone_and_as_asked(as_, company):
    html = as_("alice").get(address(company), {"entry": "call"}, headers=HTMX).content.decode()
    assert '<option value="call" selected>' in html
    assert f'value="{dt.datetime.now(ZoneInfo("Europe/Rome")):%Y-%m-%dT%H}' in html


def test_who_leaves_the_time_as_it_opened_means_now(as_, company):
    opened = "2026-01-01T08:00"
    data = typed(happened_at=opened) | {"initial-happened_at": opened}
    as_("alice").post(address(company), data)
    event = Event.objects.get(entry="call")
    assert abs(event.happened_at - event.at) < dt.timedelta(seconds=5)


def test_with_htmx_the_history_comes_back_with_the_new_line(as_, company):
    response = as_("alice").post(address(company), typed(), headers=HTMX)
    assert response.status_code == 200
    assert "Wants the quote split" in response.content.decode()
    assert "toast" in response["HX-Trigger"]


def test_those_informed_get_a_notification_and_the_author_does_not(as_, alice, bob, company):
    as_("alice").post(address(company), typed(inform=[alice.pk, bob.pk]))
    assert list(Notification.objects.values_list("user__username", flat=True)) == ["bob"]
    assert set(Event.objects.get(entry="call").informed.all()) == {alice, bob}


def test_who_may_not_see_the_record_is_refused_by_name_and_nothing_is_lost(as_, carol, company):
    response = as_("alice").post(
        address(company), typed(inform=[carol.pk], entry="appointment"), headers=HTMX
    )
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#entry-form"
    html = response.content.decode()
    assert "Carol Rossi cannot see this record" in html
    assert "Wants the quote split" in html
    assert 'value="2026-11-20T09:30"' in html
    assert '<option value="appointment" selected>' in html
    assert f'value="{carol.pk}"' in html
    assert not Event.objects.filter(entry="appointment").exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"text": " "}, "text"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2026-03-29T02:30"}, "happened_at"),  # the hour that summer time skips
        ({"entry": "system"}, "entry"),
        ({"inform": "999999"}, "inform"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_, company, wrong, beside):
    response = as_("alice").post(address(company), typed(**wrong))
    assert response.status_code == 422
    assert f'id="id_{beside}_error"' in response.content.decode()
    assert not Event.objects.exclude(entry="system").exists()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.fixed_dictionaries(
        {},
        optional={
            "entry": st.text(max_size=12),
            "happened_at": st.text(max_size=30) | st.datetimes().map(str),
            "text": st.text(max_size=60),
            "inform": st.lists(st.text(max_size=25), max_size=3),
        },
    )
)
def test_nothing_that_is_sent_breaks_the_page(as_, company, data):
    assert as_("alice").post(address(company), data).status_code in (302, 422)


def test_a_record_in_the_trash_takes_no_entries(as_, admin):
    company = make_company(actor=admin)
    trash_record(company, actor=admin)
    assert as_("admin").post(address(company), typed()).status_code == 404


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_that_cannot_be_meant_does_not_close_the_history(as_, company, when):
    """Stored, it could not be read again: the year 1 in Rome is before the year 1 in UTC."""
    assert as_("alice").post(address(company), typed(happened_at=when)).status_code == 422
    history = reverse("timeline_panel", args=["contact", company.pk])
    assert as_("alice").get(history).status_code == 200
