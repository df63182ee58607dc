"""Events and tasks as they are made: from an hour of the calendar, and for a customer (F1.1, F1.7 –
F1.9, F1.12 – F1.15, F2.31 – F2.37, F3.1, F3.3 – F3.11)."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from activities.models import Activity
from crm.accounts.models import Team, User
from crm.contacts.models import Contact, Employment
from crm.records.models import CustomField
from tests.browser.calendars import TODAY, ask_at, item, named, show_as
from tests.browser.conftest import Window
from tests.browser.hands import Finger, Hand, Keys, Mouse, by_each
from tests.browser.pages import bare_names, cut_words, overflow, small_targets
from tests.factories import make_company, make_person

# Of what is over nobody is told: a Thursday to come.
THURSDAY = (TODAY + dt.timedelta(days=11 - TODAY.isoweekday())).isoformat()
DAY = f"/calendar/?view=day&date={THURSDAY}"
OF_TASKS = (
    *("Not started", "Planned", "In progress", "Waiting for input", "Deferred"),
    *("Completed", "Cancelled"),
)


@pytest.fixture
def anna(company: Contact, alice: User, team: Team) -> Contact:
    """Works for F.I.A.T.; Aaron, who would come first, does not."""
    make_person("Abel", first_name="Aaron", owner=alice, team=team, actor=alice)
    made = make_person("Bianchi", owner=alice, team=team, actor=alice, emails=["anna@fiat.example"])
    Employment.objects.create(company=company, person=made, function="Buyer")
    return made


@pytest.fixture
def galvani(alice: User, team: Team) -> Contact:
    return make_company("Officine Galvani", owner=alice, team=team, actor=alice)


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}")


def read(hand: Hand, page: Page) -> str:
    """A card, its details unfolded; as it is seen."""
    page.wait_for_url(re.compile(r"/activities/\d+/$"))
    if hand.name == "finger":
        hand.press(page.locator(".card-facts summary"))
    return page.locator("main").inner_text()


@by_each(Mouse("he"), Keys("en"), Finger("he"))
def test_an_event_is_made_from_an_hour_with_everything_there_is_to_say(
    window: Window, alice: User, bob: User, company: Contact, anna: Contact, galvani: Contact,
    hand: Hand,
) -> None:  # fmt: skip
    CustomField.objects.create(kind="activity", key="room", name_en="Room", type="text")
    page = hand.open(window, alice, DAY)
    ask_at(hand, page.locator(".cal-column"), 11)
    hand.press(page.locator("#calendar-menu .menu-item").first)
    expect(field(page, "starts_on")).to_have_value(THURSDAY)
    expect(field(page, "start_time")).to_have_value("11:00")
    expect(page.locator("[data-name=owner] .picked")).to_contain_text("Alice Rossi")

    field(page, "subject").fill("Sign the contract")
    field(page, "type").select_option(label=hand.says(named("Sales visit")))
    field(page, "status").select_option(label=hand.says(named("In progress")))
    field(page, "end_time").fill("12:30")
    hand.pick(field(page, "participants"), "Bob Rossi", "bob")
    field(page, "place").fill("Torino")
    hand.pick(field(page, "customer"), "F.I.A.T.", "fiat")
    hand.pick(field(page, "contact_person"), "Anna Bianchi")  # of the customer's people
    hand.pick(field(page, "other_customers"), "Officine Galvani", "galvani")
    field(page, "notes").fill("Bring both copies")
    field(page, "reminders-0-minutes").select_option("30")
    field(page, "custom_room").fill("Room 4")
    hand.press(page.locator("details.more > summary").last)
    field(page, "estimate").fill("45")
    problems = overflow(page) + cut_words(page) + bare_names(page)
    problems += small_targets(page) if hand.name == "finger" else []
    assert problems == []
    hand.save(page)

    seen = read(hand, page)
    for words in (
        *("Sign the contract", hand.says(named("Sales visit")), hand.says(named("In progress"))),
        *("11:00–12:30", "Alice Rossi", "Bob Rossi", "Torino", "F.I.A.T. S.p.A.", "Anna Bianchi"),
        *("Officine Galvani", "Bring both copies", "Room 4", "45"),
    ):
        assert words in seen
    made = Activity.objects.get()
    assert [one.minutes for one in made.reminders.all()] == [30]

    hand.press(page.get_by_role("link", name="Officine Galvani"))  # on the other's card, too
    hand.press(page.locator(".card-now").get_by_role("link", name="Sign the contract"))
    his = window(bob, DAY, **hand.screen)
    expect(item(his, made)).to_contain_text("Sign the contract")
    hand.press(his.locator("[data-bell] > summary"))
    expect(his.locator("#bell-panel")).to_contain_text("Sign the contract")


@by_each(Keys("he"), Finger("en"))
def test_a_task_for_a_customer_knows_them_and_goes_through_its_statuses(
    window: Window, alice: User, company: Contact, hand: Hand
) -> None:
    page = hand.open(window, alice, company.get_absolute_url())
    hand.menu(page.locator("[data-shortcut-create] > summary"), "Task")
    expect(page.locator("[data-name=customer] .picked")).to_contain_text("F.I.A.T. S.p.A.")
    statuses = [hand.says(named(name, is_task=True)) for name in OF_TASKS]
    expect(field(page, "status").locator("option")).to_have_text(statuses)
    field(page, "subject").fill("Send the offer")
    field(page, "priority").select_option(label=hand.says("High"))
    field(page, "starts_on").fill("2026-11-23")
    field(page, "ends_on").fill("2026-11-26")
    assert overflow(page) + cut_words(page) == []
    hand.save(page)
    seen = read(hand, page)
    assert hand.says("High") in seen
    assert statuses[0] in seen

    verb = page.locator("summary", has_text=hand.says("Show as"))
    hand.menu(verb, named("Waiting for input", is_task=True))
    expect(page.locator(".page-title .status")).to_have_text(statuses[3])
    hand.press(page.get_by_role("link", name="F.I.A.T. S.p.A."))
    row = page.locator(".card-now .row-item", has_text="Send the offer")
    expect(row).to_contain_text(statuses[3])

    made = Activity.objects.get()
    page.goto("/calendar/?view=week&date=2026-11-26")
    lane = page.locator(".cal-lane.is-tasks")
    expect(lane.locator(".cal-item")).to_contain_text("Send the offer")
    show_as(hand, item(page, made), named("Completed", is_task=True))
    expect(lane.locator(".cal-item.is-done bdi")).to_have_css(
        "text-decoration-line", "line-through"
    )
