"""While Redis is away people go on working: nothing that is asked of the cache may fail for it."""

import time

import pytest
from django.core.cache.backends.redis import RedisCache

from akim_meetings.cache import ForgivingRedisCache
from tests import factories


@pytest.fixture
def away(monkeypatch):
    """A cache whose server refuses connections (nobody listens on port 1)."""
    monkeypatch.setattr(ForgivingRedisCache, "_asked_again_at", 0.0)
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_djangos_own_cache_would_fail():
    with pytest.raises(Exception, match="refused"):
        RedisCache("redis://127.0.0.1:1/0", {}).get("name")


def test_reads_find_nothing_and_writes_are_forgotten(away):
    away.set("name", 1)
    assert away.get("name", "nothing") == "nothing"
    assert away.get_many(["name"]) == {}
    assert away.add("name", 1) is True
    assert away.incr("name") == 1
    assert not away.has_key("name")
    assert away.delete("name") is False
    assert away.set_many({"name": 1}) == []
    away.delete_many(["name"])
    away.clear()


def test_a_server_that_is_away_is_left_alone_for_a_while(away, monkeypatch):
    away.get("name")
    asked = []
    monkeypatch.setattr(RedisCache, "get", lambda self, *args: asked.append(args))
    away.get("name")
    assert asked == []
    monkeypatch.setattr(ForgivingRedisCache, "_asked_again_at", time.monotonic() - 1)
    away.get("name")
    assert len(asked) == 1


def test_the_api_answers_while_redis_is_away(settings, away, land, our_calendar, editor, monkeypatch):
    factories.meeting(our_calendar, land.A, land.a1)
    monkeypatch.setattr("territories.tokens.cache", away)
    assert len(editor.client.get("/api/v1/meetings/").json()["results"]) == 1
