"""Kinds of records in the administration: by their name, not by their key."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.accounts.rights import kinds
from crm.records.models import record_kinds


def name_of(kind: str) -> str:
    name = str(kinds().get(kind, kind))
    return name[:1].upper() + name[1:]


def kind_choices() -> list[tuple[str, str]]:
    return [(kind, name_of(kind)) for kind in record_kinds()]


@admin.display(description=_("kind of record"), ordering="kind")
def kind_name(row: Any) -> str:
    """For `list_display` and `fields` of whatever has a `kind`."""
    return name_of(row.kind)


class KindFilter(admin.SimpleListFilter):
    title = _("kind of record")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return kind_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset
