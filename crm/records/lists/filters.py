"""Filters that every kind has, and those of its custom fields."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.records.custom_forms import DateInput
from crm.records.lookups import name_ever
from crm.records.models import CustomField, RecordQuerySet, Tag, custom_fields
from crm.records.models.custom import Folded
from crm.records.tagged import tags_seen_by
from crm.records.wording import in_words
from crm.ui.choices import ANY
from crm.ui.pickers import MultiPicker
from crm.ui.typed_choice import SUFFIX, keys_of


def everybody(request: Any) -> Any:
    """Those who left, too: what they own is still to be found."""
    return User.objects.order_by("-is_active", "first_name", "last_name")


def teams(request: Any) -> Any:
    return Team.objects.all()


def tags(request: Any) -> Any:
    return tags_seen_by(request.user) if request else Tag.objects.all()


ENDS = (_("From"), _("To"))
TRIGRAM = 3  # letters


class DateRangeWidget(django_filters.widgets.SuffixedMultiWidget):
    use_fieldset = True  # two inputs, one name
    suffixes = ["from", "to"]
    template_name = "records/_range.html"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__([DateInput(attrs={"aria-label": end}) for end in ENDS], attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [value.start, value.stop] if value else [None, None]


class NumberRangeWidget(DateRangeWidget):
    def __init__(self, attrs: Any = None) -> None:
        django_filters.widgets.SuffixedMultiWidget.__init__(
            self, [forms.NumberInput({"step": "any", "aria-label": end}) for end in ENDS], attrs
        )


GONE = _("What it asks for is no longer there, or not for you. Change or remove this filter.")


class AnyOfField(django_filters.fields.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        return super().clean(keys_of(self, value))


class AnyOfFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows that have one of the chosen. Asked by EXISTS: a join would find a row several times,
    and telling whole rows apart again costs more than all the rest."""

    field_class = AnyOfField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid_choice": GONE, "invalid_pk_value": GONE})
        super().__init__(*args, **kwargs)

    def filter(self, rows: RecordQuerySet, chosen: Any) -> RecordQuerySet:
        if not chosen:
            return rows
        field = rows.model._meta.get_field(self.field_name)
        if not field.many_to_many:
            return rows.filter(**{f"{field.name}__in": list(chosen)})
        if len(chosen) == 1:  # found once by a join, too: the planner may start from either side
            return rows.filter(**{field.name: chosen[0]})
        links = field.remote_field.through._default_manager.filter(
            **{
                field.m2m_field_name(): OuterRef("pk"),
                f"{field.m2m_reverse_field_name()}__in": [item.pk for item in chosen],
            }
        )
        return rows.filter(Exists(links))


class OwnerFilterField(AnyOfField):
    def label_from_instance(self, obj: Any) -> str:
        return name_ever(obj)


class OwnerFilter(AnyOfFilter):
    field_class = OwnerFilterField


def has_something_to_find(text: str) -> None:
    if text.strip() and not any(map(str.isalnum, text)):
        raise forms.ValidationError(_("Type a letter or a digit to look for."))


class AnyYesNo(forms.NullBooleanSelect):
    """As a filter: nothing chosen is nothing asked."""

    def __init__(self) -> None:
        super().__init__()
        self.choices = [("", ANY), ("true", _("Yes")), ("false", _("No"))]


