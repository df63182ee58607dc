"""The order of addresses, e-mails and phones: the first of each is the one that lists show."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.contacts.merging.relations import SAME, Moved, Place

Positions = dict[str, list[tuple[int, int]]]  # place: key and position of rows, as they were


def put_behind(survivor: int, moved: Sequence[Moved]) -> Positions:
    """The survivor's own rows stay the first, what each of the others brought follows. Numbered
    anew, so that the numbers stay small however often one is merged."""
    were: Positions = {}
    for model in SAME:
        label = Place(model, "contact_id").label
        turns = {key: turn for turn, one in enumerate(moved, start=1) for key in one.get(label, [])}
        if not turns:
            continue
        rows = list(_rows(model, survivor).order_by("position", "pk"))
        were[label] = [(row.pk, row.position) for row in rows if row.pk in turns]
        rows.sort(key=lambda row: turns.get(row.pk, 0))
        _number(model, rows, {row.pk: place for place, row in enumerate(rows)})
    return were


def put_back(contact: int, were: Positions) -> None:
    """Among the rows that stayed with `contact`, those it got back have their old places."""
    for model in SAME:
        positions = dict(were.get(Place(model, "contact_id").label, []))
        _number(model, _rows(model, contact).filter(pk__in=positions), positions)


def _rows(model: Any, contact: int) -> Any:
    return model._base_manager.filter(contact_id=contact)


def _number(model: Any, rows: Any, positions: Mapping[int, int]) -> None:
    changed = [row for row in rows if row.position != positions[row.pk]]
    for row in changed:
        row.position = positions[row.pk]
    model._base_manager.bulk_update(changed, ["position"])
