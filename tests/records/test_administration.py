"""The administration: every list at a constant price, and the scheduler's tasks in our words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin as stock
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import ModelEntry

from crm.accounts.models import User
from crm.celery import app
from crm.contacts.models import Category
from crm.documents.actions import add_document
from crm.exchange.models import ExportLog, Import
from crm.mail.actions import queue_message
from crm.records.actions import purge_record, trash_record
from crm.records.admin.clockwork import every
from crm.records.models import (
    CustomField,
    Job,
    NumberSeries,
    SavedView,
    ScheduledTask,
    Tag,
    Tombstone,
    VoidNumber,
)
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
TASKS = "/admin/records/scheduledtask/"


def ring(number: int, **fields: Any) -> ScheduledTask:
    interval, _new = IntervalSchedule.objects.get_or_create(every=30 + number, period="seconds")
    return ScheduledTask.objects.create(
        **({"name": f"Task {number}", "task": "x.y", "interval": interval} | fields)
    )


def job(number: int) -> Job:
    person = make_user(role="agent")
    return Job.objects.create(task="export", title=f"Export {number}", user=person)


def mail(number: int) -> Any:
    return queue_message(EmailMessage(f"Mail {number}", "Text", None, ["a@example.com"]))


def tombstone(number: int, admin: User) -> Tombstone:
    return Tombstone.objects.create(
        kind="contact", object_id=number, created_at=admin.date_joined, purged_by=admin
    )


ROWS: dict[str, Callable[[int, User], Any]] = {
    "records/customfield": lambda n, admin: CustomField.objects.create(
        kind="contact", type="text", key=f"key{n}", name_en="My text"
    ),
    "records/tag": lambda n, admin: Tag.objects.create(name=f"Tag {n}"),
    "records/savedview": lambda n, admin: SavedView.objects.create(
        kind="contact", name=f"View {n}", owner=admin
    ),
    "records/tombstone": tombstone,
    "records/numberseries": lambda n, admin: NumberSeries.objects.create(
        kind="contact", series=f"S{n}"
    ),
    "records/voidnumber": lambda n, admin: VoidNumber.objects.create(
        kind="contact", number=f"C-{n}", voided_by=admin
    ),
    "records/job": lambda n, admin: job(n),
    "exchange/exportlog": lambda n, admin: ExportLog.objects.create(
        kind="contact", user=admin, query="tab=leads", columns=["city"], rows=n, format="csv"
    ),
    "exchange/import": lambda n, admin: brought(f"{n}.csv", admin),
    "documents/document": lambda n, admin: add_document(
        make_company(f"Home {n}", owner=admin, actor=admin),
        SimpleUploadedFile(f"{n}.txt", b"text"),
        actor=admin,
    ),
    "records/scheduledtask": lambda n, admin: ring(n),
    "mail/outboundmessage": lambda n, admin: mail(n),
    "contacts/category": lambda n, admin: None,
    "contacts/area": lambda n, admin: None,
    "contacts/productgroup": lambda n, admin: None,
    "contacts/contact": lambda n, admin: make_company(f"Company {n}", owner=admin, actor=admin),
}


def brought(name: str, user: User) -> Import:
    counts = {"c": 1200, "others": 3, "over": 1}
    return Import.objects.create(
        kind="contact", type="customers", file_name=name, user=user, step="run", counts=counts
    )


@pytest.mark.parametrize("path", ROWS)
def test_the_administration_costs_the_same_with_fifty_rows(as_, admin, path):
    model: Any = apps.get_model(*path.split("/"))
    client = as_("admin")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/{path}/").status_code == 200
        return len(queries)

    def make(number: int) -> None:
        if ROWS[path](number, admin) is None:
            model.objects.create(name_en=f"Item {number}")

    for number in range(5):
        make(number)
    statements()
    few = statements()
    for number in range(5, 50):
        make(number)
    assert statements() == few
    row = model.objects.first()
    assert client.get(f"/admin/{path}/{row.pk}/change/").status_code == 200
    assert client.get(f"/admin/{path}/", {"q": "x"}).status_code == 200


def test_the_scheduler_shows_its_tasks_in_our_words_and_nothing_else(as_, admin):
    ring(30, name="outbox", task="crm.mail.tasks.deliver_outbox")
    ring(30, name="celery.backend_cleanup", task="celery.backend_cleanup")
    page = as_("admin").get(TASKS).content.decode()
    assert "Send e-mails that are due" in page
    assert "every 1 minute" in page
    assert "backend_cleanup" not in page
    shown = {model._meta.label for model in stock.site._registry}
    assert not {label for label in shown if label.startswith("django_celery_beat")}


def test_every_ring_says_to_administrators_what_it_does():
    assert all(str(title) for _task, _seconds, title in settings.CLOCK.values())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "every 30 seconds"),
        (60, "every 1 minute"),
        (300, "every 5 minutes"),
        (3600, "every 1 hour"),
        (86400, "every 1 day"),
    ],
)
def test_how_often_is_said_in_the_largest_unit(seconds, words):
    assert every(seconds) == words


def test_a_task_is_switched_off_and_on_and_when_it_rings_stays_ours(as_, admin):
    row = ring(0, name="outbox", task="crm.mail.tasks.deliver_outbox")
    for action, is_on in (("switch_off", False), ("switch_on", True)):
        before = PeriodicTasks.last_change()
        data = {"action": action, "_selected_action": [row.pk]}
        assert as_("admin").post(TASKS, data).status_code == 302
        ModelEntry.from_entry("outbox", app=app, **settings.CELERY_BEAT_SCHEDULE["outbox"])
        assert PeriodicTask.objects.get(pk=row.pk).enabled is is_on  # also when it starts anew
        assert PeriodicTasks.last_change() != before  # the scheduler hears of it
        line = LogEntry.objects.first()
        assert line is not None
        assert (line.user, line.get_change_message()) == (admin, "Changed on.")
    address = f"{TASKS}{row.pk}/change/"
    assert as_("admin").post(address, {"name": "other"}).status_code == 403
    assert as_("admin").get(f"{TASKS}add/").status_code == 403


def test_a_task_can_be_rung_by_hand(as_, admin, monkeypatch, django_capture_on_commit_callbacks):
    rung: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_options: rung.append(name))
    row = ring(0, name="outbox", task="crm.mail.tasks.deliver_outbox")
    with django_capture_on_commit_callbacks(execute=True):
        data = {"action": "run_now", "_selected_action": [row.pk]}
        page = as_("admin").post(TASKS, data, follow=True)
    assert rung == ["crm.mail.tasks.deliver_outbox"]
    assert "1 task runs as soon as a worker is free." in page.content.decode()


def test_kinds_of_records_are_called_by_their_name(as_, admin):
    make_company("Kept S.r.l.", actor=admin)
    gone = Tombstone.objects.create(
        kind="contact", object_id=77, number="C-00077", created_at=timezone.now()
    )
    SavedView.objects.create(kind="contact", owner=admin, name="Mine")
    field = CustomField.objects.create(kind="contact", key="gate", name_en="Gate", type="text")
    window = as_("admin")
    for path in ("numberseries/", "tombstone/", "savedview/", "customfield/"):
        page = window.get(f"/admin/records/{path}?kind=contact")
        assert page.status_code == 200, path
        html = page.content.decode()
        assert ">Contacts</td>" in html or ">Contacts</a></th>" in html, path
        assert ">contact<" not in html, path
    for path in (f"tombstone/{gone.pk}", f"customfield/{field.pk}"):
        html = window.get(f"/admin/records/{path}/change/").content.decode()
        assert "Contacts" in html, path


def test_documents_name_their_record_and_lead_to_it(as_, admin):
    company = make_company("Kept S.r.l.", owner=admin, actor=admin)
    paper = add_document(company, SimpleUploadedFile("a.txt", b"text"), actor=admin)
    link = f'<a href="{company.get_absolute_url()}"><bdi>Kept S.r.l.</bdi></a>'
    pages = ("/admin/documents/document/", f"/admin/documents/document/{paper.pk}/change/")
    for page in pages:
        assert link in as_("admin").get(page).content.decode(), page
    trash_record(company, actor=admin)
    for page in pages:
        html = as_("admin").get(page).content.decode()
        assert "<bdi>Kept S.r.l.</bdi> (in the trash)" in html, page
        assert company.get_absolute_url() not in html, page


def test_what_a_view_or_an_export_asks_for_is_told_in_words(as_, admin):
    heating = Category.objects.create(name_en="Heating")
    query = f"tab=leads&q=hotel&owner={admin.pk}&categories={heating.pk}"
    view = SavedView.objects.create(
        kind="contact", owner=admin, name="Mine", query=query, columns=["name", "city"]
    )
    log = ExportLog.objects.create(
        kind="contact", user=admin, query=query, columns=["name", "city"], rows=1, format="csv"
    )
    for path in (f"records/savedview/{view.pk}", f"exchange/exportlog/{log.pk}"):
        html = as_("admin").get(f"/admin/{path}/change/").content.decode()
        for label, value in (
            ("List", "Leads"),
            ("Search", "hotel"),
            ("Owner", admin.name),
            ("Category", "Heating"),
        ):
            assert f"<div>{label}: <bdi>{value}</bdi></div>" in html, (path, label)
        assert "Name, City" in html
        assert query.replace("&", "&amp;") not in html, path


def test_an_import_is_told_in_words_and_not_to_be_changed(as_, admin):
    batch = brought("firms.csv", admin)
    page = f"/admin/exchange/import/{batch.pk}/change/"
    html = as_("admin").get(page).content.decode()
    for told in ("<div>Created: <bdi>1,200</bdi></div>", "Customers", "Contact", admin.name):
        assert told in html
    assert f'<a href="{batch.get_absolute_url()}"><bdi>firms.csv</bdi></a>' in html
    assert "Rejected" not in html
    assert as_("admin").post(page, {"step": "undo"}).status_code == 403
    assert as_("alice").get(page).status_code != 200


def test_custom_fields_and_purges_are_told_in_words(as_, admin):
    fuel = CustomField.objects.create(kind="contact", key="fuel", name_en="Fuel", type="choice")
    gas = fuel.options.create(name_en="Gas")
    company = make_company("Kept S.r.l.", owner=admin, actor=admin, custom={"fuel": gas.pk})
    html = as_("admin").get(f"/admin/contacts/contact/{company.pk}/change/").content.decode()
    assert "<div>Fuel: <bdi>Gas</bdi></div>" in html
    trash_record(company, actor=admin)
    gone = purge_record(company, actor=admin)
    html = as_("admin").get(f"/admin/records/tombstone/{gone.pk}/change/").content.decode()
    assert "history lines (" in html
    assert "&quot;event&quot;" not in html
    assert str(gone) == company.number
