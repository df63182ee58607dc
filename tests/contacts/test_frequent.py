"""Frequent words are looked for last, and what is found stays the same."""

import pytest
from django.db import connection

from crm.contacts import frequent
from crm.contacts.models import Contact, finding
from tests.factories import make_company, make_person


@pytest.fixture
def bakeries(db):
    for number in range(40):
        make_company(name=f"Panificio numero{number}")
    make_company(name="Hotel numero7")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")
    frequent.forget_frequencies()
    yield
    frequent.forget_frequencies()


def test_postgres_tells_how_frequent_a_word_is(bakeries):
    assert frequent.rows_with("panif") == 40
    assert frequent.rows_with("zebra") == 0
    assert frequent.rows_having("panificio", "search") == 40
    assert frequent.rows_having("panif", "search") == frequent.rows_having("zz", "search") == 0


def test_a_table_nobody_analysed_has_no_frequent_words(db):
    frequent.forget_frequencies()
    assert frequent.rows_with("panificio") == 0


@pytest.mark.parametrize("asked", ["panificio numero7", "numero7 panificio", "panif numero39"])
def test_what_is_found_is_the_same_by_either_way(bakeries, monkeypatch, asked):
    straight = set(Contact.objects.matching(asked))
    monkeypatch.setattr(finding, "MANY", 10)
    assert set(Contact.objects.matching(asked)) == straight
    assert len(straight) == 1
    assert "|| ''" in str(Contact.objects.matching(asked).query)


def test_a_search_for_nothing_but_frequent_words_is_vague(bakeries, monkeypatch):
    monkeypatch.setattr(finding, "MANY", 10)
    assert Contact.objects.all().is_vague("panificio")
    assert not Contact.objects.all().is_vague("panificio zebra")


@pytest.mark.parametrize(("limit", "looks"), [(5, 1), (30, 2)])
def test_what_is_like_frequent_words_is_looked_for_among_the_latest_first(
    bakeries, monkeypatch, django_assert_num_queries, limit, looks
):
    monkeypatch.setattr(finding, "MANY", 10)
    frequent.rows_with("panif", "near")
    with django_assert_num_queries(looks):
        found = Contact.objects.all().near_misses("panifico", limit)
    assert len(found) == min(limit, finding.COMPARED_OF_MANY)
    assert len(set(found)) == len(found)
    assert {row.name.split()[0] for row in found} == {"Panificio"}


@pytest.mark.parametrize("asked", ["panificio", "pan", "panifico", "panificio numero7"])
@pytest.mark.parametrize("many", [10, 5_000])
def test_each_part_of_what_is_found_is_what_is_found_of_it_alone(
    bakeries, monkeypatch, asked, many
):
    for number in range(3):
        make_company(name=f"Antico Panificio numero{number}")
        make_person(last_name=f"Mario Panificio numero{number}")
    monkeypatch.setattr(finding, "MANY", many)
    monkeypatch.setattr(finding, "LATEST_OF_WORDS", 2)  # the others come out of the index
    kinds = ["company", "person"]
    rows = Contact.objects.in_parts([{"type": kind} for kind in kinds])
    for way in ("best_matches", "near_misses"):
        found = getattr(rows, way)(asked, 4)
        alone = [getattr(Contact.objects.filter(type=kind), way)(asked, 4) for kind in kinds]
        assert [[row for row in found if row.type == kind] for kind in kinds] == alone
        assert len(found) == sum(map(len, alone))


def test_statistics_are_read_once(bakeries, django_assert_num_queries):
    frequent.rows_with("panif")
    with django_assert_num_queries(0):
        frequent.rows_with("hotel")
