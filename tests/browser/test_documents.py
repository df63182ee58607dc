"""Files on a card: several at once, one of them refused; versions, names, the trash."""

import re

from playwright.sync_api import FilePayload, expect

from crm.accounts.models import User
from crm.contacts.models import Contact
from tests.browser.conftest import Ear, Window
from tests.documents import samples

PROGRAM = b"\x7fELF" + bytes(60)


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_files_are_dropped_looked_at_replaced_renamed_and_brought_back(
    window: Window, alice: User, company: Contact, ear: Ear
) -> None:
    ear.expect()
    page = window(alice, f"/contacts/{company.pk}/")
    page.locator("[data-upload] input[type=file]").set_input_files(
        [payload("plan.png", samples.picture()), payload("setup.exe", PROGRAM)]
    )
    panel = page.locator("#documents-list")
    expect(panel).to_contain_text("plan.png")
    expect(page.locator(".uploads .field-error")).to_be_visible()
    expect(panel).not_to_contain_text("setup.exe")

    panel.get_by_role("link", name="plan.png").click()
    picture = page.locator(".viewer-image")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40

    page.get_by_role("link", name="New version").click()
    page.locator("main input[type=file]").set_input_files(
        payload("plan-2.png", samples.picture(size=(60, 40)))
    )
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Versions 2")).to_be_visible()

    page.keyboard.press("e")
    page.get_by_label("Name").fill("Boiler room.png")
    page.locator("[data-save]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boiler room.png")

    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"/contacts/{company.pk}/$"))
    panel.locator("summary[aria-label='Actions for Boiler room.png']").click()
    panel.get_by_role("button", name="Move to trash").click()
    expect(panel.locator(".row-title")).to_have_count(0)
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(panel.locator(".row-title")).to_have_text("Boiler room.png")
