"""The look's small pieces: icons, people, statuses, moments, long selects."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from crm.ui.templatetags.ui import avatar, breakable, date_words, initials_of, moment_words, status
from crm.ui.widgets import FixedSelect


def test_nothing_unescaped_comes_out_of_what_is_remembered() -> None:
    assert "<b>" in status(SafeString("<b>now</b>"), "done")
    assert "<b>" not in status("<b>now</b>", "done")
    villain = SimpleNamespace(name='"><script>', initials="<i", color="c1")
    assert "<script" not in avatar(villain) + avatar(villain, True)


def test_an_unknown_status_category_is_shown_quietly() -> None:
    assert "status-off" in status("Odd", "javascript")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Giulia Romano", "GR"), ("Anna Maria De Luca", "AL"), ("noa", "N"), ("", "")],
)
def test_initials_are_those_of_the_first_and_last_name(name: str, letters: str) -> None:
    assert initials_of(name) == letters


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=12, seconds=5), "12 min ago"),
        (dt.timedelta(hours=2, minutes=5), "2 h ago"),
    ],
)
def test_what_just_happened_is_told_in_minutes_and_hours(ago: dt.timedelta, words: str) -> None:
    with translation.override("en"):
        assert moment_words(timezone.localtime() - ago, timezone.now(), "en") == words


def test_days_are_told_by_name_then_by_date() -> None:
    today = dt.date(2026, 11, 22)
    with translation.override("en"):
        told = [date_words(today + dt.timedelta(days=away), today, "en") for away in (0, -1, 1, -2)]
        assert told == ["Today", "Yesterday", "Tomorrow", "Fri 20 Nov"]
        assert date_words(dt.date(2025, 10, 18), today, "en") == "18 Oct 2025"


def test_an_icon_points_along_the_line_of_reading() -> None:
    page = Template('{% load ui %}{% icon "chevron-right" %}{% icon "check" %}').render(Context())
    first, second = page.split("</svg>")[:2]
    assert "icon-flip" in first
    assert "icon-flip" not in second


def test_a_fixed_select_marks_what_is_chosen_and_escapes_its_labels() -> None:
    class Where(forms.Form):
        place = forms.ChoiceField(
            choices=[("", "—"), ("IT", "Italy"), ("XX", "<b>")], widget=FixedSelect("test places")
        )

    page = str(Where(initial={"place": "IT"})["place"])
    assert page.count("selected") == 1
    assert '<option value="IT" selected>Italy</option>' in page
    assert "&lt;b&gt;" in page
    assert '<option value="" selected>' in str(Where()["place"])


def test_an_address_breaks_before_its_at_and_nowhere_else_and_is_escaped() -> None:
    assert breakable("mario@fiat.example") == "mario<wbr>@fiat.example"
    assert breakable("<b>@x") == "&lt;b&gt;<wbr>@x"


def test_a_name_within_a_sentence_is_isolated_and_escaped() -> None:
    page = Template(
        "{% load i18n ui %}{% blocktranslate with company=name|isolate %}Of {{ company }}!"
        "{% endblocktranslate %}"
    )
    shown = page.render(Context({"name": "<b>S.r.l."}))
    assert shown == "Of <bdi>&lt;b&gt;S.r.l.</bdi>!"
