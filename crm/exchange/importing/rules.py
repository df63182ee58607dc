"""What its person has decided about an import, as it lies in its row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnMatch(models.TextChoices):
    FILL = "fill", _("Fill in what is empty")
    OVERWRITE = "overwrite", _("Overwrite with what the file says")
    SKIP = "skip", _("Leave it as it is")
    CREATE = "create", _("Create another one anyway")


@dataclass(frozen=True)
class Rules:
    keys: tuple[str, ...] = ()  # by which a row finds its record, the strongest first
    on_match: str = OnMatch.FILL
    empties: bool = False  # an empty cell empties the field
    keeps_unknown_codes: bool = True  # as a row without a code, which gets a new one
    adds_choices: bool = False
    adds_others: bool = True  # other records that a row names: the company of a person
    owner: int | None = None
    team: int | None = None
    tags: tuple[int, ...] = ()

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Rules":
        known = {field.name for field in fields(cls)}
        chosen = {name: value for name, value in stored.items() if name in known}
        for name in ("keys", "tags"):
            if name in chosen:
                chosen[name] = tuple(chosen[name])
        return cls(**chosen)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"keys": list(self.keys), "tags": list(self.tags)}
