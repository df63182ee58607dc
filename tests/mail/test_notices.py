import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.mail.notices import mail_notices_to
from crm.mail.tasks import deliver_outbox, mail_owed_notifications
from crm.records.actions import (
    add_entry,
    assign_record,
    read_notifications,
    trash_record,
)
from crm.records.models import Notification
from tests.mail.conftest import Post
from tests.mail.news import mails, tell

pytestmark = pytest.mark.django_db


People = Callable[..., User]


Companies = Callable[[str], Contact]


LATER = dt.timedelta(minutes=2)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


def test_one_piece_of_news_is_one_mail_about_that_record(
    clock: Any, post: Post, company: Contact, alice: User, bob: User
) -> None:
    tell(company, alice, bob)
    mail_owed_notifications()
    assert mails() == [], "a moment is left for more to come"
    clock.shift(LATER)
    mail_owed_notifications()
    mail_owed_notifications()
    [mail] = mails()
    assert (mail.subject, mail.to, mail.user) == (
        "Alice Rossi wrote a note on F.I.A.T. S.p.A.",
        [bob.email],
        bob,
    )
    assert mail.record == company
    notification = bob.notifications.get()
    link = f"https://crm.example.com/notifications/{notification.pk}/"
    assert link in mail.text
    assert link in mail.html
    assert "Look at this" in mail.text
    deliver_outbox()
    assert post.taken[0]["Auto-Submitted"] == "auto-generated"
    assert post.taken[0].get_content_type() == "multipart/alternative"


def test_several_news_become_one_mail(
    clock: Any, company: Contact, alice: User, bob: User, company_of: Companies
) -> None:
    others = [company_of(f"Firm {n}") for n in range(3)]
    for record in (company, *others):
        tell(record, alice, bob)
        tell(record, alice, bob, text="And more")
    clock.shift(LATER)
    mail_owed_notifications()
    [mail] = mails()
    assert mail.subject == "4 pieces of news in Bottega"
    assert mail.text.count("https://crm.example.com/notifications/") == 4
    assert mail.text.count("and 1 more piece of news") == 4


def test_a_burst_across_the_minute_is_one_mail(
    clock: Any, company: Contact, alice: User, bob: User, company_of: Companies
) -> None:
    other = company_of("Other")
    tell(company, alice, bob)
    clock.shift(dt.timedelta(seconds=50))
    tell(other, alice, bob)
    clock.shift(dt.timedelta(seconds=15))
    mail_owed_notifications()
    clock.shift(LATER)
    mail_owed_notifications()
    assert [mail.subject for mail in mails()] == ["2 pieces of news in Bottega"]


def test_what_happens_after_the_mail_is_another_mail(
    clock: Any, company: Contact, alice: User, bob: User
) -> None:
    for _time in range(2):
        tell(company, alice, bob)
        clock.shift(LATER)
        mail_owed_notifications()
    assert len(mails()) == 2
    assert bob.notifications.count() == 1


def test_the_new_owner_is_told_and_the_actor_never(
    clock: Any, company: Contact, alice: User, bob: User
) -> None:
    assign_record(company, bob, actor=alice)
    tell(company, alice, alice)
    clock.shift(LATER)
    mail_owed_notifications()
    assert [(mail.subject, mail.user) for mail in mails()] == [
        ("Alice Rossi assigned F.I.A.T. S.p.A. to you", bob)
    ]


def test_what_is_read_in_time_is_not_mailed(
    clock: Any, company: Contact, alice: User, bob: User
) -> None:
    tell(company, alice, bob)
    read_notifications(bob.notifications.all())
    clock.shift(LATER)
    mail_owed_notifications()
    assert mails() == []
    assert not Notification.objects.owing_mail().exists()


def test_who_wants_no_mail_gets_none(
    clock: Any, company: Contact, alice: User, colleague_of: People
) -> None:
    never = colleague_of("never", mail_notifications="never")
    changed = colleague_of("changed")
    gone = colleague_of("gone")
    without = colleague_of("without", email="")
    tell(company, alice, never, changed, gone, without)
    User.objects.filter(pk=changed.pk).update(mail_notifications="never")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    clock.shift(LATER)
    mail_owed_notifications()
    assert mails() == []
    assert not Notification.objects.owing_mail().exists()
    assert never.notifications.unread().count() == 1, "the bell tells them all the same"


