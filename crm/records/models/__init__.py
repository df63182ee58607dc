from crm.records.models.base import (
    HistoryPart,
    Matches,
    Record,
    RecordQuerySet,
    Tie,
    record_kinds,
)
from crm.records.models.choices import ListItem
from crm.records.models.clockwork import ScheduledTask
from crm.records.models.custom import CustomField, CustomFieldOption, custom_fields
from crm.records.models.job import Job
from crm.records.models.notification import Notification
from crm.records.models.number import NumberSeries, VoidNumber, take_number
from crm.records.models.organise import Favourite, Heartbeat, RecentView, SavedView, Tombstone
from crm.records.models.tag import Tag
from crm.records.models.timeline import Event, Pointer

__all__ = [
    "CustomField",
    "CustomFieldOption",
    "Event",
    "Favourite",
    "Heartbeat",
    "HistoryPart",
    "Job",
    "ListItem",
    "Matches",
    "Notification",
    "NumberSeries",
    "Pointer",
    "RecentView",
    "Record",
    "RecordQuerySet",
    "SavedView",
    "ScheduledTask",
    "Tag",
    "Tie",
    "Tombstone",
    "VoidNumber",
    "custom_fields",
    "record_kinds",
    "take_number",
]
