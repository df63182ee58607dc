from crm.records.admin.clockwork import ScheduledTaskAdmin
from crm.records.admin.custom import CustomFieldAdmin
from crm.records.admin.facts import custom_facts, record_link
from crm.records.admin.items import ListItemAdmin
from crm.records.admin.jobs import JobAdmin
from crm.records.admin.tags import TagAdmin
from crm.records.admin.traces import (
    NumberSeriesAdmin,
    ReadOnlyAdmin,
    SavedViewAdmin,
    TombstoneAdmin,
    VoidNumberAdmin,
)

__all__ = [
    "CustomFieldAdmin",
    "JobAdmin",
    "ListItemAdmin",
    "NumberSeriesAdmin",
    "ReadOnlyAdmin",
    "SavedViewAdmin",
    "ScheduledTaskAdmin",
    "TagAdmin",
    "TombstoneAdmin",
    "VoidNumberAdmin",
    "custom_facts",
    "record_link",
]
