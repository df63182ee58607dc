"""The cache holds nothing that cannot be computed again, so losing it must not stop a page."""

import logging
from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = logging.getLogger(__name__)
DOWN = (RedisConnectionError, RedisTimeoutError, OSError)


class ForgivingClient(RedisCacheClient):
    """Answers as an empty cache while Redis is away."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One client a pool: making one for every question, as Django does, costs more than the
        question. A client is safe among threads; the pool hands out the connections."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # missing in the stubs
        client = self._clients.get(id(pool))
        if client is None:
            make: Any = self._client  # type: ignore[attr-defined]  # missing in the stubs
            client = self._clients[id(pool)] = make(connection_pool=pool)
        return client

    @cached_property
    def _clients(self) -> dict[int, Any]:
        return {}

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)
            return default

    def get_many(self, keys: Any) -> dict[Any, Any]:
        try:
            return super().get_many(keys)
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)
            return {}

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        try:
            super().set(key, value, timeout)
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        try:
            return bool(super().add(key, value, timeout))
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)
            return True

    def delete(self, key: Any) -> bool:
        try:
            return bool(super().delete(key))
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)
            return False

    def has_key(self, key: Any) -> bool:
        """Asked before a session is made: without this nobody could sign in."""
        try:
            return bool(super().has_key(key))
        except DOWN as problem:
            log.warning("Cache unavailable: %s", problem)
            return False

    def incr(self, key: Any, delta: int) -> int:
        try:
            return int(super().incr(key, delta))
        except DOWN as problem:
            raise ValueError(f"Cache unavailable: {problem}") from problem


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
