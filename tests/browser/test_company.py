"""Making and changing a company, alone and against a colleague."""

import re

from playwright.sync_api import Dialog, Page, expect

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.models import Tag
from tests.browser.conftest import Ear, Window


def pick(page: Page, label: str, words: str) -> None:
    """Type into a picker and take its first line with the keyboard."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.fill(words)
    page.locator(".picker-list:visible [role=option]").first.wait_for()
    box.press("Enter")
    expect(box).to_have_value("")


def unfold(page: Page, title: str) -> None:
    """A fold with something in it is open already."""
    fold = page.locator("details.more", has=page.locator("summary", has_text=title))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()


def fill_row(page: Page, rows: str, at: int, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"[name={rows}-{at}-{name}]")
        if field.evaluate("field => field.matches('select')"):
            field.select_option(value)
        else:
            field.fill(value)


def add_row(page: Page, rows: str) -> None:
    page.locator(f"[data-rows={rows}] [data-row-add]").click()


def test_a_company_is_made_in_one_go_and_changed(window: Window, admin: User, ear: Ear) -> None:
    ear.expect()
    Tag.objects.create(name="Boilers")
    page = window(admin, "/")
    page.locator("[data-shortcut-create] > summary").click()
    page.get_by_role("link", name="Company", exact=True).click()
    expect(page.get_by_role("heading", name="New company")).to_be_visible()

    page.get_by_label("Company name").fill("Officine Galvani S.r.l.")
    for rows in ("phones", "emails", "addresses"):
        if not page.locator(f"[data-rows={rows}] .row-edit").count():
            add_row(page, rows)
    fill_row(page, "phones", 0, use="work", number="049 123 4567")
    add_row(page, "phones")
    expect(page.locator("[name=phones-1-use]")).to_be_focused()
    fill_row(page, "phones", 1, use="mobile", number="333 765 4321")
    fill_row(page, "emails", 0, address="info@galvani.example")
    fill_row(page, "addresses", 0, street="Via Volta 3", postal_code="35100", city="Padova")

    unfold(page, "Who looks after it")
    pick(page, "Tags", "boil")
    pick(page, "Tags", "Old heating")
    expect(page.locator("[data-picker][data-name=tags] .picked")).to_have_count(2)

    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Officine Galvani S.r.l.")).to_be_visible()
    for fact in ("Old heating", "Boilers", "info@galvani.example", "Via Volta 3", "Padova"):
        expect(page.locator("main")).to_contain_text(fact)
    expect(page.locator(".card-facts a[href^='tel:']")).to_have_count(2)

    page.keyboard.press("e")
    name = page.get_by_label("Company name")
    name.fill("")
    page.locator("[name=emails-0-address]").fill("not one")
    page.keyboard.press("Control+s")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-error-summary] a")).to_have_count(2)
    page.locator("[data-error-summary] a").last.click()
    expect(page.locator("[name=emails-0-address]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("office@galvani.example")
    expect(page.locator("[name=phones-1-number]")).not_to_have_value("")
    name.fill("Officine Galvani S.p.A.")
    page.locator("[data-rows=phones] [data-row-remove]").last.click()
    page.locator("[data-save]").click()
    expect(page.get_by_role("heading", name="Officine Galvani S.p.A.")).to_be_visible()
    expect(page.locator(".card-facts a[href^='tel:']")).to_have_count(1)
    expect(page.locator("#timeline")).to_contain_text("Officine Galvani S.r.l.")


def test_what_is_not_saved_is_not_lost_by_a_slip(
    window: Window, alice: User, company: Contact
) -> None:
    page = window(alice, f"/contacts/{company.pk}/edit/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.get_by_label("Company name").press("End")
    page.keyboard.type(" new")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.once("dialog", stay)
    page.get_by_role("link", name="Cancel").click()
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Company name")).to_have_value("F.I.A.T. S.p.A. new")

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(re.compile(rf"/contacts/{company.pk}/$"))


def test_of_two_who_edit_the_second_sees_both_versions_and_chooses(
    window: Window, admin: User, alice: User, company: Contact, ear: Ear
) -> None:
    ear.expect()
    hers = window(alice, f"/contacts/{company.pk}/edit/")
    his = window(admin, f"/contacts/{company.pk}/edit/")
    hers.get_by_label("Company name").fill("Alice’s name")
    hers.locator("[data-save]").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Alice’s name")

    his.get_by_label("Company name").fill("The boss’s name")
    unfold(his, "More about it")
    his.get_by_label("Notes").fill("Typed at length")
    his.locator("[data-save]").click()
    conflict = his.get_by_role("heading", name="Alice Rossi saved this while you were editing")
    expect(conflict).to_be_visible()
    versions = his.locator(".versions")
    expect(versions).to_contain_text("Alice’s name")
    expect(versions).to_contain_text("The boss’s name")
    expect(his.get_by_label("Notes")).to_have_value("Typed at length")
    versions.locator("input[name=keep-name][value=theirs]").check()
    his.locator("[data-save]").click()

    expect(his).to_have_url(re.compile(rf"/contacts/{company.pk}/$"))
    expect(his.get_by_role("heading", level=1)).to_have_text("Alice’s name")
    expect(his.locator("main")).to_contain_text("Typed at length")
    company.refresh_from_db()
    assert (company.name, company.notes) == ("Alice’s name", "Typed at length")


def test_who_is_signed_out_while_typing_keeps_it_and_saves_after_signing_in_again(
    window: Window, company: Contact, alice: User
) -> None:
    page = window(alice, f"/contacts/{company.pk}/edit/")
    with page.expect_response("**/likely/**"):  # what asks while one types is still signed in
        page.get_by_label("Company name").fill("Typed for an hour")
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.keyboard.press("Control+s")
    expect(page.locator("#toasts")).to_contain_text("You are signed out.")
    expect(page.locator("#toasts").get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Company name")).to_have_value("Typed for an hour")
    page.context.add_cookies(
        [
            *(cookie for cookie in kept if cookie["name"] != "csrftoken"),
            {"name": "csrftoken", "value": "a" * 32, "url": page.url},  # signing in made another
        ]
    )
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Typed for an hour")
