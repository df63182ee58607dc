"""Work in the background, as its page shows it."""

import re

from playwright.sync_api import Route, expect

from crm.accounts.models import User
from crm.records.models import Job
from tests.browser.conftest import Ear, Window

LONGER_THAN_QUICK = 500  # ms; what takes longer than 150 is shown to be under way


def test_what_looks_again_by_itself_does_not_blink_on_a_slow_line(
    window: Window, alice: User
) -> None:
    job = Job.objects.create(user=alice, task="test", title="A test", done=30, total=120)
    page = window(alice, f"/jobs/{job.pk}/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("pause="), hold)
    with page.expect_request(re.compile("pause=")):
        expect(page.get_by_role("progressbar")).to_be_visible()
    page.wait_for_timeout(LONGER_THAN_QUICK)
    assert held
    assert page.locator("#job").evaluate("one => getComputedStyle(one).opacity") == "1"
    expect(page.locator("html")).not_to_have_class(re.compile("is-busy"))
    Job.objects.update(state=Job.State.DONE, message="Ready.")
    held[0].continue_()
    expect(page.get_by_text("Ready.")).to_be_visible()


def test_it_goes_on_when_the_line_was_away_and_says_so_once(
    window: Window, alice: User, ear: Ear
) -> None:
    ear.expect("ERR_FAILED|htmx:(afterRequest|sendError)")
    job = Job.objects.create(user=alice, task="test", title="A test", done=30, total=120)
    page = window(alice, f"/jobs/{job.pk}/")
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if len(asked) == 3:
            Job.objects.update(state=Job.State.DONE, message="Ready.")
            route.continue_()
        else:
            route.abort()

    page.route(re.compile("pause="), answer)
    expect(page.get_by_text("Ready.")).to_be_visible()
    assert len(asked) == 3
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("The server cannot be reached.")
