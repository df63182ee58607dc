"""A file comes in and goes out again, by the keyboard alone; each of the pages on a phone."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.exchange.models import Import
from crm.records.tasks import run_job
from tests.browser.conftest import PHONE, Window
from tests.browser.pages import in_both_lights, overflow, path_of, settle, small_targets
from tests.factories import make_company

LINES = (
    "Ragione sociale;P. IVA;Telefono;Colore\n"
    "Rossi Impianti S.r.l.;IT01234567890;+39 055 1;rosso\n"
    "כהן חדש בע״מ;;;blu\n"
    "Grand Hotel Excelsior Lariana e Terme di San Giovanni in Valle;IT00743110157;;verde\n"
    ";IT999;;giallo\n"
)
FILE: FilePayload = {
    "name": "clienti-della-fiera-di-primavera-2026-corretti.csv",
    "mimeType": "text/csv",
    "buffer": LINES.encode(),
}
MOST_STEPS = 90


def tab_to(page: Page, target: Locator) -> None:
    """As who has no mouse gets there."""
    target.wait_for()
    for _step in range(MOST_STEPS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The Tab key does not lead to {target}")


def work() -> None:
    """What the worker would do now."""
    job = Import.objects.select_related("job").get().job
    assert job
    run_job(job.pk)


def test_a_file_comes_in_and_goes_out_by_keyboard_alone(window: Window, alice: User) -> None:
    there = make_company("Grand Hotel Excelsior", owner=alice, vat_id="IT00743110157")
    page, phone = window(alice, "/imports/"), window(alice, **PHONE)
    # A browser told to listen at the key press itself may hear of it too late.
    page.on("filechooser", lambda _chooser: None)
    problems: list[str] = []

    def look() -> None:
        settle(page)
        phone.goto(path_of(page))
        problems.extend([*overflow(phone), *small_targets(phone)])
        phone.goto("about:blank")  # else it follows the import, too
        problems.extend(in_both_lights(page))

    def press(name: str, role: str = "button") -> None:
        tab_to(page, page.locator("main").get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
        page.keyboard.press("Enter")

    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/imports/new/$"))
    tab_to(page, page.get_by_role("radio", name="Customers"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Leads")).to_be_checked()
    tab_to(page, page.locator("input[type=file]"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(FILE)
    press("Continue")

    expect(page).to_have_url(re.compile(r"/setup/$"))
    color = page.get_by_label("Colore")
    expect(color).to_have_value("")
    tab_to(page, color)
    page.keyboard.type("Notes")
    expect(color).to_have_value("notes")
    look()
    press("Look what would happen")

    expect(page.get_by_role("progressbar")).to_be_visible()
    look()
    work()
    expect(page.get_by_text("Nothing has been imported yet")).to_be_visible()
    expect(page.locator("table.list tbody tr")).to_have_count(4)
    look()
    press("Import")

    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_role("link", name="See what came in")).to_be_visible()
    assert Contact.objects.count() == 3
    there.refresh_from_db()
    assert there.notes == "verde"
    look()
    press("Undo", "link")

    expect(page).to_have_url(re.compile(r"/undo/$"))
    look()
    press("Undo the import")
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_text("3 rows were undone.")).to_be_visible()
    assert Contact.objects.get() == there
    assert problems == []
