"""A pretend walk through a site, for the tests of health walks."""

from collections.abc import Callable, Mapping

from carriers.health_walk import PageLook, WalkAudience
from carriers.page_sheet import PageSheet, sheet_parts
from carriers.profile import CarrierProfile
from core.errors import BillingError
from services.sites.health_walk_work import WalkFindings


class Walker:
    """A visit that shows pages, and perhaps fails."""

    def __init__(self, error: BillingError | None = None, findings: WalkFindings | None = None) -> None:
        self.error, self.findings = error, findings or WalkFindings({"upload": "walked"})
        self.known: dict[str, str] = {}
        self.opened = 0
        self.between: Callable[[], object] = lambda: None

    def open(self, _order: object) -> "Walker":
        self.opened += 1
        return self

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], audience: WalkAudience) -> WalkFindings:
        self.known = dict(known)
        if self.error:
            raise self.error
        audience.tell(look())
        self.between()
        audience.check()
        return self.findings

    def close(self) -> None:
        """Nothing is open."""

    def kill(self) -> None:
        """Nothing runs."""


def look(name: str = "fileLedes") -> PageLook:
    part = {"kind": "field", "type": "file", "name": name, "label": "Invoice file", "place": [1, 2, 3, 4]}
    return PageLook("upload", "upload", PageSheet(parts=sheet_parts([part])), b"\x89PNG page")
