"""The list: finding, narrowing, keeping a view, choosing columns, doing things to many."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from crm.accounts.models import Team, User
from crm.contacts.models import Category, Contact
from crm.records.models import Job, Tag
from crm.records.tasks import run_job
from tests.browser.conftest import Window
from tests.factories import make_company


@pytest.fixture
def twelve(alice: User, team: Team) -> None:
    repairs = Category.objects.create(name_en="Repairs")
    for number in range(12):
        company = make_company(
            f"Company {number:02}", owner=alice, team=team, actor=alice, city=f"Town {number % 3}"
        )
        if number < 5:
            company.categories.add(repairs)


def names(page: Page) -> list[str]:
    return page.locator("[data-list] tbody .row-title").all_inner_texts()


@pytest.mark.usefixtures("twelve")
def test_a_list_is_narrowed_sorted_and_kept_as_a_view(window: Window, alice: User) -> None:
    page = window(alice, "/contacts/")
    rows = page.locator("[data-list] tbody tr")
    expect(rows).to_have_count(12)

    page.locator("summary.chip", has_text="Filter").click()
    box = page.get_by_role("combobox", name="Category")
    box.fill("rep")
    page.locator(".picker-list:visible [role=option]").first.wait_for()
    box.press("Enter")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_count(5)
    expect(page).to_have_url(re.compile("categories="))

    page.locator("th").get_by_role("link", name="Name").click()
    expect(page.locator("th[aria-sort=descending]")).to_be_visible()
    assert names(page) == [f"Company {number:02}" for number in (4, 3, 2, 1, 0)]

    page.locator("summary.chip", has_text="Views").click()
    page.get_by_role("link", name="Save as a view").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Repairs, backwards")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("summary.chip.is-on")).to_contain_text("Repairs, backwards")

    page.get_by_role("link", name="Remove filter Category").click()
    expect(rows).to_have_count(12)
    page.go_back()
    expect(rows).to_have_count(5)
    expect(page.locator("th[aria-sort=descending]")).to_be_visible()

    page.goto("/contacts/?view=none")
    expect(rows).to_have_count(12)
    page.locator("summary.chip", has_text="Views").click()
    page.get_by_role("link", name="Repairs, backwards").click()
    expect(rows).to_have_count(5)
    assert names(page)[0] == "Company 04"

    page.locator("#list-q").fill("company 03")
    expect(rows).to_have_count(1)


@pytest.mark.usefixtures("twelve")
def test_columns_are_chosen_and_put_in_order(window: Window, alice: User) -> None:
    page = window(alice, "/contacts/")
    page.locator("summary.chip", has_text="Columns").click()
    chooser = page.locator(".columns-list")
    chooser.get_by_label("Stage", exact=True).check()
    chooser.get_by_label("Owner", exact=True).uncheck()
    chooser.get_by_role("button", name="Code: up").click()
    page.get_by_role("button", name="Show these").click()
    heads = page.locator("thead th:not(.box)")
    expect(heads.first).to_have_text("Code")
    assert "Stage" in heads.all_inner_texts()
    assert "Owner" not in heads.all_inner_texts()


@pytest.mark.usefixtures("twelve")
def test_many_rows_are_chosen_tagged_and_taken_away_as_a_file(
    window: Window, alice: User, admin: User
) -> None:
    Tag.objects.create(name="Autumn letter")
    page = window(admin, "/contacts/")
    boxes = page.locator("input[data-select]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-selected-count]")).to_have_text("4")

    page.get_by_role("button", name="Tags…").click()
    dialog = page.get_by_role("dialog")
    box = dialog.get_by_role("combobox").first
    box.fill("autumn")
    page.locator(".picker-list:visible [role=option]").first.wait_for()
    box.press("Enter")
    dialog.get_by_role("button", name="Go on").click()
    expect(page.locator(".toasts")).to_contain_text("4")
    assert Contact.objects.filter(tags__name="Autumn letter").count() == 4

    boxes.nth(0).click()
    page.get_by_role("button", name="Export…").click()
    page.get_by_role("dialog").get_by_label("CSV").check()
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    job = page.locator("#job")
    expect(job).to_contain_text("Waiting")
    run_job(Job.objects.get().pk)
    with page.expect_download() as download:
        job.get_by_role("link", name="Download").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";" if ";" in file.readline() else ","))
    assert len(lines) == 1
    assert "Company 00" in lines[0]
