"""What bulk actions ask."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.records.forms import PersonChoice
from crm.records.models import Tag
from crm.records.tagged import tags_seen_by
from crm.ui.layout import helper
from crm.ui.pickers import HeldChoices, MultiPicker


class BulkForm(forms.Form):
    def __init__(self, *args: Any, kind: str, actor: User, **kwargs: Any) -> None:
        kwargs["auto_id"] = "step_%s"
        super().__init__(*args, **kwargs)
        self.kind, self.actor = kind, actor
        self.helper = helper()

    @property
    def params(self) -> dict[str, Any]:
        """What a job is told: ids only."""
        raise NotImplementedError


class AssignForm(BulkForm):
    owner = PersonChoice(label=_("New owner"))

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        if not can(owner, "view", self.kind):
            raise forms.ValidationError(
                _("%(name)s may not see these records."), params={"name": owner.name}
            )
        return owner

    @property
    def params(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["owner"].pk}


class TagsChoice(HeldChoices):
    widget = MultiPicker("tag")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Tag.objects.all(), required=False, **kwargs)


class TagForm(BulkForm):
    add = TagsChoice(label=_("Add"), widget=MultiPicker("tag", creates=True))
    remove = TagsChoice(label=_("Remove"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            cast(TagsChoice, field).queryset = tags_seen_by(self.actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        add, remove = set(cleaned.get("add", ())), set(cleaned.get("remove", ()))
        if not self.errors and not add | remove:
            raise forms.ValidationError(_("Choose at least one tag."))
        if add & remove:
            raise forms.ValidationError(_("A tag cannot be added and removed at once."))
        return cleaned

    @property
    def params(self) -> dict[str, Any]:
        return {name: [tag.pk for tag in self.cleaned_data[name]] for name in ("add", "remove")}
