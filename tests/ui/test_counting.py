"""The counts of a list's tabs: exact while few, capped when many, honest in between."""

import pytest
from django.db.models import Q

from crm.accounts.models import Team
from crm.ui import counting
from crm.ui.counting import Count, counts_of_parts

pytestmark = pytest.mark.django_db
PARTS = {"brown": Q(color="c1"), "green": Q(color="c2"), "red": Q(color="c5")}


@pytest.fixture
def teams() -> None:
    colors = ["c1"] * 30 + ["c2"] * 5
    Team.objects.bulk_create(Team(name=f"T{n:02}", color=c) for n, c in enumerate(colors))


def numbers(is_filtered: bool, current: str = "brown") -> dict[str, str]:
    counts = counts_of_parts(
        Team.objects.filter(name__startswith="T"),
        PARTS, current=current, is_filtered=is_filtered,
    )  # fmt: skip
    return {key: str(count) for key, count in counts.items()}


@pytest.mark.parametrize("is_filtered", [True, False])
def test_few_are_counted_exactly(teams, is_filtered):
    assert numbers(is_filtered) == {"brown": "30", "green": "5", "red": "0"}


@pytest.mark.parametrize("is_filtered", [True, False])
def test_nothing_needs_no_statement(django_assert_num_queries, is_filtered):
    with django_assert_num_queries(0):
        counts = counts_of_parts(
            Team.objects.none(), PARTS, current="brown", is_filtered=is_filtered
        )
    assert str(counts["red"]) == "0"


def test_when_a_filter_finds_too_many_only_the_current_tab_is_exact(teams, monkeypatch):
    monkeypatch.setattr(counting, "SEEN_MOST", 10)
    found = numbers(True, current="green")
    assert found["green"] == "5"
    assert found["brown"].endswith("+") or found["brown"] == "…"
    assert found["red"] == "…"


def test_the_cap_is_shown_as_such():
    assert str(Count(1001)) == "1,000+"
    assert str(Count(1001, is_more=True)) == "1,000+"
    assert str(Count(37, is_more=True)) == "37+"
    assert str(Count(37)) == "37"
