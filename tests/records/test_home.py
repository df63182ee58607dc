"""The start page: mine, recent, new; only what I may see; at a bounded price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.records.actions import add_entry, save_record, trash_record
from crm.records.models import Favourite, RecentView
from tests.factories import make_company

FIRST = "First steps"


def home(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_somebody_new_is_shown_the_first_steps(as_, carol):
    html = home(as_("carol"))
    assert FIRST in html
    assert reverse("company_create") in html
    assert "Invite people" not in html


def test_a_new_administrator_is_told_to_invite_people(as_, admin):
    assert reverse("admin:accounts_user_add") in home(as_("admin"))


def test_what_i_opened_and_starred_is_there(as_, company):
    client = as_("alice")
    client.get(company.get_absolute_url())
    client.post(reverse("favourite_toggle", args=["contact", company.pk]))
    html = home(client)
    assert html.count("F.I.A.T. S.p.A.") == 2
    assert FIRST not in html


@pytest.mark.parametrize("way", ["restricted", "trashed"])
def test_what_i_may_not_see_any_more_is_gone(as_, alice, bob, company, way):
    client = as_("bob")
    client.get(company.get_absolute_url())
    client.post(reverse("favourite_toggle", args=["contact", company.pk]))
    add_entry(company, actor=alice, entry="note", text="canary text", inform=[bob])
    assert "canary text" in home(client)
    if way == "trashed":
        trash_record(company, actor=alice)
    else:
        company.is_restricted = True
        save_record(company, actor=alice)
    html = home(client)
    assert "F.I.A.T." not in html
    assert "canary text" not in html


def test_the_number_of_statements_is_bounded(as_, alice, bob):
    client = as_("bob")

    def fill(number: int) -> None:
        for _row in range(number):
            company = make_company(owner=bob, actor=alice)  # and bob is told
            for model in (RecentView, Favourite):
                model.objects.create(user=bob, record=company)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            home(client)
        return len(queries)

    fill(2)
    statements()
    few = statements()
    fill(20)
    assert statements() == few
    assert few <= 13
