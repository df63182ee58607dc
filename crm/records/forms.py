"""The form of a record: scoped choices, custom fields, and nothing typed is ever lost."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.forms import BaseInlineFormSet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.records.custom_forms import custom_form_field
from crm.records.held import RowsInPlace, hold, release
from crm.records.models import Record, Tag, custom_fields
from crm.records.tagged import tags_seen_by
from crm.ui.choices import NO_CHOICE
from crm.ui.pickers import HeldChoice, HeldChoices, MultiPicker, Picker

DECIDES_ACCESS = ("owner", "team", "is_restricted", "viewers")


class PersonChoice(HeldChoice):
    widget = Picker("person-here")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.active(), **kwargs)

    def label_from_instance(self, obj: models.Model) -> str:
        return str(getattr(obj, "name", obj))


class PeopleChoice(HeldChoices):
    widget = MultiPicker("person-here")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.active(), **kwargs)

    label_from_instance = PersonChoice.label_from_instance


class TeamChoices(ModelChoiceIterator):
    """Those of the actor, whom the record has, or for an administrator all."""

    field: "TeamChoice"

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", str(self.field.empty_label))
        yield from map(self.choice, self.field.offered())


class TeamChoice(HeldChoice):
    iterator = TeamChoices
    actor: User | None = None

    def offered(self) -> Iterable[models.Model]:
        if self.actor is None or self.actor.is_administrator:
            return list(Team.objects.all())
        rows: dict[Any, Any] = {team.pk: team for team in self.held.values()}
        if others := set(self.actor.team_ids) - rows.keys():
            rows |= Team.objects.in_bulk(others)
        return sorted(rows.values(), key=lambda team: team.name.casefold())


class TagChoice(HeldChoices):
    """Among the tags that `actor` knows of: asked for only where tags are chosen."""

    widget = MultiPicker("tag", creates=True)
    actor: User | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Tag.objects.all(), **kwargs)

    def _get_queryset(self) -> models.QuerySet[Tag]:
        return tags_seen_by(self.actor) if self.actor else Tag.objects.all()

    def _set_queryset(self, queryset: models.QuerySet[Tag]) -> None:
        self.widget.choices = self.choices  # that is all there is to keep

    queryset = property(_get_queryset, _set_queryset)

    def clean(self, value: Any) -> Any:
        if not value and not self.required:
            return Tag.objects.none()
        return super().clean(value)


class RecordForm(forms.ModelForm):
    """`formsets` are the rows of other tables edited in place; they are valid and saved with it.

    `version` is what the person saw; `seen` are digests of every field's value at that moment, so
    that in a conflict we know which fields they touched.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    owner = PersonChoice(label=_("Owner"), required=False)
    team = TeamChoice(Team.objects.all(), label=_("Team"), required=False, empty_label=NO_CHOICE)
    tags = TagChoice(label=_("Tags"), required=False)
    viewers = PeopleChoice(label=_("People with access"), required=False)

    formset_classes: ClassVar[Mapping[str, type[BaseInlineFormSet]]] = {}
    not_compared = ("version", "seen")

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        if (instance := kwargs.get("instance")) is not None and instance.pk:
            hold(instance, self._held())
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.was_new = self.instance._state.adding
        self.custom = custom_fields(self._meta.model.kind)
        for definition in self.custom:
            stored = self.instance.custom.get(definition.key)
            self.fields[definition.form_name] = custom_form_field(definition, stored)
            self.initial.setdefault(definition.form_name, definition.from_json(stored))
        self._keep_those_who_left()
        self._offer_what_the_actor_knows()
        if self.instance._state.adding and not self.initial.get("owner"):
            self.initial["owner"] = actor.pk
            if "owner" in self.fields:
                cast(PersonChoice, self.fields["owner"]).held = {str(actor.pk): actor}
        self.formsets = {
            prefix: formset(
                self.data if self.is_bound else None,
                instance=self.instance,
                prefix=prefix,
                form_kwargs=self._row_kwargs(prefix),
            )
            for prefix, formset in self.formset_classes.items()
        }
        for formset in self.formsets.values():
            # One empty line to type in where there is none yet, with or without JavaScript.
            formset.extra = 0 if formset.initial_form_count() else 1
        self.initial["version"] = self.instance.version
        if not self.is_bound:
            self.initial["seen"] = json.dumps(self.digests(), separators=(",", ":"))

    def _held(self) -> list[str]:
        """What is read once for everything that follows, up to the history."""
        many = [field.name for field in self._meta.model._meta.many_to_many]
        every = self.formset_classes.values()
        return many + [rows.relation() for rows in every if issubclass(rows, RowsInPlace)]

    def _offer_what_the_actor_knows(self) -> None:
        if "tags" in self.fields:
            cast(TagChoice, self.fields["tags"]).actor = self.actor
        if "team" in self.fields:
            team = cast(TeamChoice, self.fields["team"])
            team.actor = self.actor
            if self.is_bound:  # who only looks is offered teams without asking for them
                team.queryset = self._teams()

    def _keep_those_who_left(self) -> None:
        """Who is not active any more cannot be chosen, but stays where they are."""
        if self.instance._state.adding:
            return
        self._keep_held()
        if not self.is_bound:  # pickers show who is held, and ask for others as one types
            return
        held = {"owner": [self.instance.owner_id], "viewers": self.initial.get("viewers") or []}
        for name, rows in held.items():
            keys = [getattr(row, "pk", row) for row in rows if row]
            if name in self.fields and keys:
                cast(forms.ModelChoiceField, self.fields[name]).queryset = User.objects.filter(
                    models.Q(is_active=True) | models.Q(pk__in=keys)
                )

    def _keep_held(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, HeldChoices):
                field.held = {str(row.pk): row for row in self.instance.rows_of(name)}
            elif isinstance(field, HeldChoice) and (row := getattr(self.instance, name)):
                field.held = {str(row.pk): row}

    def _get_validation_exclusions(self) -> set[str]:
        """Not asked twice: that what was chosen exists."""
        chosen = {
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelChoiceField) and name in ("owner", "team")
        }
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return exclude | chosen

    def _row_kwargs(self, prefix: str) -> dict[str, Any]:
        return {}

    def _teams(self) -> models.QuerySet:
        if self.actor.is_administrator:
            return Team.objects.all()
        mine = models.Q(pk__in=self.actor.team_ids) | models.Q(pk=self.instance.team_id)
        return Team.objects.filter(mine)

    def is_valid(self) -> bool:
        rows = [formset.is_valid() for formset in self.formsets.values()]
        return super().is_valid() and all(rows)

    @property
    def expected_version(self) -> int | None:
        """What the person saw; None for a new record."""
        if self.instance._state.adding:
            return None
        text = self.data.get(self.add_prefix("version"), "")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for definition in self.custom:
            if definition.form_name in cleaned:
                value = definition.to_json(cleaned[definition.form_name])
                self.instance.custom.pop(definition.key, None)
                if value is not None:
                    self.instance.custom[definition.key] = value
        return cleaned

    def warnings(self) -> list[str]:
        """What looks wrong in what was saved, but stopped nobody."""
        return []

    def write(self, record: Record) -> None:
        """Many-to-many and rows of other tables; to be passed to save_record."""
        self._save_m2m()
        for formset in self.formsets.values():
            formset.instance = record
            is_other = formset.has_changed()
            formset.save()
            for position, row in enumerate(self._kept_rows(formset)):
                if hasattr(row.instance, "position") and row.instance.position != position:
                    row.instance.position = position
                    row.instance.save(update_fields=["position"])
                    is_other = True
            if is_other and isinstance(formset, RowsInPlace):
                release(record, formset.relation())

    def _save_m2m(self) -> None:
        """As Django does, but what stays as it is is not compared with the database again."""
        for many in self.instance._meta.many_to_many:
            name = many.name
            if self._meta.fields and name not in self._meta.fields:
                continue
            if name in self.cleaned_data and (self.was_new or self._is_other(name)):
                many.save_form_data(self.instance, self.cleaned_data[name])
                release(self.instance, name)

    @property
    def moves_access(self) -> bool:
        """Is anything different that says who may see the record?"""
        return any(name in self.fields and self._is_other(name) for name in DECIDES_ACCESS)

    def _is_other(self, name: str) -> bool:
        return self.fields[name].has_changed(self[name].initial, self[name].data)

    @staticmethod
    def _kept_rows(formset: BaseInlineFormSet) -> list[forms.ModelForm]:
        deleted = formset.deleted_forms
        return [row for row in formset.forms if row.instance.pk and row not in deleted]

    def digests(self) -> dict[str, str]:
        """{field: short digest of its stored value}, formsets under their prefix."""
        values = {
            name: field.prepare_value(self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name not in self.not_compared
        }
        values |= {prefix: stored_rows(formset) for prefix, formset in self.formsets.items()}
        return {name: digest(value) for name, value in values.items()}


def digest(value: Any) -> str:
    if isinstance(value, (list, tuple, models.QuerySet)):
        value = sorted(str(getattr(item, "pk", item)) for item in value)
    elif value in (None, "", [], False):
        value = ""
    return hashlib.blake2b(str(value).encode(), digest_size=4).hexdigest()


def stored_rows(formset: BaseInlineFormSet) -> list[str]:
    return [str(row) for row in formset.get_queryset()]
