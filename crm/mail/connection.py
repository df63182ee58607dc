"""Connections that say which recipient was refused, and whether a broken one is in doubt."""

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from crm.mail.errors import InDoubt

TIMEOUT = 60  # seconds each answer may take; EMAIL_URL's ?timeout= says otherwise
SMTP = "django.core.mail.backends.smtp.EmailBackend"
OPTIONS = {
    "host": "EMAIL_HOST",
    "port": "EMAIL_PORT",
    "username": "EMAIL_HOST_USER",
    "password": "EMAIL_HOST_PASSWORD",
    "use_tls": "EMAIL_USE_TLS",
    "use_ssl": "EMAIL_USE_SSL",
    "timeout": "EMAIL_TIMEOUT",
    "file_path": "EMAIL_FILE_PATH",
}
Answers = Mapping[str, tuple[int, bytes | str]]


class _Doubting(smtplib.SMTP):
    """Once the server has the mail, a connection that breaks is not a refusal."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except OSError as problem:  # smtplib's own errors are among them
            raise InDoubt(str(problem)) from problem


class _DoubtingSSL(_Doubting, smtplib.SMTP_SSL):
    pass


class SmtpConnection(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _DoubtingSSL if self.use_ssl else _Doubting

    def hand_over(self, sender: str, recipients: list[str], content: bytes) -> Answers:
        """{refused address: answer}; raises what smtplib raises, and InDoubt."""
        assert self.connection is not None, "open() comes first"
        return self.connection.sendmail(sender, recipients, content)

    def drop(self) -> None:
        """Leave without a word: after an error, politeness may take a minute to time out."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Line:
    """The way out, opened when first needed and kept for a batch."""

    def __init__(self) -> None:
        conf = settings.DELIVERY_EMAIL
        backend = conf.get("EMAIL_BACKEND") or SMTP
        options = {name: conf[key] for name, key in OPTIONS.items() if conf.get(key) is not None}
        options.setdefault("timeout", TIMEOUT)
        self.connection = (
            SmtpConnection(**options) if backend == SMTP else get_connection(backend, **options)
        )

    def open(self) -> None:
        self.connection.open()

    def hand_over(self, message: EmailMessage, sender: str, recipients: list[str]) -> Answers:
        if isinstance(self.connection, SmtpConnection):
            mime = message.message()
            content = mime.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # not in the stubs
            return self.connection.hand_over(sender, recipients, content)
        self.connection.send_messages([message])
        return {}

    def drop(self) -> None:
        if isinstance(self.connection, SmtpConnection):
            self.connection.drop()
        else:
            self.connection.close()

    def close(self) -> None:
        with suppress(OSError):  # all is settled: how the goodbye goes does not matter
            self.connection.close()
