"""Somebody types, and meanwhile the record is hidden from them: what they typed comes back.

Everything on that page was in their own post. Nothing is asked of the record, so a record that is
hidden and one that never was are answered alike; one that was merged into another that they see
is said to be there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms.utils import pretty_name
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.custom_forms import custom_form_field
from crm.records.errors import BecameAnother
from crm.records.forms import RecordForm
from crm.records.models import Record, Tag, custom_fields
from crm.records.tagged import tags_seen_by
from crm.records.wording import in_words, possible_keys

View = Callable[..., HttpResponse]
MOST_ROWS = 1000
LONG = 80  # characters that fill a line


@dataclass(frozen=True)
class Typed:
    label: str
    text: str

    @property
    def lines(self) -> int:
        return min(12, 1 + self.text.count("\n") + len(self.text) // LONG)


def gives_back(*form_classes: type[forms.BaseForm]) -> Callable[[View], View]:
    """A view whose POST is refused (404, 403) shows what these forms were sent, to be copied.

    They are all the forms it may show, whichever the record asks for.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as refusal:
                typed = list(typed_in(request, form_classes))
                if request.method != "POST" or not typed:
                    raise
                return _given_back(request, typed, refusal)

        return answer

    return decorate


def _given_back(
    request: UserRequest, typed: list[Typed], refusal: Http404 | PermissionDenied
) -> HttpResponse:
    heir, status, title = None, 404, _("This record is no longer available to you")
    if isinstance(refusal, PermissionDenied):
        status, title = 403, _("You may not change this record any more")
    elif isinstance(refusal, BecameAnother):
        heir, status = refusal.heir, 409
        title = _("This record was merged into %(name)s meanwhile") % {"name": heir}
    response: HttpResponse
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        told = _("Nothing was kept.")
        response = JsonResponse({"errors": [f"{title}. {told}"]}, status=status)
    elif request.htmx:  # a failed answer is not shown: the form stays where it is, with its text
        told = _("Nothing was saved. Copy what you typed before you leave this page.")
        toast = {"text": f"{title}. {told}", "level": "error"}
        if heir:
            toast |= {"url": heir.get_absolute_url(), "label": str(heir), "apart": "1"}
        response = HttpResponse(status=status)
        response["HX-Trigger"] = json.dumps({"toast": toast})
    else:
        whole = "\n".join(f"{item.label}: {item.text}" for item in typed)
        context = {"title": title, "typed": typed, "whole": whole, "heir": heir}
        response = render(request, "records/given_back.html", context, status=status)
    add_never_cache_headers(response)
    return response


def typed_in(
    request: UserRequest, form_classes: tuple[type[forms.BaseForm], ...]
) -> Iterator[Typed]:
    """In words and in the order of the forms. What was picked is known by its key only: it is named
    as far as the person may still see it. Of files the names are left."""
    data, reader = request.POST, request.user
    fields: dict[str, forms.Field] = {}
    formsets: dict[str, Any] = {}
    for form_class in form_classes:
        fields |= form_class.base_fields  # type: ignore[attr-defined]  # every form class has them
        if issubclass(form_class, RecordForm):
            formsets |= form_class.formset_classes
            kind = form_class._meta.model.kind
            fields |= {field.form_name: custom_form_field(field) for field in custom_fields(kind)}
    for name, field in fields.items():
        if text := _words(data, name, field, reader):
            yield Typed(str(field.label or pretty_name(name)), text)
    for prefix, formset in formsets.items():
        if text := "\n".join(_rows(data, prefix, formset.form.base_fields, reader)):
            yield Typed(str(formset.model._meta.verbose_name_plural).capitalize(), text)
    if names := [str(file.name) for _name, files in request.FILES.lists() for file in files]:
        yield Typed(_("Files that were not kept"), "\n".join(names))


def _words(data: QueryDict, name: str, field: forms.Field, reader: User) -> str:
    if field.widget.is_hidden:
        return ""
    value = field.widget.value_from_datadict(data, {}, name)
    if value in (None, "", [], False):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_picked(field, value, reader))
    return in_words(field, value).strip()


def _picked(field: forms.ModelChoiceField, value: Any, reader: User) -> list[str]:
    keys = possible_keys(value if isinstance(value, list) else [value])
    model: Any = field.queryset.model  # type: ignore[union-attr]  # every field of ours has one
    if issubclass(model, Record):
        rows = model.objects.visible_to(reader)
    else:
        rows = tags_seen_by(reader) if model is Tag else model._default_manager.all()
    return [field.label_from_instance(row) for row in rows.filter(pk__in=keys)]


def _rows(
    data: QueryDict, prefix: str, fields: Mapping[str, forms.Field], reader: User
) -> Iterator[str]:
    asked = data.get(f"{prefix}-TOTAL_FORMS", "")
    total = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    for number in range(min(total, MOST_ROWS)):
        words = {
            name: text
            for name, field in fields.items()
            if (text := _words(data, f"{prefix}-{number}-{name}", field, reader))
        }
        if any(_is_own(fields[name]) for name in words):
            yield ", ".join(words.values())


def _is_own(field: forms.Field) -> bool:
    """A choice that the form proposed is not something that was typed; a record is picked."""
    return isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField)
