"""Two of the same: warned of while typing, merged, and parted again."""

import re

from playwright.sync_api import expect

from crm.accounts.models import Team, User
from crm.contacts.duplicates import part
from crm.contacts.likeness import find_likenesses
from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.models import Contact, Likeness
from tests.browser.conftest import PHONE, Ear, Window
from tests.browser.pages import in_both_lights, overflow, small_targets
from tests.browser.test_company import unfold
from tests.factories import make_company


def test_one_is_warned_while_typing_and_goes_on_by_keyboard(
    window: Window, alice: User, team: Team, ear: Ear
) -> None:
    ear.expect()
    fiat = make_company(
        "F.I.A.T. S.p.A.", owner=alice, team=team, vat_id="IT01234567890", city="Torino"
    )
    page = window(alice, "/contacts/company/new/")
    told = page.locator("[data-likely]")
    unfold(page, "More about it")
    vat = page.get_by_label("VAT id")
    vat.click()
    page.keyboard.type("0123 4567 890")
    expect(told).to_contain_text("Same VAT id or tax code")
    expect(told).to_contain_text("Torino")
    expect(vat).to_be_focused()
    expect(page.locator("form.is-dirty")).to_have_count(1)
    link = told.get_by_role("link", name=re.compile("F.I.A.T."))
    link.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("F.I.A.T.")
    opened.value.close()

    page.get_by_label("Company name").fill("Fabbrica")
    page.keyboard.press("Control+s")
    box = page.get_by_label("It is not one of these: save it anyway")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fabbrica")
    expect(page.locator("#timeline")).to_contain_text("although it looks like others")
    expect(page.locator("#timeline")).to_contain_text(fiat.name)


def test_two_are_ticked_merged_and_parted_again(
    window: Window, alice: User, team: Team, company: Contact
) -> None:
    twin = make_company("Fiat", owner=alice, team=team, actor=alice, phones=["+39 011 123456"])
    page = window(alice, "/contacts/")
    for name in (company.name, twin.name):
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()
    page.get_by_role("button", name="Merge…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make one of these 2")
    page.get_by_role("group", name="Which one stays?").get_by_text(company.name).click()
    page.get_by_role("group", name="Name").get_by_text("Fiat", exact=True).click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiat")
    expect(page.locator(".card-facts")).to_contain_text(twin.number or "")
    expect(page.locator(".card-facts a[href^='tel:']")).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(company.name)
    expect(page.locator("#toasts")).to_contain_text("Back again: Fiat.")
    page.goto(twin.get_absolute_url())
    expect(page.locator(".card-facts a[href^='tel:']")).to_have_count(1)


def test_the_pages_are_for_everybody(
    window: Window, alice: User, team: Team, company: Contact, ear: Ear
) -> None:
    """axe in both lights; on a phone nothing to scroll sideways, and large enough to tap."""
    ear.expect()
    twins = [
        make_company(f"Fiat {form}", owner=alice, team=team, phones=["+39 011 123456"])
        for form in ("srl", "snc")
    ]
    merged = make_company("Fiat", owner=alice, team=team)
    merge_contacts(Wish((company.pk, merged.pk), company.pk), actor=alice)
    find_likenesses()
    pair = Likeness.objects.latest("pk")
    part(pair.one, pair.other, actor=alice)
    merge = f"/contacts/merge/?pk={company.pk}&" + "&".join(f"pk={one.pk}" for one in twins)
    paths = (
        "/contacts/duplicates/",
        "/contacts/duplicates/?tab=parted",
        merge,
        "/contacts/merges/",
    )
    page, phone = window(alice), window(alice, **PHONE)
    problems: list[str] = []
    for path in paths:
        phone.goto(path)
        problems += overflow(phone) + small_targets(phone)
    for path in ("/contacts/duplicates/", merge):
        page.goto(path)
        problems += in_both_lights(page)
    for one in (page, phone):
        one.goto("/contacts/company/new/")
        one.get_by_label("Company name").fill("Fiat")
        expect(one.locator("[data-likely]")).to_contain_text("Here already?")
        problems += overflow(one) + (small_targets(one) if one is phone else [])
        one.locator("[data-save]").click()
        expect(one.get_by_label("save it anyway")).to_be_visible()
        one.get_by_label("Company name").press("Space")
        expect(one.locator("[data-likely]")).to_contain_text("Here already?")
        problems += overflow(one) + (small_targets(one) if one is phone else in_both_lights(one))
    assert problems == []
