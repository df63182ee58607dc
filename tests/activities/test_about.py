"""An activity belongs to any record (F3.1: "link to any record"; E11)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from crm.accounts.models import User
from crm.contacts.models import Contact
from tests.activities.conftest import fresh
from tests.factories import make_company, make_event, make_task
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def fiat(alice: User) -> Contact:
    return make_company("F.I.A.T.", owner=alice, actor=alice)


@pytest.fixture
def visit(alice: User) -> Activity:
    return make_event("Visit", actor=alice)


def edit(client: Client, activity: Activity, **changes: Any) -> Any:
    url = reverse("activity_edit", args=[activity.pk])
    return client.post(url, as_sent(client.get(url).content.decode()) | changes)


def test_any_record_is_chosen_shown_and_taken_away_again(
    as_: Any, alice: User, fiat: Contact, visit: Activity
) -> None:
    client, task = as_("alice"), make_task("Send the offer", actor=alice)
    for record in (fiat, visit):
        answer = edit(client, task, about=f"{record.kind}:{record.pk}")
        assert answer.status_code == 302, answer.content.decode()
        assert fresh(task).about == record
        page = client.get(task.get_absolute_url()).content.decode()
        assert f'href="{record.get_absolute_url()}"' in page
        form = client.get(reverse("activity_edit", args=[task.pk])).content.decode()
        assert f'value="{record.kind}:{record.pk}"' in form
    edit(client, task, about="")
    assert fresh(task).about is None


def test_it_stays_when_something_else_is_changed(as_: Any, fiat: Contact, visit: Activity) -> None:
    Activity.objects.filter(pk=visit.pk).update(
        about_type=Activity(about=fiat).about_type, about_id=fiat.pk
    )
    edit(as_("alice"), visit, subject="Second visit")
    assert (fresh(visit).subject, fresh(visit).about) == ("Second visit", fiat)


def test_its_history_says_so(as_: Any, fiat: Contact, visit: Activity) -> None:
    client = as_("alice")
    edit(client, visit, about=f"contact:{fiat.pk}")
    page = client.get(reverse("timeline_panel", args=["activity", visit.pk])).content.decode()
    assert "Belongs to" in page
    assert "F.I.A.T." in page


def test_the_address_of_a_new_one_may_name_it(as_: Any, fiat: Contact) -> None:
    client = as_("alice")
    url = reverse("task_create") + f"?about=contact:{fiat.pk}"
    client.post(url, as_sent(client.get(url).content.decode()) | {"subject": "Call back"})
    assert Activity.objects.get().about == fiat


def test_a_follow_up_is_begun_on_the_card_and_shown_there(
    as_: Any, alice: User, carol: User, fiat: Contact
) -> None:
    client = as_("alice")
    visit = make_event("Visit", actor=alice, customer=fiat)
    page = client.get(visit.get_absolute_url()).content.decode()
    (link,) = re.findall(r'href="([^"]*about=activity[^"]*)"', page)
    form = as_sent(client.get(link.replace("&amp;", "&")).content.decode())
    client.post(reverse("task_create"), form | {"subject": "Send the offer"})
    task = Activity.objects.get(subject="Send the offer")
    assert (task.about, task.customer) == (visit, fiat)
    hidden = make_task("Hidden one", actor=carol, owner=carol, is_restricted=True)
    hidden.about = visit
    hidden.save()
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "Send the offer" in page
    assert "Hidden one" not in page


def test_what_one_does_not_see_stays_and_is_not_named(
    as_: Any, alice: User, admin: User, visit: Activity
) -> None:
    closed = make_company("Closed", owner=admin, is_restricted=True, actor=admin)
    visit.about = closed
    visit.save()
    client = as_("alice")
    pages = [visit.get_absolute_url(), reverse("activity_edit", args=[visit.pk])]
    assert all("Closed" not in client.get(page).content.decode() for page in pages)
    edit(client, visit, subject="Second visit", about="")
    assert (fresh(visit).subject, fresh(visit).about) == ("Second visit", closed)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("contact:{closed}", "no longer available"),
        ("contact:999999", "no longer available"),
        ("invoice:1", "no longer available"),
        ("contact:x", "no longer available"),
        ("contact", "no longer available"),
        ("contact:" + "9" * 40, "no longer available"),
        ("activity:{visit}", "It cannot belong to itself."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    as_: Any, admin: User, visit: Activity, value: str, words: str
) -> None:
    closed = make_company("Closed", owner=admin, is_restricted=True, actor=admin)
    about = value.format(closed=closed.pk, visit=visit.pk)
    answer = edit(as_("alice"), visit, about=about, notes="Typed before")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Typed before" in page
    assert "Closed" not in page


@pytest.mark.parametrize(
    ("typed", "expected"), [("f.i.a.t.", "F.I.A.T."), ("Visit", "Visit"), ("Nobody", None)]
)
def test_without_script_what_is_typed_names_it(
    as_: Any, alice: User, fiat: Contact, visit: Activity, typed: str, expected: str | None
) -> None:
    task = make_task("Send the offer", actor=alice)
    answer = edit(as_("alice"), task, **{"about-words": typed})
    assert answer.status_code == (302 if expected else 422)
    about = fresh(task).about
    assert (str(about) if about else None) == expected


def test_the_picker_finds_all_kinds_and_at_first_what_was_opened_lately(
    as_: Any, admin: User, fiat: Contact, visit: Activity
) -> None:
    make_company("Visible to nobody", owner=admin, is_restricted=True, actor=admin)
    client, url = as_("alice"), reverse("lookup", args=["record"])
    assert client.get(url).json()["results"] == []
    client.get(fiat.get_absolute_url())
    (first,) = client.get(url).json()["results"]
    assert (first["id"], first["label"]) == (f"contact:{fiat.pk}", "F.I.A.T.")
    labels = [one["label"] for one in client.get(url, {"q": "visi"}).json()["results"]]
    assert labels == ["Visit"]


def test_two_people_who_choose_differently_see_both(
    as_: Any, alice: User, fiat: Contact, visit: Activity
) -> None:
    """B18: the second one is told what the first one chose, in words."""
    task, client = make_task("Send the offer", actor=alice), as_("alice")
    url = reverse("activity_edit", args=[task.pk])
    first = as_sent(client.get(url).content.decode())
    client.post(url, first | {"about": f"contact:{fiat.pk}"})
    page = client.post(url, first | {"about": f"activity:{visit.pk}"}).content.decode()
    told = re.sub(r"<[^>]+>", " ", page)
    assert "F.I.A.T." in told
    assert f"activity:{visit.pk}" not in told
