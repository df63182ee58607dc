"""What an action answers when it will not."""

from typing import TYPE_CHECKING

from django.http import Http404

from crm.accounts.errors import ActionRefused

if TYPE_CHECKING:
    from crm.records.models import Record

__all__ = ["ActionRefused", "BecameAnother", "Outdated"]


class BecameAnother(Http404):
    """The record is part of `heir` now, which the person who asks may see."""

    def __init__(self, heir: "Record") -> None:
        super().__init__()
        self.heir = heir


class Outdated(Exception):
    """Somebody else saved the record since this form was opened."""
