from email.mime.image import MIMEImage
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail

from crm.accounts.models import User
from crm.mail.actions import instance_mark, queue_message
from crm.mail.errors import BadMessage
from crm.mail.letter import letter_of
from crm.mail.models import OutboundMessage

pytestmark = pytest.mark.django_db


def mime_of(message: EmailMessage) -> Any:
    row = queue_message(message)
    assert row is not None
    return letter_of(OutboundMessage.objects.get(pk=row.pk)).message()


def test_everything_of_a_mail_survives_the_outbox() -> None:
    message = EmailMultiAlternatives(
        "Caffè שלום",
        "Text ă",
        "Bottega <crm@example.com>",
        ["Ștefan <s@example.com>"],
        cc=["c@example.com"],
        bcc=["b@example.com"],
        reply_to=["r@example.com"],
        headers={"X-Case": "7", "In-Reply-To": "<1@example.com>"},
    )
    message.attach_alternative("<p>HTML ă</p>", "text/html")
    message.attach_alternative("BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    message.attach("q.pdf", b"%PDF\x00\xff", "application/pdf")
    message.attach("note.txt", "però", "text/plain")
    image = MIMEImage(b"\x89PNG", "png")
    image["Content-ID"] = "<logo>"
    message.attach(image)
    row = queue_message(message)
    assert row is not None
    letter = letter_of(OutboundMessage.objects.get(pk=row.pk))
    assert letter.recipients() == ["Ștefan <s@example.com>", "c@example.com", "b@example.com"]
    assert row.recipients == ["s@example.com", "c@example.com", "b@example.com"]
    mime = letter.message()
    parts = {part.get_content_type(): part for part in mime.walk()}
    assert parts["text/plain"].get_payload(decode=True).decode().startswith(("Text", "però"))
    assert "HTML ă" in parts["text/html"].get_payload(decode=True).decode()
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/pdf"].get_payload(decode=True) == b"%PDF\x00\xff"
    assert parts["image/png"]["Content-ID"] == "<logo>"
    assert (mime["X-Case"], mime["Reply-To"]) == ("7", "r@example.com")
    assert "b@example.com" not in mime.as_string()


def test_our_mail_says_that_a_machine_wrote_it(settings: Any) -> None:
    mime = mime_of(EmailMessage("Hello", "Text", None, ["a@example.com"]))
    assert mime["Auto-Submitted"] == "auto-generated"
    assert mime["X-Auto-Response-Suppress"] == "All"
    mark = mime["X-Bottega-Instance"]
    assert mark == instance_mark()
    assert len(mark) == 32
    settings.SITE_URL = "https://another.example.com"
    assert instance_mark() != mark


def test_a_writer_may_say_otherwise() -> None:
    headers = {"auto-submitted": "auto-replied", "Message-ID": "<mine@example.com>"}
    mime = mime_of(EmailMessage("Hello", "Text", None, ["a@example.com"], headers=headers))
    assert mime.get_all("Auto-Submitted") == ["auto-replied"]
    assert mime.get_all("Message-ID") == ["<mine@example.com>"]


def test_every_try_is_the_same_mail() -> None:
    row = queue_message(EmailMessage("Hello", "Text", None, ["a@example.com"]))
    assert row is not None
    row.refresh_from_db()
    first, second = letter_of(row).message(), letter_of(row).message()
    assert first["Message-ID"] == second["Message-ID"] == row.message_id
    assert first["Date"] == second["Date"]
    assert row.message_id.endswith("@crm.example.com>")


@pytest.mark.parametrize(
    "options",
    [
        {"subject": "Hello\nBcc: all@example.com"},
        {"subject": "Hello\r\n\r\n<script>"},
        {"to": ["a@example.com\nBcc: all@example.com"]},
        {"to": ["nobody"]},
        {"to": ["a@example.com, b@example.com"]},
        {"cc": ["a b@example.com"]},
        {"reply_to": ["r@example.com\r\nX: y"]},
        {"from_email": "crm@example.com\nX: y"},
        {"from_email": "nobody"},
        {"headers": {"X-A": "b\nX-C: d"}},
        {"headers": {"X-A\nX-C": "d"}},
        {"headers": {"X A": "d"}},
    ],
)
def test_what_would_smuggle_a_header_never_reaches_the_outbox(options: dict[str, Any]) -> None:
    good: dict[str, Any] = {"subject": "Hello", "body": "Text", "to": ["a@example.com"]}
    with pytest.raises(BadMessage):
        EmailMessage(**(good | options)).send()
    assert EmailMessage(**(good | options)).send(fail_silently=True) == 0
    assert not OutboundMessage.objects.exists()


def test_a_hostile_file_name_stays_a_name() -> None:
    message = EmailMessage("Hello", "Text", None, ["a@example.com"])
    message.attach("a\r\nX-Evil: 1.txt", "text", "text/plain")
    mime = mime_of(message)
    assert "\nX-Evil" not in mime.as_string()


def test_django_counts_what_it_sent() -> None:
    assert send_mail("Hello", "Text", None, ["a@example.com"], html_message="<p>Text</p>") == 1
    assert send_mail("Hello", "Text", None, []) == 0
    row = OutboundMessage.objects.get()
    assert (row.text, row.html, row.user) == ("Text", "<p>Text</p>", None)


def test_a_mail_in_html_alone_stays_so() -> None:
    message = EmailMessage("Hello", "<p>Text</p>", None, ["a@example.com"])
    message.content_subtype = "html"
    assert mime_of(message).get_content_type() == "text/html"


def test_administrators_see_the_outbox_and_try_again(client: Any, admin: User) -> None:
    client.force_login(admin)
    row = queue_message(EmailMessage("Quarterly", "Text", None, ["a@example.com"]))
    assert row is not None
    OutboundMessage.objects.update(state="failed", last_error="550 no")
    address = "/admin/mail/outboundmessage/"
    assert "Quarterly" in client.get(address, {"state": "failed"}).content.decode()
    assert "Quarterly" not in client.get(address, {"late": "yes"}).content.decode()
    assert "550 no" in client.get(f"{address}{row.pk}/change/").content.decode()
    client.post(address, {"action": "try_again", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.state == OutboundMessage.State.WAITING
    line = LogEntry.objects.get()
    assert (line.user, line.object_id) == (admin, str(row.pk))
    assert line.get_change_message() == "Changed state."
    assert "Quarterly" not in line.object_repr  # which a purge does not reach
