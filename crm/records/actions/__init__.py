from crm.records.actions.assigning import assign_record, tag_record
from crm.records.actions.notifying import notify, read_notifications
from crm.records.actions.saving import save_record
from crm.records.actions.timeline import add_entry, record_event
from crm.records.actions.trash import purge_record, restore_record, trash_record

__all__ = [
    "add_entry",
    "assign_record",
    "notify",
    "purge_record",
    "read_notifications",
    "record_event",
    "restore_record",
    "save_record",
    "tag_record",
    "trash_record",
]
