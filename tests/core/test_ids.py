"""Ids are random and short to read; the correlation id follows one task and no other."""

import asyncio
import re

from core import ids


def test_tokens_are_long_random_and_url_safe() -> None:
    tokens = {ids.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_correlation_ids_are_sixteen_hex_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", ids.new_correlation_id())


def test_sha256_of_text_is_of_its_utf8() -> None:
    assert ids.sha256_hex("é") == ids.sha256_hex("é".encode())
    assert ids.sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_correlated_block_ends_with_the_outer_id() -> None:
    assert ids.correlation_id() == ""
    with ids.correlated("outer"):
        with ids.correlated() as inner:
            assert ids.correlation_id() == inner != "outer"
        assert ids.correlation_id() == "outer"
    assert ids.correlation_id() == ""


async def test_tasks_do_not_share_a_correlation_id() -> None:
    async def task(name: str) -> str:
        ids.correlate(name)
        await asyncio.sleep(0)
        return ids.correlation_id()

    assert list(await asyncio.gather(task("a"), task("b"))) == ["a", "b"]
    assert ids.correlation_id() == ""
