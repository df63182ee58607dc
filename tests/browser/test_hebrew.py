"""From right to left: the frame is mirrored, names stay whole, nothing is cut."""

import pytest
from playwright.sync_api import Locator, expect

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from tests.browser.conftest import PHONE, Window
from tests.browser.pages import bare_names, cut_words, overflow, serious
from tests.factories import make_company, make_user


@pytest.fixture
def hannah(team: Team, alice: User) -> User:
    return make_user("hannah", role="colleague", teams=[team], language="he")


def middle(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_the_frame_is_mirrored(window: Window, hannah: User, company: Contact) -> None:
    page = window(hannah, f"/contacts/{company.pk}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "he")
    assert middle(page.locator(".brand")) > 1300
    assert middle(page.locator("summary:has(.avatar)")) < 100
    assert middle(page.locator(".card-facts")) > middle(page.locator(".card-now"))
    assert middle(page.locator(".card-now")) > middle(page.locator(".card-history"))
    assert middle(page.locator("h1")) > middle(page.locator(".page-actions"))

    page.goto("/contacts/")
    assert middle(page.locator("thead th").nth(1)) > middle(page.locator("thead th").last)
    page.locator("summary:has(.avatar)").click()
    panel = page.locator("details[open] > .menu-panel").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0


def test_names_stay_whole_and_no_words_are_cut(
    window: Window, hannah: User, company: Contact, alice: User, team: Team
) -> None:
    make_company("כהן ובניו בע״מ", owner=alice, team=team, actor=alice)
    own = make_company("Officine Galvani S.r.l.", owner=hannah, team=team, actor=hannah)
    problems: list[str] = []
    for screen in ({}, PHONE):
        page = window(hannah, **screen)
        for path in (
            "/",
            "/contacts/",
            f"/contacts/{company.pk}/",
            f"/contacts/{own.pk}/edit/",
            "/notifications/?show=all",
            "/account/settings/",
            f"/access/contact/{company.pk}/",
        ):
            page.goto(path)
            problems += overflow(page) + cut_words(page) + bare_names(page) + serious(page)
    assert problems == []
