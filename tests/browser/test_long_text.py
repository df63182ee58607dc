"""Texts near and beyond what fits: counted, refused before they are sent, and never lost."""

from typing import Any

from playwright.sync_api import expect

from crm.accounts.models import User
from crm.contacts.models import Contact
from tests.browser.conftest import Ear, Window


def test_a_text_counts_along_and_too_much_is_not_sent(
    window: Window, alice: User, company: Contact, settings: Any, ear: Ear
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 18_000
    page = window(alice, f"/history/contact/{company.pk}/new/")
    text = page.get_by_label("Description")
    text.fill("x" * 1000)
    expect(page.locator("[data-counter]")).to_have_count(0)
    text.fill("x" * 19_000)
    expect(page.locator("[data-counter]")).to_have_text("19,000 / 20,000")
    page.get_by_role("button", name="Add to history").click()
    expect(page.locator("#toasts")).to_contain_text("too long to be saved at once")
    expect(text).to_have_value("x" * 19_000)
    text.fill("Short after all")
    expect(page.locator("[data-counter]")).to_be_hidden()
    page.get_by_role("button", name="Add to history").click()
    expect(page.locator("#timeline")).to_contain_text("Short after all")


def test_no_more_lines_are_offered_than_fit(window: Window, alice: User, ear: Ear) -> None:
    page = window(alice, "/contacts/company/new/")
    rows = page.locator("[data-rows=phones]")
    rows.evaluate("rows => { rows.dataset.most = '2'; }")
    add = rows.locator("[data-row-add]")
    add.click()
    add.click()
    expect(rows.locator(".row-edit")).to_have_count(2)
    expect(page.locator("#toasts")).to_contain_text("At most 50 lines fit here.")
    rows.locator(".row-edit [data-row-remove]").first.click()
    add.click()
    expect(rows.locator(".row-edit")).to_have_count(3)


def test_what_is_hidden_meanwhile_leaves_the_note_where_it_is(
    window: Window, alice: User, admin: User, company: Contact, ear: Ear
) -> None:
    ear.expect()
    ear.expect("Response Status Error Code 404")  # htmx says it, too
    page = window(alice, company.get_absolute_url())
    page.locator("[data-entry-open]").click()
    page.get_by_label("Description").fill("They called")
    expect(page.get_by_text("No documents yet")).to_be_visible()  # they are asked for afterwards
    Contact.objects.filter(pk=company.pk).update(is_restricted=True, owner=admin)
    page.get_by_role("button", name="Add to history").click()
    expect(page.locator("#toasts")).to_contain_text("no longer available to you")
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    expect(page.get_by_label("Description")).to_have_value("They called")
