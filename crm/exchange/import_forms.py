"""What is asked of who imports: the file and its type, how it is written, what the rules are."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.accounts.rights import can, scope_for
from crm.exchange.fields import Exchange, Field, exchanges
from crm.exchange.importing.importer import Importer, importers
from crm.exchange.importing.rules import OnMatch, Rules
from crm.exchange.models import Import
from crm.exchange.reading import DATE_ORDERS, DECIMALS, DELIMITERS, ENCODINGS, QUOTES, Dialect
from crm.exchange.reading.dialect import CSV
from crm.records.access import Standing
from crm.records.forms import PersonChoice, TagChoice, TeamChoice
from crm.ui.choices import NO_CHOICE
from crm.ui.layout import helper

NOT_IMPORTED = _("Do not import")


def importable(user: User) -> dict[str, type[Exchange]]:
    """Kinds that `user` may import."""
    return {
        kind: exchange
        for kind, exchange in exchanges().items()
        if kind in importers() and can(user, "change", kind)
    }


class UploadForm(forms.Form):
    type = forms.ChoiceField(label=_("What is in it?"), widget=forms.RadioSelect)
    file = forms.FileField(label=_("File"), allow_empty_file=True)  # its own sentence says more

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["type"])
        choice.choices = [
            (f"{kind}:{type_.key}", type_.label)
            for kind, exchange in importable(user).items()
            for type_ in exchange.types
        ]
        if choice.choices:
            self.initial.setdefault("type", choice.choices[0][0])

    @property
    def kind_and_type(self) -> tuple[str, str]:
        kind, _colon, type_ = self.cleaned_data["type"].partition(":")
        return kind, type_


class DialectForm(forms.Form):
    """Only what there is to say about a file of its form."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=list(DELIMITERS.items()))
    quote = forms.ChoiceField(label=_("Text is in"), choices=list(QUOTES.items()), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"))
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=list(DECIMALS.items()))
    date_order = forms.ChoiceField(label=_("Order of dates"), choices=list(DATE_ORDERS.items()))
    has_heading = forms.BooleanField(label=_("The first line names the columns"), required=False)

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:
        kwargs |= {"initial": batch.dialect, "auto_id": "read_%s"}
        super().__init__(*args, **kwargs)
        self.batch = batch
        is_text = batch.dialect["form"] == CSV
        for name in ("sheet",) if is_text else ("encoding", "delimiter", "quote"):
            del self.fields[name]
        if not is_text:
            names = batch.head.get("sheets", [])
            cast(forms.ChoiceField, self.fields["sheet"]).choices = [(one, one) for one in names]
            self.initial = {**batch.dialect, "sheet": batch.head.get("sheet", "")}
        self.helper = helper()

    @property
    def dialect(self) -> Dialect:
        return Dialect.from_dict({**self.batch.dialect, **self.cleaned_data})


class RulesForm(forms.Form):
    keys = forms.MultipleChoiceField(
        label=_("A row is about a record that is there already if it has the same"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The first of them that finds a record counts."),
    )
    on_match = forms.ChoiceField(
        label=_("What is there already"), choices=OnMatch, widget=forms.RadioSelect
    )
    empties = forms.BooleanField(
        label=_("When overwriting, an empty cell empties the field"), required=False
    )
    keeps_unknown_codes = forms.TypedChoiceField(
        label=_("A code that no record has"),
        choices=[("1", _("Leave it out: a new code is given")), ("", _("Reject the row"))],
        coerce=bool,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    adds_choices = forms.TypedChoiceField(
        label=_("Tags and answers that are not there yet"),
        choices=[("1", _("Create them")), ("", _("Reject the row"))],
        coerce=bool,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Anybody may create tags; categories and the like only administrators."),
    )
    adds_others = forms.BooleanField(required=False)
    owner = PersonChoice(label=_("Owner of new records"))
    team = TeamChoice(
        Team.objects.all(), label=_("Team of new records"), required=False, empty_label=NO_CHOICE
    )
    tags = TagChoice(label=_("Tags of new records"), required=False)

    def __init__(self, *args: Any, batch: Import, user: User, **kwargs: Any) -> None:
        rules = Rules.kept(batch.rules).to_dict()
        rules |= {name: "1" if rules[name] else "" for name in WORDED}
        kwargs["initial"] = rules
        super().__init__(*args, **kwargs)
        self.user, self.kind = user, batch.kind
        importer: type[Importer] = importers()[batch.kind]
        cast(forms.MultipleChoiceField, self.fields["keys"]).choices = list(importer.keys.items())
        if importer.names_others(batch.type):
            self.fields["adds_others"].label = importer.others
        else:
            del self.fields["adds_others"]
        cast(TeamChoice, self.fields["team"]).actor = user
        cast(TagChoice, self.fields["tags"]).actor = user
        if not user.is_administrator:
            cast(TeamChoice, self.fields["team"]).queryset = user.teams.all()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        owner, team = cleaned.get("owner"), cleaned.get("team")
        keys = (owner and owner.pk, team and team.pk)
        standing = Standing.of(self.user, *keys, is_listed=False)
        for right in ("view", "change"):
            scope = scope_for(self.user, right, self.kind)
            if owner and not standing.reaches(scope, right, is_restricted=False):
                self.add_error("owner", _("You could not work with these records any more."))
                break
        return cleaned

    @property
    def rules(self) -> Rules:
        chosen = self.cleaned_data
        return Rules.kept(
            {
                **chosen,
                **{name: bool(chosen[name]) for name in WORDED},
                "owner": chosen["owner"].pk,
                "team": chosen["team"].pk if chosen["team"] else None,
                "tags": [tag.pk for tag in chosen["tags"]],
            }
        )


WORDED = ("keeps_unknown_codes", "adds_choices")


class MappingForm(forms.Form):
    """A choice for each column of the file, named by its number."""

    def __init__(self, *args: Any, batch: Import, fields: list[Field], **kwargs: Any) -> None:
        mapping = {f"column-{column}": key for column, key in batch.mapping.items()}
        kwargs["initial"] = mapping
        super().__init__(*args, **kwargs)
        self.required = {one.key: str(one.label) for one in fields if one.is_required}
        choices = [
            ("", NOT_IMPORTED),
            *((one.key, f"{one.label} *" if one.is_required else one.label) for one in fields),
        ]
        self.count = len(batch.head["headings"])
        for column, heading in enumerate(batch.head["headings"]):
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and first.setdefault(key, name) != name:
                other = self.fields[first[key]].label
                self.add_error(
                    name, _("The column “%(heading)s” is that already.") % {"heading": other}
                )
        if not any(cleaned.values()) and not self.errors:
            raise forms.ValidationError(_("Choose for at least one column what it is."))
        return cleaned

    @property
    def mapping(self) -> Mapping[str, str]:
        return {
            str(column): self.cleaned_data.get(f"column-{column}", "")
            for column in range(self.count)
        }
