"""Two people edited the same record: the second sees both versions, field by field, and chooses."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from crm.records.forms import RecordForm, digest, stored_rows
from crm.records.wording import NOTHING, in_words

KEEP = "keep-"


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    theirs: str
    mine: str
    is_touched: bool  # the person changed it, so theirs does not win by default


def differences(form: RecordForm) -> list[Difference]:
    """Where what was typed differs from what is stored now. `form` is bound to the stored row."""
    seen = _seen(form)
    now = form.digests()
    # Read before any row is checked: checking writes what was typed into the rows.
    theirs_of = {prefix: stored_rows(formset) for prefix, formset in form.formsets.items()}
    found = []
    for name, field in form.fields.items():
        bound = form[name]
        mine = bound.data
        if name in form.not_compared or not field.has_changed(bound.initial, mine):
            continue
        if _is_only_shown(field, bound.initial, mine):
            continue
        touched = digest(mine) != seen.get(name, now[name])
        found.append(
            Difference(
                name,
                str(field.label),
                in_words(field, bound.initial),
                in_words(field, mine),
                touched,
            )
        )
    for prefix, formset in form.formsets.items():
        mine_rows, theirs_rows = _typed_rows(formset), theirs_of[prefix]
        if mine_rows != theirs_rows:
            touched = formset.has_changed() or digest(mine_rows) != seen.get(prefix)
            found.append(
                Difference(
                    prefix,
                    _label(formset),
                    "\n".join(theirs_rows) or NOTHING,
                    "\n".join(mine_rows) or NOTHING,
                    touched,
                )
            )
    return found


def _is_only_shown(field: Any, stored: Any, sent: Any) -> bool:
    """A select without an empty choice sends its first one where nothing is stored."""
    if stored not in (None, "") or not isinstance(field, forms.ChoiceField):
        return False
    choices: Any = field.choices
    first = next(iter(choices), ("", ""))[0]
    return bool(sent) and str(first) == sent


def _label(formset: Any) -> str:
    return str(formset.model._meta.verbose_name_plural).capitalize()


def _seen(form: RecordForm) -> dict[str, str]:
    try:
        seen = json.loads(form.data.get("seen", "{}"))
    except (ValueError, RecursionError):
        return {}
    return seen if isinstance(seen, dict) else {}


def _typed_rows(formset: forms.BaseInlineFormSet) -> list[str]:
    formset.is_valid()
    rows = []
    for row in formset.forms:
        data = getattr(row, "cleaned_data", {})
        if data.get("DELETE") or (row.empty_permitted and not row.has_changed()):
            continue
        is_whole = row.is_valid() and any(data.get(name) for name in row.fields if name != "use")
        words = str(row.instance) if is_whole else _typed_words(row)
        if words:
            rows.append(words)
    return rows


def _typed_words(row: forms.BaseForm) -> str:
    """Of a row that is not complete or not right: what stands in its fields."""
    typed = (row[name].data for name in row.fields if name not in ("id", "use", "DELETE"))
    return ", ".join(str(value) for value in typed if value)


def resolve(data: QueryDict, stored: Callable[[], RecordForm]) -> QueryDict:
    """The post with every field answered "theirs" put back to what is stored.

    `stored` makes the unbound form of the stored record.
    """
    chosen = [
        key.removeprefix(KEEP)
        for key, value in data.items()
        if key.startswith(KEEP) and value == "theirs"
    ]
    if not chosen:
        return data
    data, fresh = data.copy(), stored()
    for name in chosen:
        if name in fresh.fields:
            _put(data, name, fresh.fields[name].prepare_value(fresh[name].initial))
        elif name in fresh.formsets:
            _put_rows(data, fresh.formsets[name])
    return data


def _put(data: QueryDict, name: str, value: Any) -> None:
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        data.setlist(name, [str(getattr(item, "pk", item)) for item in value])
    elif value in (None, False):
        data.pop(name, None)
    else:
        data[name] = str(value)


def _put_rows(data: QueryDict, formset: forms.BaseInlineFormSet) -> None:
    for key in [key for key in data if key.startswith(f"{formset.prefix}-")]:
        data.pop(key)
    rows = formset.initial_forms
    data[f"{formset.prefix}-TOTAL_FORMS"] = data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(rows))
    for row in rows:
        for name in row.fields:
            _put(data, row.add_prefix(name), row[name].initial)
        data[row.add_prefix("id")] = str(row.instance.pk)
