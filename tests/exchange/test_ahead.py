"""Chunks of a file are read while those before are stored."""

from collections.abc import Iterator

import pytest

from crm.exchange.importing.rows import Ahead, Row
from crm.exchange.reading import UnreadableFile

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
