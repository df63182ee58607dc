"""A small question between a button and its deed: a dialog with htmx, a page without."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from crm.accounts.http import UserRequest


@dataclass(frozen=True)
class Step:
    """`action` is where the form goes, `back` where Cancel leads, `fields` are hidden ones."""

    title: str
    action: str
    submit: str
    back: str
    form: forms.BaseForm | None = None
    text: str = ""
    hint: str = ""
    fields: Sequence[tuple[str, str]] = ()
    is_danger: bool = False


def show_step(request: UserRequest, step: Step, status: int = 200) -> HttpResponse:
    template = "records/_step_dialog.html" if request.htmx else "records/step.html"
    response = render(request, template, {"step": step, "form": step.form}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def leave_to(request: UserRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
