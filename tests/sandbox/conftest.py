"""Practice carriers without a socket: the sites and their control as applications in this process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sandbox.portals.control import control_app
from sandbox.portals.hosts import Portals
from sandbox.portals.reader import USUAL_FORMAT
from sandbox.portals.sample_world import sample_world
from sandbox.portals.store import Store
from sandbox.portals.world import parse_world

NO_FORMATS: Mapping[str, str] = {}


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


def make_practice(
    folder: Path, *, delay: float | None = 0, processing_ms: int = 0, formats: Mapping[str, str] = NO_FORMATS
) -> Practice:
    world = sample_world(delay)
    for carrier in world["carriers"]:
        carrier["format"] = formats.get(carrier["slug"], USUAL_FORMAT)
    portals = Portals(parse_world(world), Store(folder), processing_ms=processing_ms)
    return Practice(portals, TestClient(control_app(portals)))


@pytest.fixture
def practice(tmp_path) -> Iterator[Practice]:
    made = make_practice(tmp_path)
    yield made
    made.portals.store.close()


@pytest.fixture
def practice_of_formats(tmp_path) -> Iterator[Practice]:
    """Lakeshore takes LEDES 98BI V2, Northfork LEDES XML 2.1."""
    made = make_practice(tmp_path, formats={"lakeshore-indemnity": "LEDES98BI V2", "northfork-re": "LEDES XML 2.1"})
    yield made
    made.portals.store.close()


@pytest.fixture
def slow_practice(tmp_path) -> Iterator[Practice]:
    """Decisions wait to be released; platform 2 thinks for a minute."""
    made = make_practice(tmp_path / "slow", delay=None, processing_ms=60_000)
    yield made
    made.portals.store.close()
