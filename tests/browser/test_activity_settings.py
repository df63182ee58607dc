"""What an administrator sets for everybody's calendars: the week, types, statuses, people (F1.2,
F1.7, F1.8, F1.11, F2.30, F2.35, F2.36)."""

from playwright.sync_api import Page, expect

from crm.accounts.models import User
from tests.browser.conftest import Window
from tests.browser.hands import Finger, Hand
from tests.browser.pages import overflow

FRIDAY, SUNDAY = 5, 7


def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"#id_{name}").fill(text)


def save(hand: Hand, page: Page) -> None:
    assert overflow(page) == []
    hand.press(page.locator("[name=_save]"))
    expect(page.locator(".messagelist .success").first).to_be_visible()


def test_an_administrator_says_how_the_week_goes_and_what_there_is_to_choose(
    window: Window, admin: User
) -> None:
    hand = Finger("he")
    admin.language = hand.language
    admin.save()
    page = window(admin, "/admin/accounts/organisation/", **hand.screen)
    for day in (FRIDAY, SUNDAY):
        hand.tick(page.locator(f"[name=working_days][value='{day}']"))
    page.locator("#id_first_day").select_option(str(SUNDAY))
    save(hand, page)
    page.goto("/admin/activities/activitytype/add/")
    fill(page, name_en="Site survey", name_he="סקר באתר")
    save(hand, page)
    page.goto("/admin/activities/activitystatus/add/")
    fill(page, name_en="Confirmed", name_he="אושרה")
    page.locator("#id_category").select_option("planned")
    save(hand, page)
    page.goto("/admin/accounts/user/add/")
    fill(page, username="dora", first_name="Dora", last_name="Levi", email="dora@example.com")
    page.locator("#id_role").select_option(label=hand.says(admin.role))
    save(hand, page)

    page.goto("/calendar/?view=work-week&date=2026-11-26")
    expect(page.locator(".cal-day strong")).to_have_text(["22", "23", "24", "25", "26"])
    hand.press(page.locator("details", has=page.locator("[data-cal=people]")).locator("summary"))
    expect(page.locator("[data-cal=people]")).to_contain_text("Dora Levi")
    page.goto("/activities/event/new/")
    offered = page.locator("#id_type option, #id_status option").all_inner_texts()
    assert {"סקר באתר", "אושרה"} <= {*offered}
