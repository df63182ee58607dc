"""Who gets a feed, and what of it they may see (E11, E12)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities import actions
from activities.actions import Reach
from activities.actions.feeds import make_feed, revoke_feed
from activities.models import Attendee, Calendar, Feed, Grant
from crm.accounts.models import Role, Team, User
from crm.accounts.rights import set_right
from crm.records.errors import ActionRefused
from tests.activities.calendars import (
    address,
    feed,
    parts,
    titles,
    told,
    unfolded,
    when,
)
from tests.activities.conftest import ROME, Read
from tests.factories import make_event, make_task, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
As = Callable[[str], Client]


def test_an_address_is_read_without_signing_in(alice: User) -> None:
    make_event("Visit", actor=alice)
    answer = Client().get(address(alice))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert not answer.cookies
    assert Client().post(address(alice)).status_code == 405


def test_who_is_not_to_have_it_gets_what_everybody_gets(alice: User, bob: User) -> None:
    unknown = Client().get("/calendar/feeds/unknown.ics")
    revoked, inactive = address(alice), address(bob)
    revoke_feed(Feed.objects.get(user=alice), actor=alice)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    for path in (revoked, inactive):
        answer = Client().get(path)
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content
        assert answer.headers == unknown.headers


def test_a_new_address_ends_the_one_before(alice: User) -> None:
    old = address(alice)
    new = address(alice)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_an_address_is_nowhere_to_be_read(alice: User) -> None:
    token = address(alice).removeprefix("/calendar/feeds/").removesuffix(".ics")
    assert len(token) >= 22  # 128 bit
    assert token not in str(Feed.objects.values())


def test_nobody_reads_the_calendar_of_a_team_they_are_not_in(
    carol: User, alice: User, team: Team
) -> None:
    with pytest.raises(ActionRefused):
        make_feed(team, actor=carol)
    path = address(alice, team)
    assert Client().get(path).status_code == 200
    alice.teams.clear()
    assert Client().get(path).status_code == 404


def test_nobody_ends_the_address_of_others(alice: User, carol: User) -> None:
    address(alice)
    with pytest.raises(ActionRefused):
        revoke_feed(Feed.objects.get(), actor=carol)


def test_rights_count_at_every_reading(alice: User, dave: User, pair: Team) -> None:
    make_event("Visit", actor=dave)
    Grant.objects.create(
        calendar=Calendar.objects.create(user=dave), user=alice, level=Grant.Level.DETAILS
    )
    path = address(alice, pair)
    assert titles(Client().get(path).content) == ["Visit"]
    Grant.objects.all().delete()
    assert titles(Client().get(path).content) == ["Dave Rossi: busy"]
    Calendar.objects.update(sharing="private")
    assert titles(Client().get(path).content) == []


@pytest.fixture
def own_only(colleague: Any) -> Any:
    role = Role.objects.create(code="own", name_en="Own")
    set_right(role, "activity", view="own", change="own", delete="own", export="none")
    return role


@pytest.fixture
def dave(own_only: Any) -> User:
    return make_user("dave", role="own")


@pytest.fixture
def pair(alice: User, dave: User) -> Team:
    """A team of two who see no more of each other than they share."""
    team = make_team("Pair")
    alice.role = dave.role
    alice.save()
    for person in (alice, dave):
        person.teams.set([team])
    return team


def test_busy_says_when_and_nothing_else(alice: User, dave: User, pair: Team, read: Read) -> None:
    make_event("Dentist", actor=dave, place="Como", notes="ouch", start="2026-11-27 10:00")
    series = make_event("Therapy", actor=dave, rule="FREQ=WEEKLY;BYDAY=TH")
    later = when("2026-12-03 18:00", "2026-12-03 19:00")
    actions.move_activity(series, later, actor=dave, on=dt.date(2026, 12, 3), reach=Reach.ONE)
    make_task("Pay", actor=dave)
    make_event("Off", actor=dave, category="off")
    make_event("Nobody was there", actor=dave, category="not-done", start="2026-11-28 10:00")
    ics = feed(alice, pair)
    assert {str(one["SUMMARY"]) for one in parts(ics)} == {"Dave Rossi: busy"}
    for word in (
        "Dentist",
        "Therapy",
        "Como",
        "ouch",
        "Pay",
        "Off\r",
        str(series.uid),
        "/activities/",
    ):
        assert word.encode() not in ics
    days = ("2026-11-23", "2026-12-20")
    page = [row[1:] for row in told(read(alice, *days, of=[dave]))]
    assert [row[1:] for row in unfolded(ics, *days, ROME)] == page
    assert len(page) == 5


def test_a_team_s_feed_has_each_event_once_and_what_nobody_has_taken(
    alice: User, bob: User, team: Team
) -> None:
    make_event("Together", actor=alice, participants=[bob])
    make_event("Bob's", actor=bob)
    make_event("Anybody's", actor=alice, owner=None, team=team)
    expected = ["Anybody's", "Bob's", "Together"]
    assert titles(feed(alice, team)) == expected
    assert titles(feed(alice)) == ["Anybody's", "Together"]


def test_who_has_declined_does_not_have_it(alice: User, bob: User) -> None:
    made = make_event("Visit", actor=alice, participants=[bob])
    assert titles(feed(bob)) == ["Visit"]
    made.attendees.update(answer=Attendee.Answer.DECLINED)
    made.after_write()
    assert titles(feed(bob)) == []


# --- the page ------------------------------------------------------------------------------------
def test_the_page_makes_an_address_and_shows_it_once(as_: As, alice: User, team: Team) -> None:
    page = as_("alice").get("/calendar/feeds/")
    assert "Technicians North" in page.content.decode()
    answer = as_("alice").post("/calendar/feeds/make/", {"team": team.pk})
    path = answer.context["address"]
    assert f'data-copy="{path}"' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(path).status_code == 200
    assert path not in as_("alice").get("/calendar/feeds/").content.decode()


def test_the_page_ends_an_address(as_: As, alice: User) -> None:
    path = address(alice)
    key = Feed.objects.get().pk
    assert as_("alice").get(f"/calendar/feeds/{key}/end/").status_code == 405
    answer = as_("alice").post(f"/calendar/feeds/{key}/end/", follow=True)
    assert "does not work any more" in answer.content.decode()
    assert Client().get(path).status_code == 404


def test_addresses_of_others_and_of_other_teams_are_not_there(
    as_: As, alice: User, carol: User, team: Team
) -> None:
    address(alice)
    key = Feed.objects.get().pk
    assert as_("carol").post(f"/calendar/feeds/{key}/end/").status_code == 404
    assert as_("carol").post("/calendar/feeds/make/", {"team": team.pk}).status_code == 404
    assert as_("carol").post("/calendar/feeds/make/", {"team": "x"}).status_code == 404
    assert Feed.objects.alive().count() == 1
