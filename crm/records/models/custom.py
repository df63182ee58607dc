"""Fields that the administrator adds to a kind of record (F3.8)."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.records.models.choices import ListItem, ListItemQuerySet
from crm.ui.kept import Kept


class Folded(models.Func):
    """A text without upper case, accents and vowel points, by functions that Postgres knows as
    immutable: an index can be made on it."""

    template = (
        r"lower(regexp_replace(normalize(%(expressions)s, NFKD),"
        r" '[\u0300-\u036f\u0591-\u05c7]', '', 'g'))"
    )
    output_field = models.TextField()


class CustomFieldQuerySet(ListItemQuerySet):
    def kept(self) -> Self:
        """Without those on their way out: they are nowhere any more but in the rows' values."""
        return self.filter(removed_at__isnull=True)

    def active(self) -> Self:
        return super().active().kept()


class CustomField(ListItem):
    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        YESNO = "yesno", _("Yes or no")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Multiple choice")
        LINK = "link", _("Link")

    kind = models.CharField(_("kind of record"), max_length=40)
    key = models.SlugField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")],
        help_text=_("Lower-case letters, digits and _. Cannot be changed later."),
    )
    type = models.CharField(_("type"), max_length=10, choices=Type)
    is_required = models.BooleanField(_("required"), default=False)
    in_list = models.BooleanField(_("offer as a column"), default=True)
    help_en = models.CharField(_("help in English"), max_length=200, blank=True)
    help_it = models.CharField(_("help in Italian"), max_length=200, blank=True)
    help_ro = models.CharField(_("help in Romanian"), max_length=200, blank=True)
    help_he = models.CharField(_("help in Hebrew"), max_length=200, blank=True)
    # Since then a worker takes its values out of the records; the row goes last.
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = CustomFieldQuerySet.as_manager()  # type: ignore[misc]  # the stubs take the first one for good

    class Meta(ListItem.Meta):
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_field_a_key")]

    @property
    def form_name(self) -> str:
        return f"custom_{self.key}"

    @cached_property
    def form_fields(self) -> dict[Any, Any]:
        """Where custom_form_field keeps what it made of this one as it was read."""
        return {}

    @property
    def index_name(self) -> str:
        return f"custom_field_{self.pk}_idx"

    @property
    def words_index_name(self) -> str:
        return f"custom_field_{self.pk}_words_idx"

    @property
    def is_sortable(self) -> bool:
        return self.type not in (self.Type.CHOICE, self.Type.CHOICES, self.Type.LINK)

    def display(self, value: Any) -> str:
        """A stored value in the active language and locale."""
        if value in (None, "", []):
            return ""
        match self.type:
            case self.Type.YESNO:
                return gettext("Yes") if value else gettext("No")
            case self.Type.DATE:
                return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
            case self.Type.NUMBER:
                return number_format(value, use_l10n=True, force_grouping=True)
            case self.Type.MONEY:
                return number_format(value, 2, use_l10n=True, force_grouping=True)
            case self.Type.CHOICE | self.Type.CHOICES:
                return ", ".join(self._names(value))
        return str(value)

    def _names(self, value: Any) -> list[str]:
        chosen = value if isinstance(value, list) else [value]
        return [str(option) for option in self.options.all() if option.pk in chosen]

    def value_expression(self) -> Coalesce:
        """The expression that filters and sorts use, and that the field's own index is made on.

        JSON null stands for "no value": keyset paging needs a value in every row.
        """
        return Coalesce(
            KeyTransform(self.key, "custom"), models.Value(None, output_field=models.JSONField())
        )

    def words_expression(self) -> "Folded":
        """What a text or a link is searched in, and its trigram index made on."""
        return Folded(KeyTextTransform(self.key, "custom"))

    def from_json(self, value: Any) -> Any:
        """A stored value as its form field cleans one, so that "unchanged" is seen as such."""
        if value is None:
            return None
        if self.type == self.Type.DATE:
            return date.fromisoformat(value)
        if self.type in (self.Type.NUMBER, self.Type.MONEY):
            return Decimal(str(value))
        return value

    def to_json(self, value: Any) -> Any:
        """A cleaned form value as stored; None and empty are not stored at all."""
        if value in (None, "", []):
            return None
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral() else float(value)
        return value


class CustomFieldOption(ListItem):
    """One answer of a choice or multiple choice field; its pk is what records store."""

    field = models.ForeignKey(CustomField, models.CASCADE, related_name="options")

    class Meta(ListItem.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")


def _read_custom_fields(kind: str) -> list[CustomField]:
    return list(CustomField.objects.active().filter(kind=kind).prefetch_related("options"))


_kept = Kept("custom-fields", _read_custom_fields)


def custom_fields(kind: str) -> list[CustomField]:
    """The active custom fields of a kind with their options. They are shared: change none."""
    return _kept.get(kind)


def forget_custom_fields(kind: str) -> None:
    _kept.forget(kind)
