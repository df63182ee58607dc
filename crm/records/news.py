"""Notifications as their reader may see them now: rights may have changed since (E11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.safestring import SafeString

from crm.accounts.models import User
from crm.records import sentences
from crm.records.models import Notification, Record
from crm.records.pointed import place_of, records_at


@dataclass(frozen=True)
class News:
    notification: Notification
    record: Record
    reader: User

    @property
    def sentence(self) -> SafeString:
        return sentences.told(self.notification.event, self.record, self.reader)

    @property
    def sentence_plain(self) -> str:
        return sentences.told_plainly(self.notification.event, self.record, self.reader)

    @property
    def more(self) -> int:
        """How many earlier pieces of news of the same record it stands for."""
        return self.notification.count - 1


def with_details(notifications: "models.QuerySet[Notification]") -> "models.QuerySet[Notification]":
    return notifications.select_related("event__actor")


def told_to(reader: User, notifications: Iterable[Notification]) -> list[News]:
    """Those whose record `reader` still sees, in the given order; one statement a kind."""
    rows = list(notifications)
    records = records_at(reader, rows)
    return [
        News(row, records[place], reader) for row in rows if (place := place_of(row)) in records
    ]


def hidden_among(notifications: Iterable[Notification], news: Iterable[News]) -> list[Notification]:
    shown = {item.notification.pk for item in news}
    return [row for row in notifications if row.pk not in shown]
