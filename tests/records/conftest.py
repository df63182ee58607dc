"""Work in the background, registered and kept for one test only."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings

from crm.records import jobs
from crm.records.jobs import Run, background


@pytest.fixture
def work() -> Iterator[Callable[[Callable[[Run], str]], str]]:
    """Register a job for the test only."""
    known = dict(jobs._registry)

    def register(does: Callable[[Run], str]) -> str:
        background("test")(does)
        return "test"

    yield register
    jobs._registry.clear()
    jobs._registry.update(known)


@pytest.fixture
def files(tmp_path: Any) -> Iterator[Any]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path
