"""Tags: renamed, coloured, merged."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.accounts.http import actor_of
from crm.records.actions.tags import merge_tags
from crm.records.admin.spoken import SpokenList
from crm.records.models import Tag, record_kinds
from crm.records.models.tag import tag_key


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ("name", "color")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not tag_key(name):
            raise forms.ValidationError(_("A name needs at least one letter or digit."))
        same = Tag.objects.filter(key=tag_key(name)[:60]).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(
                _("There is already a tag of this name: merge the two in the list of tags.")
            )
        return name


@admin.register(Tag)
class TagAdmin(SpokenList):
    form = TagForm
    list_display = ("name", "color", "use_count")
    list_editable = ("color",)
    list_filter = ("color",)
    search_fields = ("name", "key")
    actions = ("merge",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        total: Any = Value(0)
        for model in record_kinds().values():
            through: Any = model.tags.through
            rows = through.objects.filter(tag_id=OuterRef("pk")).order_by()
            uses = rows.values("tag_id").annotate(uses=Count("*")).values("uses")
            total = total + Coalesce(Subquery(uses, output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(uses=total)

    @admin.display(description=_("records"), ordering="uses")
    def use_count(self, tag: Any) -> int:
        return int(tag.uses)

    @admin.action(description=_("Merge into the one used most"))
    def merge(self, request: HttpRequest, tags: QuerySet[Tag]) -> None:
        chosen = list(tags.order_by(F("uses").desc(), "pk"))
        if len(chosen) < 2:
            self.message_user(request, _("Select at least two tags."), messages.WARNING)
            return
        merge_tags(chosen[0], chosen[1:], actor=actor_of(request))
        text = _("They are one tag now: %(name)s.") % {"name": chosen[0]}
        self.message_user(request, text, messages.SUCCESS)
