"""Chunks of a file are read, and got ready, while those before are stored."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.exchange.importing.planning import Planner
from crm.exchange.importing.rows import Ahead, Row
from crm.exchange.reading import UnreadableFile
from tests.exchange.importing import bring_in
from tests.factories import make_company

FIRST, SECOND = [Row(2, ["Fiat"])], [Row(3, ["Rossi"])]


def test_each_chunk_comes_once_whether_read_ahead_or_not() -> None:
    ahead = Ahead(iter([FIRST, SECOND]))
    ahead.read()
    ahead.read()
    assert ahead.take() == FIRST
    assert ahead.take() == SECOND
    assert ahead.take() == []


def test_a_file_that_breaks_off_costs_nothing_that_was_read_before() -> None:
    def chunks() -> Iterator[list[Row]]:
        yield FIRST
        raise UnreadableFile("Half a quote.")

    ahead = Ahead(chunks())
    assert ahead.take() == FIRST
    ahead.read()
    with pytest.raises(UnreadableFile):
        ahead.take()


FIRMS = (
    "Company name,VAT id,City,Phone 1\n"
    "Alfa,IT01234567890,Pisa,055 1234567\n"
    "Beta,IT11111111115,Roma,\n"
    ",IT22222222220,Bari,\n"
    "Alfa srl,IT01234567890,Lucca,\n"
    "Gamma,IT33333333336,Asti,06 7654321\n"
    "Beta spa,IT11111111115,Como,\n"
    "Delta,IT44444444441,Enna,\n"
)


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("is_slow", [False, True], ids=["nothing ready", "all ready"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.django_db
def test_what_becomes_of_a_file_does_not_depend_on_who_waits_for_whom(
    alice: User, monkeypatch: pytest.MonkeyPatch, size: int, is_slow: bool, is_known: bool
) -> None:
    """Rows that meet no record are decided while those before them are stored; those that meet one
    (Gamma, here) when all of their chunk are."""
    get_ready, ready = Planner.get_ready, list[Row]()

    def for_sure(self: Planner, rows: Iterable[Row], *, until: Callable[[], bool]) -> None:
        rows = list(rows)
        get_ready(self, rows, until=lambda: not is_slow)
        ready.extend(row for row in rows if row.filled)

    monkeypatch.setattr(Planner, "get_ready", for_sure)
    if is_known:
        make_company("Gamma", owner=alice, vat_id="IT33333333336")
    monkeypatch.setattr("crm.exchange.importing.work.CHUNK", size)
    batch = bring_in(alice, FIRMS)
    assert len(ready) == (max(0, 7 - size) if is_slow else 0)
    found = list(batch.rows.order_by("line").values_list("line", "outcome", "reason"))
    gamma = "u" if is_known else "c"
    assert [outcome for _line, outcome, _reason in found] == ["c", "c", "r", "r", gamma, "r", "c"]
    same = "Line %s of this file is about the same one."
    assert [found[3][2], found[5][2]] == [same % 2, same % 3]
    made = Contact.objects.order_by("number").values_list("number", "name", "city", "phone")
    first = [("Gamma", "Asti", "06 7654321")] if is_known else []
    rest = [("Alfa", "Pisa", "055 1234567"), ("Beta", "Roma", "")]
    rest += [] if is_known else [("Gamma", "Asti", "06 7654321")]
    facts = [*first, *rest, ("Delta", "Enna", "")]
    assert list(made) == [(f"C-{n:05}", *fact) for n, fact in enumerate(facts, 1)]
