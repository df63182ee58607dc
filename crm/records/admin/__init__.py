from crm.records.admin.custom import CustomFieldAdmin
from crm.records.admin.items import ListItemAdmin
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
    "ListItemAdmin",
    "NumberSeriesAdmin",
    "ReadOnlyAdmin",
    "SavedViewAdmin",
    "TagAdmin",
    "TombstoneAdmin",
    "VoidNumberAdmin",
]
