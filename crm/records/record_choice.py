"""A field of a form for a record of any kind: what is chosen is sent as "contact:7"."""

from typing import Any, ClassVar, Self

from django import forms

from crm.accounts.models import User
from crm.records.lookups import records_called
from crm.records.models import Record, record_kinds
from crm.ui.keys import key_in
from crm.ui.pickers import GONE, Picker
from crm.ui.typed_choice import only_one, words_in


def place_text(record: Record) -> str:
    return f"{record.kind}:{record.pk}"


class RecordPicker(Picker):
    field: "RecordChoice"

    def __init__(self) -> None:
        super().__init__("record")

    def chosen(self, value: Any) -> list[tuple[Any, str]]:
        record = self.field.record(value)
        return [(place_text(record), str(record))] if record else []


class RecordChoice(forms.Field):
    """Among all that `actor` sees. `held` is what the form's own record has now."""

    widget = RecordPicker
    default_error_messages: ClassVar[Any] = {"gone": GONE}
    actor: User | None = None
    held: Record | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.field = self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        result = super().__deepcopy__(memo)
        result.widget.field = result
        return result

    def record(self, value: Any) -> Record | None:
        """What "contact:7" names, if the actor sees it."""
        if isinstance(value, Record):
            return value
        kind, _colon, text = str(value or "").partition(":")
        model, key = record_kinds().get(kind), key_in(text)
        if model is None or key is None:
            return None
        if self.held and place_text(self.held) == f"{kind}:{key}":
            return self.held
        if self.actor is None:
            return None
        return model.objects.visible_to(self.actor).filter(pk=key).first()

    def prepare_value(self, value: Any) -> Any:
        return place_text(value) if isinstance(value, Record) else value

    def to_python(self, value: Any) -> Record | None:
        if value in self.empty_values:
            return None
        if words := words_in(value):
            # Where no script runs.
            return only_one(words, records_called(self.actor, words) if self.actor else [])
        record = self.record(value)
        if record is None:
            raise forms.ValidationError(self.error_messages["gone"], code="gone")
        return record

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")

    def in_words(self, value: Any) -> str:
        record = self.record(value)
        return str(record) if record else words_in(value)
