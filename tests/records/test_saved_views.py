"""Saved views: mine and my teams', the one a list opens with, and the columns."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from crm.records.models import SavedView, Tag
from tests.factories import make_company

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
LIST = "/contacts/"


def save_url() -> str:
    return reverse("view_save", args=["contact"])


def url(name: str, view: SavedView) -> str:
    return reverse(name, args=["contact", view.pk])


def make_view(owner: User, name: str = "Open", **fields: object) -> SavedView:
    fields.setdefault("query", "tab=leads")
    return SavedView.objects.create(kind="contact", owner=owner, name=name, **fields)


def shown_columns(client: Client, address: str = LIST) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [column.key for column in answer.context["state"].columns]


def test_what_the_list_shows_is_kept_under_a_name_and_opens_again(as_: As, alice: User) -> None:
    client = as_("alice")
    data = {"name": "My leads", "query": "tab=leads&sort=-city&after=x", "columns": "name,city"}
    answer = client.post(save_url(), data)
    view = SavedView.objects.get(name="My leads")
    assert answer.status_code == 302
    assert answer["Location"] == f"{LIST}?view={view.pk}"
    assert (view.query, view.columns) == ("tab=leads&sort=-city", ["name", "city"])
    state = client.get(answer["Location"]).context["state"]
    assert state.tab.key == "leads"
    assert (state.sort.field, state.sort.descending) == ("city", True)
    assert [column.key for column in state.columns] == ["name", "city"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\0b", "open"])
def test_a_name_that_cannot_be_is_told_and_what_was_typed_stays(
    as_: As, alice: User, name: str
) -> None:
    make_view(alice, "Open")
    data = {"name": name, "query": "tab=leads", "columns": "name,city", "is_default": "on"}
    answer = as_("alice").post(save_url(), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="tab=leads"' in page
    assert 'value="name,city"' in page
    assert answer.context["form"].errors["name"]
    assert answer.context["form"]["is_default"].value()
    if "\0" not in name:
        assert answer.context["form"]["name"].value() == name
    assert SavedView.objects.count() == 1


def test_two_people_may_call_their_views_the_same(as_: As, alice: User, bob: User) -> None:
    make_view(alice, "Open")
    assert as_("bob").post(save_url(), {"name": "Open", "query": ""}).status_code == 302


@pytest.mark.parametrize(("who", "sees"), [("alice", True), ("bob", True), ("carol", False)])
def test_a_shared_view_is_in_the_menu_of_the_team(
    as_: As, alice: User, bob: User, carol: User, team: Team, who: str, sees: bool
) -> None:
    view = make_view(alice, "For the team", team=team)
    page = as_(who).get(LIST).content.decode()
    assert ("For the team" in page) is sees
    state = as_(who).get(f"{LIST}?view={view.pk}").context["state"]
    assert (state.view is not None) is sees


def test_a_private_view_is_nobody_elses(as_: As, alice: User, bob: User) -> None:
    view = make_view(alice, "Private")
    assert "Private" not in as_("bob").get(f"{LIST}?view={view.pk}").content.decode()


@pytest.mark.parametrize("verb", ["view_edit", "view_update", "view_default", "view_delete"])
@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("carol", 404)])
def test_only_its_owner_changes_a_view(
    as_: As, alice: User, bob: User, carol: User, team: Team, verb: str, who: str, status: int
) -> None:
    view = make_view(alice, "For the team", team=team)
    answer = as_(who).post(url(verb, view), {"name": "Renamed", "team": team.pk, "query": "q=x"})
    assert answer.status_code == status
    if status != 302:
        view.refresh_from_db()
        assert (view.name, view.query, view.is_default) == ("For the team", "tab=leads", False)


def test_a_view_is_not_shared_with_a_team_that_is_not_mine(
    as_: As, carol: User, team: Team
) -> None:
    as_("carol").post(save_url(), {"name": "Spam", "query": "", "team": team.pk})
    assert not SavedView.objects.filter(team=team).exists()


def test_a_shared_view_can_be_copied(as_: As, alice: User, bob: User, team: Team) -> None:
    shared = make_view(alice, "For the team", team=team, columns=["name", "city"])
    client = as_("bob")
    assert client.get(save_url(), {"view": shared.pk}).status_code == 200
    client.post(save_url(), {"view": shared.pk, "name": "Mine now"})
    mine = SavedView.objects.get(owner=bob)
    assert (mine.query, mine.columns, mine.team) == (shared.query, shared.columns, None)


def test_a_list_opens_with_its_default_view_until_asked_otherwise(as_: As, alice: User) -> None:
    first, second = make_view(alice, "First"), make_view(alice, "Second", query="tab=suppliers")
    client = as_("alice")
    for view in (first, second):
        client.post(url("view_default", view), {"wanted": "1"})
    assert client.get(LIST).context["state"].view == second
    assert client.get(f"{LIST}?view=none").context["state"].view is None
    assert client.get(f"{LIST}?tab=former").context["state"].view is None
    client.post(url("view_default", second))
    assert client.get(LIST).context["state"].view is None
    assert not SavedView.objects.filter(is_default=True).exists()


def test_a_view_can_be_made_default_as_it_is_saved(as_: As, alice: User) -> None:
    make_view(alice, "Old", is_default=True)
    as_("alice").post(save_url(), {"name": "New", "query": "tab=leads", "is_default": "on"})
    assert SavedView.objects.get(is_default=True).name == "New"


def test_a_filter_of_a_view_can_be_taken_away(as_: As, alice: User, company: Contact) -> None:
    view = make_view(alice, "Romans", query="city=Roma")
    client = as_("alice")
    page = client.get(f"{LIST}?view={view.pk}")
    ((_label, _value, without),) = page.context["chips"]
    again = client.get(LIST + without)
    assert again.context["chips"] == []
    assert again.context["state"].view == view
    assert again.context["state"].is_changed


def test_a_filter_of_the_default_view_does_not_come_back(as_: As, alice: User) -> None:
    make_view(alice, "Default", query="tab=leads", is_default=True)
    state = as_("alice").get(f"{LIST}?city=Roma").context["state"]
    assert as_("alice").get(LIST + state.url(city=None)).context["state"].view is None


def test_a_view_opens_though_its_parts_are_gone(as_: As, alice: User, company: Contact) -> None:
    tag = Tag.objects.create(name="VIP")
    view = make_view(
        alice,
        "Old",
        query=f"tags={tag.pk}&custom_gone=5&sort=custom_gone&tab=nowhere",
        columns=["gone", "city"],
    )
    tag.delete()
    page = as_("alice").get(f"{LIST}?view={view.pk}")
    assert page.status_code == 200
    assert [column.key for column in page.context["state"].columns] == ["name", "city"]
    assert page.context["state"].is_short
    assert company.name in page.content.decode()


def test_the_chosen_columns_are_remembered_in_their_order(as_: As, alice: User) -> None:
    client = as_("alice")
    address = reverse("columns_choose", args=["contact"])
    usual = shown_columns(client)
    data = {"column": ["city", "name", "nothing", "email"], "back": "tab=leads&after=abc"}
    answer = client.post(address, data)
    assert answer["Location"] == f"{LIST}?tab=leads&after=abc"
    assert shown_columns(client) == ["city", "name", "email"]
    client.post(address, {"reset": "1"})
    assert shown_columns(client) == usual


def test_columns_belong_to_the_own_view_that_is_open(as_: As, alice: User) -> None:
    view, client = make_view(alice), as_("alice")
    usual = shown_columns(client)
    data = {"column": ["name", "email"], "view": view.pk, "back": f"view={view.pk}"}
    client.post(reverse("columns_choose", args=["contact"]), data)
    assert shown_columns(client, f"{LIST}?view={view.pk}") == ["name", "email"]
    assert shown_columns(client) == usual


def test_columns_chosen_in_somebody_elses_view_are_my_own(
    as_: As, alice: User, bob: User, team: Team
) -> None:
    view = make_view(alice, team=team, columns=["name", "phone"])
    client = as_("bob")
    data = {"column": ["name", "email"], "view": view.pk, "query": view.query}
    answer = client.post(reverse("columns_choose", args=["contact"]), data)
    assert shown_columns(client, answer["Location"]) == ["name", "email"]
    view.refresh_from_db()
    assert view.columns == ["name", "phone"]


@pytest.mark.parametrize("name", ["view_save", "columns_choose"])
def test_a_kind_that_is_not_there_is_not_found(as_: As, alice: User, name: str) -> None:
    assert as_("alice").post(reverse(name, args=["nothing"]), {"name": "x"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "a=%00b",
        "tags=99999999999999999999",
        "view=99999999999999999999999",
        "sort=-%FF",
        "after=////",
        "&&&==",
        "x" * 9000,
        "created_from=0000-99-99",
        "q=" + "%F0" * 50,
    ],
)
def test_hostile_addresses_do_no_harm(as_: As, alice: User, query: str) -> None:
    client = as_("alice")
    assert client.post(save_url(), {"name": "Odd", "query": query}).status_code == 302
    view = SavedView.objects.get(name="Odd")
    assert client.get(f"{LIST}?view={view.pk}").status_code == 200
    assert client.get(f"{LIST}?{query}").status_code < 500
    data = {"column": ["name", query], "back": query, "view": query, "query": query}
    answer = client.post(reverse("columns_choose", args=["contact"]), data)
    assert answer["Location"].startswith(LIST)


def test_a_view_is_asked_for_in_a_dialog_or_on_a_page(as_: As, alice: User) -> None:
    page = as_("alice").get(save_url(), {"query": "tab=leads", "columns": "name"})
    dialog = as_("alice").get(save_url(), {"query": "tab=leads"}, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert dialog.content.decode().lstrip().startswith("<dialog data-open")
    done = as_("alice").post(
        save_url(), {"name": "By htmx", "query": ""}, headers={"HX-Request": "true"}
    )
    assert done["HX-Redirect"].startswith(LIST)


def test_menus_of_a_page_with_views_name_them(as_: As, alice: User) -> None:
    make_view(alice, "Zulu <b>")
    make_company("Anything", owner=alice)
    assert "Zulu &lt;b&gt;" in as_("alice").get(LIST).content.decode()
