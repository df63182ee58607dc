"""axe on every kind of page, in both lights: nothing serious, no rule left out."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from crm.accounts.models import Team, User
from crm.contacts.models import Category, Contact, Employment
from crm.documents.actions import add_document
from crm.documents.models import Document
from crm.records.actions import add_entry, trash_record
from crm.records.models import CustomField, Job, SavedView, Tag
from tests.browser.conftest import Ear, Window
from tests.browser.pages import in_both_lights, serious, settle
from tests.documents import samples
from tests.factories import make_company, make_person

Open = Callable[[str], Page]


@pytest.fixture
def lived_in(company: Contact, alice: User, bob: User, admin: User, team: Team) -> Contact:
    """A house in which people have worked for a while."""
    anna = make_person("Bianchi", owner=alice, team=team, actor=alice, phones=["+390491234567"])
    Employment.objects.create(company=company, person=anna, function="Buyer")
    add_entry(company, actor=bob, entry="call", text="They want a new boiler.", inform=[alice])
    make_company("Former S.r.l.", owner=alice, team=team, actor=alice, stage="lead")
    trash_record(make_company("Gone S.p.A.", owner=alice, team=team, actor=alice), actor=alice)
    SavedView.objects.create(kind="contact", owner=alice, name="Everything", query="")
    Job.objects.create(task="export", title="Export", user=alice, total=100, done=40)
    return company


@pytest.fixture
def plan(company: Contact, alice: User) -> Document:
    file = SimpleUploadedFile("plan.png", samples.picture())
    return add_document(company, file, actor=alice)


def test_lists_and_cards(
    window: Window, alice: User, lived_in: Contact, plan: Document, ear: Ear
) -> None:
    ear.expect()
    page = window(alice)
    found: list[str] = []
    person = Contact.objects.get(type="person").pk
    for path in (
        "/",
        "/contacts/",
        "/exports/",
        "/imports/",
        "/imports/new/",
        "/contacts/?q=nobody",
        "/contacts/?tab=former",
        "/contacts/?panel=filters",
        f"/contacts/{lived_in.pk}/",
        f"/contacts/{person}/",
        f"/history/contact/{lived_in.pk}/new/",
        f"/documents/on/contact/{lived_in.pk}/",
        f"/documents/{plan.pk}/",
        f"/access/contact/{lived_in.pk}/",
        "/trash/contact/",
        "/search/?q=fiat",
        "/nothing-here/",
    ):
        page.goto(path)
        found += in_both_lights(page)
    assert found == []


def test_forms_empty_wrong_and_in_conflict(
    window: Window, alice: User, lived_in: Contact, ear: Ear
) -> None:
    ear.expect()
    page = window(alice)
    found: list[str] = []
    for path in (
        "/contacts/company/new/",
        "/contacts/person/new/",
        f"/contacts/{lived_in.pk}/people/new/",
    ):
        page.goto(path)
        folded = page.locator("details.more:not([open]) > summary")
        while folded.count():  # each click leaves one fewer
            folded.first.click()
        found += in_both_lights(page)
    page.goto("/contacts/company/new/")
    page.locator("[data-save]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    found += in_both_lights(page)

    page.goto(f"/contacts/{lived_in.pk}/edit/")
    Contact.objects.filter(pk=lived_in.pk).update(name="Meanwhile", version=99)
    page.get_by_label("Company name").fill("Mine")
    page.locator("[data-save]").click()
    expect(page.locator(".versions")).to_be_visible()
    found += in_both_lights(page)
    page.evaluate("document.querySelector('.is-dirty').classList.remove('is-dirty')")
    assert found == []


def test_what_opens_over_a_page(window: Window, alice: User, lived_in: Contact) -> None:
    page = window(alice, "/contacts/")
    found: list[str] = []
    for opener in ("Filter", "Columns", "Views"):
        page.locator("summary.chip", has_text=opener).click()
        settle(page)
        found += in_both_lights(page)
    page.get_by_role("link", name="Save as a view").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += in_both_lights(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    page.locator("input[data-select]").first.click()
    page.get_by_role("button", name="Tags…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += in_both_lights(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    page.keyboard.press("?")
    found += serious(page)
    page.keyboard.press("Escape")
    for menu in ("summary[aria-label='Your menu']", "[data-bell] > summary"):
        page.locator(menu).click()
        found += in_both_lights(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("fiat")
    page.locator("#search-found [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    found += in_both_lights(page)
    assert found == []


def test_what_is_one_s_own(window: Window, alice: User, lived_in: Contact) -> None:
    page = window(alice)
    found: list[str] = []
    job = Job.objects.get().pk
    for path in (
        "/notifications/",
        "/notifications/?show=all",
        "/jobs/",
        f"/jobs/{job}/",
        "/account/settings/",
        "/account/password/change/",
        "/account/second-step/",
        "/account/sessions/",
        "/account/email/",
    ):
        page.goto(path)
        found += in_both_lights(page)
    assert found == []


def test_before_the_door(window: Window, ear: Ear) -> None:
    ear.expect(r"status of (403|404|410)")
    page = window()
    found: list[str] = []
    for path in ("/account/login/", "/account/password/reset/", "/account/activate/nothing/"):
        page.goto(path)
        found += in_both_lights(page)
    assert found == []


def test_the_administration(window: Window, admin: User, alice: User, ear: Ear) -> None:
    ear.expect("status of 403")
    CustomField.objects.create(kind="contact", key="gate", name_en="Gate", type="text")
    Category.objects.create(name_en="Heating")
    Tag.objects.create(name="urgent", key="urgent")
    page = window(admin)
    found: list[str] = []
    for path in (
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{alice.pk}/change/",
        f"/admin/accounts/role/{alice.role_id}/change/",
        "/admin/records/customfield/",
        "/admin/records/customfield/add/",
        "/admin/contacts/category/",
        "/admin/records/tag/",
        "/admin/records/job/",
        "/admin/mail/outboundmessage/",
    ):
        page.goto(path)
        found += in_both_lights(page)
    page = window(alice)
    page.goto("/admin/")
    found += in_both_lights(page)
    assert found == []
