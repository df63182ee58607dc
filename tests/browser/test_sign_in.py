"""Getting in and out, and being invited."""

import re

from django.core import signing
from playwright.sync_api import expect

from crm.accounts.models import User
from crm.mail.models import OutboundMessage
from tests.browser.conftest import Ear, Window
from tests.factories import make_user


def test_one_signs_in_and_out_with_the_keyboard_alone(window: Window, alice: User) -> None:
    page = window(at="/contacts/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("input[name=login]")).to_be_focused()

    page.keyboard.type("alice")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_contain_text("is not right")
    expect(page.locator("input[name=login]")).to_have_value("alice")

    page.locator("input[name=password]").focus()
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/contacts/$"))

    menu = page.locator("summary[aria-label='Your menu']")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Sign out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/contacts/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_invited_person_follows_the_mail_and_is_in(
    window: Window, admin: User, ear: Ear
) -> None:
    ear.expect("status of 410")
    desk = window(admin, "/admin/accounts/user/add/")
    desk.get_by_label("User name").fill("dora")
    desk.get_by_label("First name").fill("Dora")
    desk.get_by_label("E-mail").fill("dora@example.com")
    desk.get_by_label("Role").select_option(label="Agent")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist, .toasts")).to_contain_text("Dora")

    mail = OutboundMessage.objects.get()
    link = re.search(r"http\S+/account/activate/\S+", str(mail.text))
    assert link, "the mail has no link"
    assert signing.loads(link[0].rstrip("/").rsplit("/", 1)[1], salt="crm.accounts.invitations")

    phone = window(at=link[0])
    expect(phone.get_by_role("heading", name="Welcome, Dora")).to_be_visible()
    for field in phone.locator("input[type=password]").all():
        field.fill("a long enough one")
    phone.get_by_role("button", name="Set the password and sign in").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Dora")

    late = window(at=link[0])
    expect(late.get_by_role("heading", name="This link was already used")).to_be_visible()


def test_forgetting_the_password_is_no_dead_end(window: Window) -> None:
    make_user("elena")
    page = window(at="/account/login/")
    page.get_by_role("link", name="Problems signing in?").click()
    page.locator("input[name=email]").fill("elena@example.com")
    page.locator("main button.button-primary").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert OutboundMessage.objects.get().to == ["elena@example.com"]
