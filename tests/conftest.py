"""What every test gets: no sockets unless its mark asks for them, settings of its own, servers on demand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from core.settings import Settings, get_settings
from tests.servers import unused_port

pytest_plugins = ["tests.fixtures_db", "tests.fixtures_servers"]

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
SERIAL_MARKS = ("mariadb", "redis", "chromium", "slow")
SERIAL_TIMEOUT_SECONDS = 300
JOURNEYS = "tests/journeys/"

# A shared machine makes single examples slow now and then; that is no fault of the code.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


class OneHouseScheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives a file to one process, and all journeys to one, so that they share one house."""

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Schedule files our way; other ways as xdist does."""
    return OneHouseScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let marked tests talk to this machine, and nobody else, and give them more time; the longest way goes first."""
    items.sort(key=lambda item: not item.nodeid.startswith(JOURNEYS))
    for item in items:
        if not any(item.get_closest_marker(mark) for mark in SERIAL_MARKS):
            continue
        item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SERIAL_TIMEOUT_SECONDS))


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Read settings afresh, without what a developer has set, and keep files out of the work tree."""
    for name in [name for name in os.environ if name.startswith("BILLING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("BILLING_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("BILLING_KEY_RING_PATH", str(tmp_path / "var" / "keys" / "key-ring.json"))
    monkeypatch.setenv("SE_OFFLINE", "true")  # Selenium would ask the internet for a driver
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    return unused_port()
