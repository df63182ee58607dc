"""Redis away, a scheduler long silent, an address made by hand: pages say so and go on."""

import base64
import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django.views.defaults import server_error

from crm.health import CHECKS, SENTENCES
from crm.records.models import Heartbeat
from crm.ui.cache import ForgivingRedisCache
from crm.ui.paging import BadCursor, Sort, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nowhere() -> ForgivingRedisCache:
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {})


def test_a_session_begins_while_redis_is_away(nowhere: Any, monkeypatch: Any) -> None:
    session = SessionStore()
    monkeypatch.setattr(session, "_cache", nowhere)
    session["who"] = "alice"
    session.create()
    assert SessionStore(session.session_key)["who"] == "alice"


def test_a_scheduler_silent_for_days_is_not_called_silent_for_seconds() -> None:
    at = timezone.now() - dt.timedelta(days=2, seconds=5)
    Heartbeat.objects.create(name="scheduler", at=at)
    assert CHECKS["scheduler"]() == "Silent for 172805 s."


def test_what_is_not_ready_is_named_to_anybody_and_told_only_to_the_log(
    client: Any, settings: Any, monkeypatch: Any, caplog: Any
) -> None:
    Heartbeat.objects.create(name="scheduler", at=timezone.now() - dt.timedelta(days=2))
    monkeypatch.setitem(settings.CACHES["default"], "LOCATION", "redis://:key@127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "problems": {
            "redis": "Redis does not answer.",
            "scheduler": "The scheduler has not been heard of.",
        },
    }
    told = [record.getMessage() for record in caplog.records if record.name == "crm.health"]
    assert any("127.0.0.1:1" in line for line in told)
    assert any("Silent for 1728" in line for line in told)


def test_the_page_for_what_nobody_foresaw_is_dressed_like_the_others(rf: Any) -> None:
    """It is drawn with nothing but itself, so it names its sheets once more."""
    sheets = re.compile(r'rel="stylesheet" href="([^"]+)"')
    for language in ("en", "he"):
        with override(language):
            own = sheets.findall(server_error(rf.get("/")).content.decode())
            others = sheets.findall(render_to_string("ui/head.html"))
        assert own == [sheet for sheet in others if "forms" not in sheet]


def test_every_check_has_its_sentence() -> None:
    assert SENTENCES.keys() == CHECKS.keys()


def test_a_cursor_nested_without_end_is_a_bad_cursor() -> None:
    cursor = base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=")
    with pytest.raises(BadCursor):
        page_of(Heartbeat.objects.all(), Sort("at"), cursor=cursor, size=10)