class RecordFilter(django_filters.FilterSet):
    """Subclasses add their own; `q` is answered by the queryset's `matching()`.

    Only the filters that the address uses are made, and all of them when it is `whole`, to be
    shown as a form: a list page with two filters pays for two.
    """

    q = django_filters.CharFilter(
        label=_("Search"), method="filter_text", validators=[has_something_to_find]
    )
    owner = OwnerFilter(label=_("Owner"), queryset=everybody, widget=MultiPicker("person-ever"))
    mine = django_filters.BooleanFilter(
        label=_("Mine"), method="filter_mine", widget=forms.CheckboxInput
    )
    team = AnyOfFilter(label=_("Team"), queryset=teams, widget=forms.CheckboxSelectMultiple)
    tags = AnyOfFilter(label=_("Tags"), queryset=tags, widget=MultiPicker("tag"))
    created = django_filters.DateFromToRangeFilter(
        label=_("Created"), field_name="created_at", widget=DateRangeWidget
    )
    updated = django_filters.DateFromToRangeFilter(
        label=_("Last change"), field_name="updated_at", widget=DateRangeWidget
    )

    def __init__(self, data: Any = None, *args: Any, whole: bool = False, **kwargs: Any) -> None:
        self.data = {} if data is None else data
        declared = self.base_filters  # type: ignore[has-type]  # set by the metaclass
        self.base_filters = {name: declared[name] for name in declared if whole or self._used(name)}
        super().__init__(data, *args, **kwargs)
        for field in custom_fields(self._meta.model.kind):
            if whole or self._used(field.form_name):
                added = custom_filter(field)
                added.parent, added.model = self, self._meta.model
                self.filters[field.form_name] = added

    def filter_text(self, rows: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        return rows.matching(value)

    def filter_mine(self, rows: RecordQuerySet, name: str, value: bool) -> RecordQuerySet:
        return rows.filter(owner=self.request.user) if value else rows

    def active(self) -> Iterator[tuple[str, str, str]]:
        """(name, label, value in words) of every filter in use, for the chips."""
        for name in self.filters:
            if name == "q" or not self._used(name):
                continue
            field = self.form.fields[name]
            value = self.form.cleaned_data.get(name) if self.form.is_valid() else None
            yield name, str(field.label), in_words(field, value)

    def _used(self, name: str) -> bool:
        keys = (name, f"{name}_from", f"{name}_to", f"{name}{SUFFIX}")
        return any(self.data.get(key) not in (None, "") for key in keys)


def custom_filter(field: CustomField) -> django_filters.Filter:
    """The filter of a custom field; equality by the containment index, the rest by its own."""
    label = str(field)
    kinds = CustomField.Type
    match field.type:
        case kinds.CHOICE | kinds.CHOICES:
            options = [(option.pk, str(option)) for option in field.options.all()]
            return django_filters.TypedMultipleChoiceFilter(
                label=label,
                choices=options,
                coerce=int,
                method=_holds_any(field),
                widget=forms.CheckboxSelectMultiple,
            )
        case kinds.YESNO:
            return django_filters.BooleanFilter(
                label=label, method=_holds(field), widget=AnyYesNo()
            )
        case kinds.NUMBER | kinds.MONEY:
            return django_filters.RangeFilter(
                label=label, method=_between(field), widget=NumberRangeWidget
            )
        case kinds.DATE:
            return django_filters.DateFromToRangeFilter(
                label=label, method=_between(field), widget=DateRangeWidget
            )
    return django_filters.CharFilter(label=label, method=_has_words(field))


def _holds(field: CustomField) -> Any:
    def method(rows: RecordQuerySet, name: str, value: Any) -> RecordQuerySet:
        return rows.filter(custom__contains={field.key: value})

    return method


def _has_words(field: CustomField) -> Any:
    """Every word is somewhere in the text, whatever its case and accents. One shorter than what the
    trigram index knows begins a word."""

    def method(rows: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        rows = rows.alias(words=field.words_expression())
        for word in value.split():
            if len(word) >= TRIGRAM:
                rows = rows.filter(words__contains=Folded(Value(word)))
            else:
                first = Q(words__startswith=Folded(Value(word)))
                rows = rows.filter(first | Q(words__contains=Folded(Value(f" {word}"))))
        return rows

    return method


def _holds_any(field: CustomField) -> Any:
    def method(rows: RecordQuerySet, name: str, value: list[int]) -> RecordQuerySet:
        several = field.type == CustomField.Type.CHOICES
        wanted = Q()
        for pk in value:
            wanted |= Q(custom__contains={field.key: [pk] if several else pk})
        return rows.filter(wanted)

    return method


def _between(field: CustomField) -> Any:
    def method(rows: RecordQuerySet, name: str, value: slice) -> RecordQuerySet:
        rows = rows.alias(within=field.value_expression()).filter(custom__has_key=field.key)
        if value.start is not None:
            rows = rows.filter(within__gte=_bound(field, value.start))
        if value.stop is not None:
            rows = rows.filter(within__lte=_bound(field, value.stop))
        return rows

    return method


def _bound(field: CustomField, value: Any) -> Any:
    return field.to_json(value.date() if hasattr(value, "date") else value)
