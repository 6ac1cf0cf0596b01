"""Practice carriers without a socket: the sites and their control as applications in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sandbox.portals.control import control_app
from sandbox.portals.hosts import Portals
from sandbox.portals.sample_world import sample_world
from sandbox.portals.store import Store
from sandbox.portals.world import parse_world


@dataclass(frozen=True, slots=True)
class Practice:
    portals: Portals
    control: TestClient

    def visitor(self, slug: str) -> TestClient:
        return TestClient(self.portals.app(), base_url=f"http://{slug}.localhost:8800")

    def fault(self, site: str, kind: str, **order: object) -> None:
        assert self.control.post("/faults", json={"site": site, "kind": kind} | order).status_code == 201

    def overall(self) -> dict[str, object]:
        return self.control.get("/totals").json()["overall"]


def make_practice(folder: Path, *, delay: float | None = 0, processing_ms: int = 0) -> Practice:
    portals = Portals(parse_world(sample_world(delay)), Store(folder), processing_ms=processing_ms)
    return Practice(portals, TestClient(control_app(portals)))


@pytest.fixture
def practice(tmp_path) -> Iterator[Practice]:
    made = make_practice(tmp_path)
    yield made
    made.portals.store.close()


@pytest.fixture
def slow_practice(tmp_path) -> Iterator[Practice]:
    """Decisions wait to be released; platform 2 thinks for a minute."""
    made = make_practice(tmp_path / "slow", delay=None, processing_ms=60_000)
    yield made
    made.portals.store.close()
