"""What the search boxes make of what is typed, and who is found."""

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Category, Contact
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
MARKS = ["...", "-", "--", '"', "' '", "&", "%", "_", "@@", "\u200f", "״"]


@pytest.mark.parametrize("marks", MARKS)
def test_punctuation_finds_nothing_and_says_why(as_, company, marks):
    client = as_("alice")
    answer = client.get(reverse("contact_list"), {"q": marks})
    assert company.name not in answer.content.decode()
    assert answer.status_code == 422
    assert "Type a letter or a digit to look for." in answer.content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("search"), {"q": marks}, headers=headers).content.decode()
        assert company.name not in page
        assert "Type at least two letters or digits." in page
    assert not Contact.objects.matching(marks).exists()


def test_no_words_are_no_search(as_, company):
    for words in ("", "   "):
        page = as_("alice").get(reverse("contact_list"), {"q": words})
        assert page.status_code == 200
        assert company.name in page.content.decode()
    assert Contact.objects.matching(" ").exists()


def test_punctuation_among_words_is_passed_over(as_, company):
    page = as_("alice").get(reverse("contact_list"), {"q": "- f.i.a.t. ..."}).content.decode()
    assert company.name in page


@pytest.fixture
def gone(colleague, team) -> User:
    return make_user("dario", role="colleague", teams=[team], is_active=False)


def test_what_somebody_who_left_owns_is_found_by_owner(as_, alice, team, gone):
    mine = make_company("Theirs once", owner=gone, team=team, actor=alice)
    other = make_company("Never theirs", owner=alice, actor=alice)
    client = as_("alice")
    page = client.get(reverse("contact_list"), {"owner": gone.pk}).content.decode()
    assert mine.name in page
    assert other.name not in page
    assert "Dario Rossi (left)" in page
    panel = client.get(reverse("contact_list"), {"owner": gone.pk, "panel": "filters"})
    assert "Dario Rossi (left)" in panel.content.decode()


def test_the_owner_filter_offers_those_who_left_last_and_marked(as_, alice, bob, gone):
    found = as_("alice").get(reverse("lookup", args=["person-ever"]), {"q": "rossi"}).json()
    labels = [one["label"] for one in found["results"]]
    assert labels[-1] == "Dario Rossi (left)"
    assert {"Alice Rossi", "Bob Rossi"} <= set(labels[:-1])
    panel = as_("alice").get(reverse("contact_list") + "?panel=filters").content.decode()
    assert reverse("lookup", args=["person-ever"]) in panel


def test_who_left_is_given_nothing_new(as_, alice, company, gone):
    offered = as_("alice").get(reverse("lookup", args=["person-here"]), {"q": "dario"}).json()
    assert offered["results"] == []
    data = {"owner": gone.pk, "selected": company.pk, "sure": "1"}
    answer = as_("alice").post(reverse("bulk", args=["contact", "assign"]), data)
    company.refresh_from_db()
    assert answer.status_code == 422
    assert company.owner == alice


def test_the_pager_turns_pages_whatever_the_order(as_, alice):
    for number in range(26):
        make_company(f"Company {number:02}", owner=alice, actor=alice)
    page = as_("alice").get(reverse("contact_list"), {"size": 25, "sort": "name"})
    following = as_("alice").get(reverse("contact_list") + page.context["older_url"])
    assert "Next page" in page.content.decode()
    assert "Previous page" in following.content.decode()
    assert "Older" not in page.content.decode() + following.content.decode()


def test_what_is_seen_to_match_is_offered_first(as_, alice):
    Category.objects.create(name_en="Key account", name_ro="Client-cheie", position=1)
    Category.objects.create(name_en="The rest", position=2)
    Category.objects.create(name_en="Heating", position=3)
    found = as_("alice").get(reverse("lookup", args=["category"]), {"q": "He"}).json()["results"]
    assert [item["label"] for item in found] == ["Heating", "The rest", "Key account"]
