"""The cache on Redis that may be away: then nothing is remembered, and nobody's work fails for it.

What is kept there is a convenience (made files, counters of requests). While the server does not
answer, reads find nothing, counters begin anew, and it is left alone for some seconds, so that no
request waits for it again and again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: So long a server that did not answer is not asked again.
LEFT_ALONE_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """Django's cache on Redis, except that a server that is away is an empty cache."""

    _asked_again_at = 0.0

    def _ask(self, call: Callable[..., Any], nothing: Any, *args: Any, **kwargs: Any) -> Any:
        cls = type(self)
        if time.monotonic() < cls._asked_again_at:
            return nothing
        try:
            return call(*args, **kwargs)
        except RedisError as error:
            cls._asked_again_at = time.monotonic() + LEFT_ALONE_SECONDS
            logger.warning("The cache is away and left alone for %.0f s: %s", LEFT_ALONE_SECONDS, error)
            return nothing

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().add, True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().delete, False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict:
        return self._ask(super().get_many, {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(super().has_key, False, *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._ask(super().incr, delta, key, delta, version)

    def set_many(self, *args: Any, **kwargs: Any) -> list:
        return self._ask(super().set_many, [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._ask(super().delete_many, None, *args, **kwargs)

    def clear(self) -> None:
        self._ask(super().clear, None)