def test_a_record_hidden_meanwhile_is_not_told(
    clock: Any, company: Contact, alice: User, bob: User, company_of: Companies
) -> None:
    gone = company_of("Trashed")
    open_one = company_of("Open")
    for record in (company, gone, open_one):
        tell(record, alice, bob, text=f"Canary {record}")
    Contact.objects.filter(pk=company.pk).update(is_restricted=True)
    trash_record(gone, actor=alice)
    clock.shift(LATER)
    mail_owed_notifications()
    [mail] = mails()
    assert mail.subject == "Alice Rossi wrote a note on Open"
    assert "F.I.A.T." not in mail.text + mail.html
    assert "Trashed" not in mail.text + mail.html
    assert not Notification.objects.owing_mail().exists()


def test_hebrew_runs_from_right_to_left(
    clock: Any, company: Contact, alice: User, colleague_of: People
) -> None:
    dana = colleague_of("dana", language="he", time_zone="Asia/Jerusalem")
    tell(company, alice, dana)
    clock.shift(LATER)
    with translation.override("it"):
        mail_owed_notifications()
    [mail] = mails()
    assert '<html lang="he" dir="rtl">' in mail.html
    assert '<body dir="rtl"' in mail.html
    assert "12:00" in mail.text, "in the reader's zone"
    assert "<bdi>F.I.A.T. S.p.A.</bdi>" in mail.html


def test_names_are_text_in_both_forms(
    clock: Any, alice: User, bob: User, company_of: Companies
) -> None:
    hostile = company_of("<b>R&D</b> {actor} %s")
    tell(hostile, alice, bob, text="<script>1</script>")
    clock.shift(LATER)
    mail_owed_notifications()
    [mail] = mails()
    assert mail.subject == "Alice Rossi wrote a note on <b>R&D</b> {actor} %s"
    assert "<b>R&D</b> {actor} %s" in mail.text
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in mail.html
    assert "<script>" not in mail.html


def test_styles_are_written_into_the_elements(
    clock: Any, company: Contact, alice: User, bob: User
) -> None:
    tell(company, alice, bob)
    clock.shift(LATER)
    mail_owed_notifications()
    html = mails()[0].html
    assert "<style" not in html
    assert 'class="panel" style="' in html.replace("'", '"')


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_mail(company: Contact, alice: User, bob: User) -> None:
    tell(company, alice, bob)
    Notification.objects.update(mail_due_at=timezone.now() - LATER)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            mail_notices_to(bob.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mails()) == 1


def test_mark_and_mail_are_written_together_or_not_at_all(
    clock: Any, company: Contact, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(company, alice, bob)
    clock.shift(LATER)

    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("crm.mail.notices.queue_message", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            mail_notices_to(bob.pk)
    assert bob.notifications.get().mailed_at is None
    mail_owed_notifications()
    assert len(mails()) == 1


def test_a_name_that_no_header_takes_keeps_nobodys_mail_back(
    clock: Any, alice: User, bob: User, company: Contact
) -> None:
    Contact.objects.filter(pk=company.pk).update(name="Bell\x07 & Co")
    company.refresh_from_db()
    add_entry(company, actor=alice, entry="note", text="…", inform=[bob])
    clock.shift(LATER)
    mail_owed_notifications()
    assert "Bell & Co" in mails()[0].subject


def test_an_address_that_cannot_be_keeps_only_its_own_mail_back(
    clock: Any, alice: User, bob: User, admin: User, company: Contact
) -> None:
    first, second = sorted((bob, admin), key=lambda user: user.pk)
    User.objects.filter(pk=first.pk).update(email="not an address")
    add_entry(company, actor=alice, entry="note", text="…", inform=[first, second])
    clock.shift(LATER)
    mail_owed_notifications()
    assert [row.to for row in mails()] == [[second.email]]
