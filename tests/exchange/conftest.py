from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from tests.factories import make_company


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


@pytest.fixture
def canary(bob: User, team: Team) -> Contact:
    return make_company("Canary S.p.A.", owner=bob, team=team, is_restricted=True)
