"""Trash with retention, and the purge that leaves one line without the data (F0.26, E13)."""

import datetime as dt

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.contacts.actions import save_employment
from crm.contacts.models import Contact, Employment
from crm.mail.tasks import mail_owed_notifications
from crm.records.actions import add_entry, purge_record, restore_record, save_record, trash_record
from crm.records.errors import ActionRefused
from crm.records.models import Event, Favourite, Notification, RecentView, Tombstone
from crm.records.tasks import purge_expired_trash
from tests.factories import make_company, make_person


def url(name, record):
    return reverse(name, args=[record.kind, record.pk])


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("carol", 404)])
@pytest.mark.parametrize("verb", ["record_trash", "record_restore", "record_purge"])
def test_only_who_may_delete_moves_restores_and_ends(as_, alice, company, verb, who, status):
    if verb != "record_trash":
        trash_record(company, actor=alice)
    assert as_(who).post(url(verb, company)).status_code == status


@pytest.mark.parametrize("verb", ["record_trash", "record_restore"])
def test_moving_and_restoring_is_not_done_by_looking(as_, company, verb):
    assert as_("alice").get(url(verb, company)).status_code == 405


def test_what_is_in_the_trash_is_nowhere_else_and_comes_back_whole(as_, alice, company):
    client = as_("alice")
    client.post(url("record_trash", company))
    assert client.get(company.get_absolute_url()).status_code == 404
    assert client.get(url("timeline_panel", company)).status_code == 404
    assert client.post(url("record_restore", company)).status_code == 302
    assert client.get(url("timeline_panel", company)).status_code == 200
    verbs = Event.objects.filter(object_id=company.pk).values_list("verb", flat=True)
    assert set(verbs) == {"created", "trashed", "restored"}


def test_after_moving_the_toast_offers_undo(as_, company):
    page = as_("alice").post(url("record_trash", company), follow=True).content.decode()
    assert f'action="{url("record_restore", company)}"' in page
    assert "Undo" in page


def test_twice_into_the_trash_and_twice_out_is_refused(alice, company):
    trash_record(company, actor=alice)
    with pytest.raises(ActionRefused):
        trash_record(company, actor=alice)
    restore_record(company, actor=alice)
    with pytest.raises(ActionRefused):
        restore_record(company, actor=alice)
    with pytest.raises(ActionRefused):
        purge_record(company, actor=alice)


def test_the_list_counts_down_and_finds_by_name(as_, alice, settings):
    settings.TRASH_DAYS = 30
    for name, days in (("Old trash", 18), ("Last trash", 30)):
        record = make_company(name, owner=alice, actor=alice)
        trash_record(record, actor=alice)
        then = timezone.now() - dt.timedelta(days=days) + dt.timedelta(minutes=5)
        Contact.objects.filter(pk=record.pk).update(trashed_at=then)
    client = as_("alice")
    html = client.get(reverse("trash_list", args=["contact"])).content.decode()
    assert "ends in 12 days" in html
    assert "ends today" in html
    found = client.get(reverse("trash_list", args=["contact"]), {"q": "old"}).content.decode()
    assert "Old trash" in found
    assert "Last trash" not in found


def test_one_sees_only_the_trash_one_may_delete(as_, alice, bob, company):
    trash_record(company, actor=alice)
    address = reverse("trash_list", args=["contact"])
    assert str(company) in as_("alice").get(address).content.decode()
    assert str(company) not in as_("bob").get(address).content.decode()


def test_the_trash_costs_the_same_with_fifty_rows_as_with_five(as_, alice):
    client, address = as_("alice"), reverse("trash_list", args=["contact"])

    def fill(number: int) -> None:
        for _row in range(number):
            trash_record(make_company(owner=alice, actor=alice), actor=alice)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    fill(5)
    statements()
    few = statements()
    fill(40)
    assert statements() == few


def test_before_the_end_the_page_names_what_goes_with_it(as_, alice, company):
    add_entry(company, actor=alice, entry="note", text="x")
    save_record(company, actor=alice, write=lambda c: c.emails.create(address="a@example.com"))
    trash_record(company, actor=alice)
    html = as_("alice").get(url("record_purge", company)).content.decode()
    assert "This cannot be undone" in html
    assert "history lines" in html
    assert "e-mails: <bdi>1</bdi>" in html
    assert Contact.objects.filter(pk=company.pk).exists()


def dump() -> str:
    """Every row of every table as text."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return "\n".join(rows)


def test_a_purged_person_leaves_no_personal_data_anywhere(as_, alice, bob, team, company):
    """E13: the canary's name, mail and phone are looked for in every table."""
    person = make_person(
        "Canaryson",
        first_name="Quintilla",
        owner=bob,
        team=team,
        actor=alice,
        emails=["quintilla@canary.example"],
        phones=["+39 011 5550199"],
        notes="Likes canary seed",
        aliases=["Quintessa"],
    )
    save_employment(Employment(company=company, person=person, function="Buyer"), actor=alice)
    person.last_name = "Canaryson-Bianchi"
    save_record(person, actor=alice)
    add_entry(person, actor=alice, entry="call", text="Quintilla rang", inform=[bob])
    for who in ("alice", "bob"):
        client = as_(who)
        client.get(person.get_absolute_url())
        client.post(url("favourite_toggle", person))
    _mail_notices()
    assert "Canaryson" in dump()
    trash_record(person, actor=alice)
    purge_record(person, actor=alice)
    left = dump()
    for word in ("Quint", "Canary", "canary", "5550199", "quint"):
        assert word not in left, [line[:200] for line in left.splitlines() if word in line]
    tomb = Tombstone.objects.get()
    assert (tomb.number, tomb.purged_by) == (person.number, alice)
    assert tomb.counts["event"] >= 3
    for model in (Favourite, RecentView, Notification):
        assert not model.objects.filter(object_id=person.pk).exists()
    assert as_("alice").get(company.get_absolute_url()).status_code == 200
    assert as_("alice").get(url("timeline_panel", company)).status_code == 200


def _mail_notices() -> None:
    Notification.objects.update(mail_due_at=timezone.now() - dt.timedelta(minutes=5))
    mail_owed_notifications()
    assert not mail.outbox


def test_the_clockwork_ends_what_was_long_enough_in_the_trash(alice, company, settings):
    settings.TRASH_DAYS = 30
    young = make_company(owner=alice, actor=alice)
    for record in (company, young):
        trash_record(record, actor=alice)
    Contact.objects.filter(pk=company.pk).update(trashed_at=timezone.now() - dt.timedelta(days=31))
    purge_expired_trash()
    purge_expired_trash()
    assert list(Contact.objects.values_list("pk", flat=True)) == [young.pk]
    assert Tombstone.objects.get().purged_by is None
