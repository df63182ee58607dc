"""A phone of 360 × 760 in the hand: nothing to scroll sideways, everything large enough to tap."""

import pytest
from playwright.sync_api import expect

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from tests.browser.conftest import PHONE, Window
from tests.browser.pages import overflow, small_targets
from tests.factories import make_company

LONG = (
    "Grand Hotel Excelsior Lariana e Terme di San Giovanni in Valle – "
    "Società a responsabilità limitata semplificata a socio unico"
)


@pytest.fixture
def long_one(alice: User, team: Team) -> Contact:
    return make_company(
        LONG,
        owner=alice,
        team=team,
        actor=alice,
        city="San Giovanni in Valle Superiore",
        phones=["+390491234567"],
        emails=["amministrazione.e.prenotazioni@grand-hotel-excelsior-lariana.example"],
        aliases=["Grandhotelexcelsiorlarianaetermedisangiovanni"],
    )


def test_every_page_fits_a_phone_and_a_thumb(
    window: Window, alice: User, company: Contact, long_one: Contact
) -> None:
    page = window(alice, **PHONE)
    problems: list[str] = []
    for path in (
        "/",
        "/contacts/",
        "/contacts/?q=nobody",
        "/contacts/?panel=columns",
        f"/contacts/{long_one.pk}/",
        f"/contacts/{long_one.pk}/edit/",
        "/contacts/company/new/",
        "/contacts/person/new/",
        f"/history/contact/{long_one.pk}/new/",
        f"/access/contact/{long_one.pk}/",
        "/notifications/",
        "/trash/contact/",
        "/search/?q=grand",
        "/account/settings/",
        "/account/sessions/",
        "/account/second-step/",
        "/jobs/",
        "/exports/",
        "/imports/",
        "/imports/new/",
    ):
        page.goto(path)
        problems += overflow(page) + small_targets(page)
    outside = window(at="/account/login/", **PHONE)
    problems += overflow(outside) + small_targets(outside)
    assert problems == []


def test_rows_are_cards_and_verbs_stay_under_the_thumb(
    window: Window, alice: User, long_one: Contact
) -> None:
    page = window(alice, "/contacts/", **PHONE)
    row = page.locator("[data-list] tbody tr").first
    box = row.bounding_box()
    assert box is not None
    assert box["width"] <= 360
    expect(page.locator("thead th").nth(1)).not_to_be_in_viewport(ratio=0.5)

    page.locator(".modules-toggle").tap()
    sheet = page.locator("#modules")
    expect(sheet).to_be_visible()
    sheet.get_by_role("link").first.tap()
    expect(sheet).to_be_hidden()

    page.locator(".search-toggle").tap()
    expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    page.keyboard.type("grand hotel")
    page.locator("#search-found").get_by_role("option").first.tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grand Hotel")

    bar = page.locator(".card-actions")
    page.mouse.wheel(0, 600)
    place = bar.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] == pytest.approx(760, abs=1)
    bar.locator("summary[aria-label='More actions']").tap()
    expect(bar.get_by_role("link", name="Who can see this")).to_be_in_viewport(ratio=1)
    page.locator("h1").tap()
    bar.get_by_role("link", name="Edit").tap()
    save = page.locator("[data-save]")
    expect(save).to_be_in_viewport(ratio=1)


def test_filters_open_as_a_sheet_that_can_be_used(
    window: Window, alice: User, company: Contact
) -> None:
    page = window(alice, "/contacts/", **PHONE)
    page.locator("summary.chip", has_text="Filter").tap()
    show = page.get_by_role("button", name="Show", exact=True)
    show.scroll_into_view_if_needed()
    expect(show).to_be_in_viewport(ratio=1)
    page.get_by_role("textbox", name="City").fill("nowhere")
    show.tap()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    assert overflow(page) == []
