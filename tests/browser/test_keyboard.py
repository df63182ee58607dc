"""The keyboard: shortcuts, never while typing; the search box as one types."""

import re

from playwright.sync_api import Page, expect

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from tests.browser.conftest import Window
from tests.factories import make_company, make_person


def arrived(page: Page, pattern: str) -> None:
    """There, and its scripts listen."""
    expect(page).to_have_url(re.compile(pattern))
    page.wait_for_load_state()


def test_the_keys_lead_through_the_house_but_not_while_one_types(
    window: Window, alice: User, company: Contact, team: Team
) -> None:
    make_company("Second company", owner=alice, team=team, actor=alice)
    page = window(alice, "/")
    creates = page.locator("[data-shortcut-create]")
    for key in ("n", "Insert"):
        page.keyboard.press(key)
        expect(creates).to_have_attribute("open", "")
        expect(creates.locator(".menu-item").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(creates).not_to_have_attribute("open", "")

    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()

    page.keyboard.press("/")
    words = page.locator("[data-shortcut-search]")
    expect(words).to_be_focused()
    page.keyboard.type("n?ejx/")
    expect(words).to_have_value("n?ejx/")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(words).not_to_be_focused()

    page.keyboard.press("g")
    page.keyboard.press("c")
    arrived(page, r"/contacts/$")
    for _turn in range(2):
        page.keyboard.press("j")
    expect(page.get_by_role("link", name="Second company")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    arrived(page, rf"/contacts/{company.pk}/$")
    page.keyboard.press("e")
    arrived(page, r"/edit/$")
    page.keyboard.press("Escape")
    arrived(page, rf"/contacts/{company.pk}/$")
    page.keyboard.press("Escape")
    arrived(page, r"/contacts/$")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/company/new/$"))
    expect(page.get_by_label("Company name")).to_be_focused()


def test_the_search_box_shows_what_it_finds_while_one_types(
    window: Window, alice: User, company: Contact, team: Team
) -> None:
    make_person("Fiatello", owner=alice, team=team, actor=alice)
    page = window(alice, "/")
    page.keyboard.press("/")
    words = page.get_by_role("combobox", name="Search everything")
    page.keyboard.type("fia")
    found = page.locator("#search-found")
    options = found.get_by_role("option")
    expect(options).to_have_count(3)
    expect(words).to_have_attribute("aria-expanded", "true")
    expect(found.get_by_role("group", name="Companies")).to_be_visible()
    expect(found.get_by_role("group", name="People")).to_be_visible()
    expect(found.locator("mark").first).to_have_text("F.I.A.T.")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    marked = found.locator("[aria-selected=true]")
    expect(words).to_have_attribute("aria-activedescendant", str(marked.get_attribute("id")))
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(words).to_have_value("fia")

    page.keyboard.type("t s")
    expect(options).to_have_count(2)
    expect(found).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    arrived(page, rf"/contacts/{company.pk}/$")

    page.keyboard.press("/")
    page.keyboard.type("nobody of this name")
    expect(found).to_contain_text("Nothing found")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=nobody"))


def test_what_is_nearly_found_or_not_there_is_opened_or_made_by_keys_alone(
    window: Window, alice: User, company: Contact, team: Team
) -> None:
    bakery = make_company("Panificio Rossi", owner=alice, team=team, actor=alice)
    page = window(alice, "/")
    found = page.locator("#search-found")
    page.keyboard.press("/")
    page.keyboard.type("panifico rosi")
    expect(found).to_contain_text("Nothing has exactly these words. Similar:")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    arrived(page, rf"/contacts/{bakery.pk}/$")

    page.keyboard.press("/")
    page.keyboard.type("Qwertz")
    expect(found).to_contain_text("Nothing found for “Qwertz”.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    arrived(page, r"/company/new/\?name=Qwertz$")
    expect(page.get_by_label("Company name")).to_have_value("Qwertz")


def test_a_picker_takes_what_is_only_similar_not_before_it_is_marked(
    window: Window, alice: User, company: Contact, team: Team
) -> None:
    make_person("Bianchi", first_name="Marcella", owner=alice, team=team, actor=alice)
    page = window(alice, f"/contacts/{company.pk}/people/new/")
    box = page.get_by_role("combobox", name="Person", exact=True)
    box.fill("Marcela Bianci")
    lines = page.locator(".picker-list:visible")
    expect(lines).to_contain_text("Nothing has exactly these words. Similar:")
    expect(lines.locator("[aria-selected=true]")).to_have_count(0)
    box.press("Enter")
    expect(page.locator(".picked")).to_have_count(0)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(".picked")).to_contain_text("Marcella Bianchi")


def test_who_types_faster_than_the_list_gets_whom_they_typed(
    window: Window, alice: User, company: Contact, team: Team
) -> None:
    for name in ("Bianchi", "Berti"):
        make_person(name, first_name="Marcella", owner=alice, team=team, actor=alice)
    page = window(alice, f"/contacts/{company.pk}/people/new/")
    box = page.get_by_role("combobox", name="Person", exact=True)
    box.fill("Berti")
    lines = page.locator(".picker-list:visible [role=option]")
    expect(lines.first).to_contain_text("Berti")
    box.fill("Bianchi")
    box.press("Enter")  # the list still shows the other one
    expect(page.locator(".picked")).to_contain_text("Marcella Bianchi")
