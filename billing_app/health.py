"""Whether the portal can work: `GET /healthz`."""

import asyncio

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from core.db import read_only
from core.queue import connect


async def healthz(_request: Request) -> JSONResponse:
    """Answer 200 while the database is there; Redis is only a doorbell, so its absence is told, not fatal."""
    database, redis = await asyncio.gather(asyncio.to_thread(_has_database), asyncio.to_thread(_has_redis))
    status = "ok" if database and redis else "degraded" if database else "down"
    body = {"status": status, "database": database, "redis": redis}
    return JSONResponse(body, status_code=200 if database else 503)


def _has_database() -> bool:
    try:
        with read_only() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _has_redis() -> bool:
    try:
        return bool(connect().ping())
    except RedisError:
        return False
