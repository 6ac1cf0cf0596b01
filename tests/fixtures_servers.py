"""Fixtures of the servers a mark stands for: one of each a test session, started when first asked for."""

from collections.abc import Iterator

import pytest
import redis

from tests.servers import MariaDbServer, RedisServer, running_mariadb, running_redis


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDbServer]:
    """Run one private MariaDB for the whole session."""
    with running_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Run one private Redis for the whole session."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Return the URL of an empty Redis."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url
