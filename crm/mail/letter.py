"""From a row of the outbox back to a mail: the very same one at every attempt."""

from email import encoders
from email.mime.base import MIMEBase
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives

from crm.mail.models import OutboundMessage, OutboundPart


def letter_of(row: OutboundMessage) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text or row.html,
        from_email=row.from_address,
        to=row.to,
        cc=row.cc,
        bcc=row.bcc,
        reply_to=row.reply_to,
        headers={
            "Message-ID": row.message_id,
            "Date": format_datetime(row.created_at),
            **row.headers,
        },
    )
    if row.html and row.text:
        letter.attach_alternative(row.html, "text/html")
    elif row.html:
        letter.content_subtype = "html"
    for part in row.parts.all():
        _add(letter, part)
    return letter


def _add(letter: EmailMultiAlternatives, part: OutboundPart) -> None:
    content = bytes(part.content)
    is_text = part.content_type.startswith("text/")
    match part.role:
        case OutboundPart.Role.ALTERNATIVE:
            body = content.decode(errors="replace") if is_text else content
            letter.attach_alternative(body, part.content_type)
        case OutboundPart.Role.INLINE:
            letter.attach(_inline(part, content))
        case _:
            letter.attach(part.name or None, content, part.content_type)


def _inline(part: OutboundPart, content: bytes) -> MIMEBase:
    main, _slash, sub = part.content_type.partition("/")
    mime = MIMEBase(main, sub)
    mime.set_payload(content)
    encoders.encode_base64(mime)
    mime["Content-ID"] = part.content_id
    mime.add_header("Content-Disposition", "inline", filename=part.name or "image")
    return mime
