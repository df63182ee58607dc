"""The history of a record: complete, in words, for those who may see it, at a constant price."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.contacts.actions import save_employment
from crm.contacts.models import Employment
from crm.records.actions import add_entry, save_record
from crm.records.models import Event
from tests.factories import make_company, make_person

HTMX = {"HX-Request": "true"}


def panel(client, record, **query):
    url = reverse("timeline_panel", args=[record.kind, record.pk])
    return client.get(url, query, headers=HTMX)


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("carol", 404)])
def test_the_history_is_for_those_who_see_the_record(as_, company, who, status):
    assert panel(as_(who), company).status_code == status


def test_an_unknown_kind_and_a_missing_record_are_not_found(as_, company):
    client = as_("admin")
    assert client.get("/history/spaceship/1/").status_code == 404
    assert client.get(f"/history/contact/{company.pk + 1}/").status_code == 404
    assert panel(client, company, at="nonsense").status_code == 404


def test_a_change_is_told_with_the_old_and_the_new_value(as_, alice, company):
    company.name = "Stellantis"
    company.stage = "supplier"
    save_record(company, actor=alice)
    html = text_of(panel(as_("bob"), company))
    assert "<del><bdi>F.I.A.T. S.p.A.</bdi></del>" in html
    assert "<ins><bdi>Stellantis</bdi></ins>" in html
    assert "<del><bdi>Customer</bdi></del>" in html
    assert "Alice Rossi</bdi></strong> changed this" in html


def test_a_change_is_told_in_the_readers_language(as_, bob, alice, company):
    company.stage = "supplier"
    save_record(company, actor=alice)
    type(bob).objects.filter(pk=bob.pk).update(language="he")
    page = as_("bob").get(reverse("timeline_panel", args=["contact", company.pk]))
    assert 'dir="rtl"' in text_of(page)


def test_of_a_list_only_what_came_and_what_went_is_told(as_, alice, company):
    company.aliases = ["FIAT", "Fabbrica"]
    save_record(company, actor=alice)
    company.aliases = ["FIAT", "Lingotto"]
    save_record(company, actor=alice)
    newest = text_of(panel(as_("alice"), company)).partition("</li></ul>")[0]
    assert "<del><bdi>Fabbrica</bdi></del>" in newest
    assert "<ins><bdi>Lingotto</bdi></ins>" in newest


def test_the_page_works_without_javascript(as_, company):
    response = as_("alice").get(reverse("timeline_panel", args=["contact", company.pk]))
    assert response.status_code == 200
    assert "<html" in text_of(response)
    assert "created this" in text_of(response)


def test_notes_and_changes_can_be_seen_apart(as_, alice, company):
    add_entry(company, actor=alice, entry="call", text="Wants two lots")
    client = as_("alice")
    notes, changes = (text_of(panel(client, company, show=show)) for show in ("notes", "changes"))
    assert "Wants two lots" in notes
    assert "created this" not in notes
    assert "created this" in changes
    assert "Wants two lots" not in changes


def test_every_line_is_reached_once_by_going_older(as_, alice, company):
    moment = timezone.now()
    for number in range(45):  # many at the same moment: the key decides
        add_entry(company, actor=alice, entry="note", text=f"line-{number}.", happened_at=moment)
    client, seen = as_("alice"), []
    response = panel(client, company, show="notes")
    for _page in range(5):
        html = text_of(response)
        seen += [n for n in range(45) if f"line-{n}." in html]
        if not response.context["older_url"]:
            break
        response = client.get(response.context["older_url"], headers=HTMX)
        assert "<section" not in text_of(response)  # rows only: they join the list
    assert sorted(seen) == list(range(45))


def test_what_happened_later_stands_above_even_if_written_before(as_, alice, company):
    now = timezone.now()
    for text, days in (("older", 3), ("newer", 1)):
        add_entry(
            company, actor=alice, entry="note", text=text, happened_at=now - dt.timedelta(days=days)
        )
    add_entry(
        company, actor=alice, entry="note", text="oldest", happened_at=now - dt.timedelta(days=9)
    )
    html = text_of(panel(as_("alice"), company, show="notes"))
    assert html.index("newer") < html.index("older") < html.index("oldest")
    assert "written down" in html


def test_a_long_text_is_folded_and_whole(as_, alice, company):
    add_entry(company, actor=alice, entry="note", text="word " * 300 + "the-end")
    html = text_of(panel(as_("alice"), company))
    assert '<details class="fold-text">' in html
    assert "the-end" in html


def test_markup_in_a_text_stays_text(as_, alice, company):
    add_entry(company, actor=alice, entry="note", text="<script>alert(1)</script>")
    assert "<script>alert" not in text_of(panel(as_("alice"), company))


def test_the_history_of_a_company_does_not_name_a_person_one_may_not_see(
    as_, alice, bob, team, company
):
    """E11: a restricted person in the timeline of their company."""
    person = make_person("Canaryson", owner=alice, team=team, actor=alice, is_restricted=True)
    save_employment(Employment(company=company, person=person, function="Buyer"), actor=alice)
    assert "Canaryson" in text_of(panel(as_("alice"), company))
    assert "Canaryson" not in text_of(panel(as_("bob"), company))
    assert "Canaryson" not in str(list(Event.objects.filter(object_id=company.pk).values()))


def test_the_number_of_statements_does_not_grow_with_the_history(as_, alice, bob, company):
    client = as_("alice")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert panel(client, company).status_code == 200
        return len(queries)

    add_entry(company, actor=alice, entry="note", text="One", inform=[bob])
    panel(client, company)
    few = statements()
    for number in range(15):
        company.name = f"Name {number}"
        save_record(company, actor=bob if number % 2 else alice)
        add_entry(company, actor=alice, entry="note", text="More", inform=[bob])
    assert statements() == few
    assert few <= 8


def test_a_deleted_field_leaves_readable_history(as_, alice):
    company = make_company(owner=alice, actor=alice)
    Event.objects.create(
        record=company,
        verb="changed",
        changes=[{"field": "custom_gone", "old": 1, "new": "2026-11-22"}],
    )
    assert "gone" in text_of(panel(as_("alice"), company))


EDGES = [dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Rome", "Pacific/Auckland"])
@pytest.mark.parametrize("moment", EDGES, ids=lambda moment: str(moment.year))
def test_a_moment_that_no_zone_can_reckon_is_shown_as_it_is(as_, alice, company, moment, zone):
    """Forms refuse such years; rows from before they did are still there."""
    type(alice).objects.filter(pk=alice.pk).update(time_zone=zone)
    change = {"field": "created_at", "old": moment.isoformat(), "new": "0001-01-01T00:00:00+14:00"}
    for number in range(25):  # more than a page: the address of the next one names the moment
        Event.objects.create(
            record=company,
            verb="note",
            entry="note",
            text=f"Note {number:02}",
            happened_at=moment,
            changes=[change],
        )
    page = as_("alice").get(reverse("timeline_panel", args=["contact", company.pk]))
    assert page.status_code == 200
    assert page.context["older_url"]
    older = as_("alice").get(page.context["older_url"])
    assert older.status_code == 200
    both = text_of(page) + text_of(older)
    assert all(f"Note {number:02}" in both for number in range(25))
    assert str(moment.year).rjust(4, "0") in both
    assert as_("alice").get(company.get_absolute_url()).status_code == 200


def move_to(event: Event, moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_event SET happened_at = %s::timestamptz WHERE id = %s",
            [moment, event.pk],
        )


@pytest.mark.parametrize(
    ("moment", "year"), [("0001-12-31 23:10+00 BC", 1), ("10000-01-01 04:59+00", 9999)]
)
def test_a_moment_that_cannot_be_read_is_not_kept(as_, company, moment, year):
    event = Event.objects.create(record=company, verb="note", entry="note", text="Still here")
    with pytest.raises(IntegrityError), transaction.atomic():
        move_to(event, moment)
    with connection.cursor() as cursor:  # as before there was a constraint
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_event DROP CONSTRAINT event_readable_moment")
    move_to(event, moment)
    import_module("crm.records.migrations.0003_readable_moments").pull_in(apps, None)
    with connection.schema_editor() as editor:
        editor.add_constraint(Event, Event._meta.constraints[0])
    event.refresh_from_db()
    assert event.happened_at.year == year
    assert "Still here" in text_of(panel(as_("alice"), company))
