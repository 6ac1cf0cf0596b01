"""What an import hands back: step lists of a profile, what was left out, and what a person still has to say."""

from dataclasses import dataclass
from typing import Any

from carriers.profile import CredentialField, SitePage
from carriers.recordings.recording import LeftOut, Tool
from carriers.steps import Step

NOT_RECORDED = ("find_invoice", "read_result")


@dataclass(frozen=True)
class Remark:
    """Something to check or to complete in a step list; `number` is the recorded step, 0 for the whole list."""

    part: str
    number: int
    text: str


@dataclass(frozen=True)
class Draft:
    """The parts of a profile that a recording gives; it is no valid profile before a person completed it.

    Attributes:
        origin: scheme, host and port of the first address; '' when no address was recorded.
        hosts: other hosts that were visited, as 'host:port'.
    """

    title: str
    tool: Tool
    origin: str
    hosts: tuple[str, ...]
    credentials: tuple[CredentialField, ...]
    pages: dict[str, SitePage]
    login: tuple[Step, ...]
    upload: tuple[Step, ...]
    logout: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]

    def put_into(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return a profile document with the recorded parts in place of its own; what was not recorded stays."""
        site = document.get("site") or {}
        steps = {**(site.get("steps") or {})}
        for name in ("login", "upload", "logout"):
            if recorded := getattr(self, name):
                steps[name] = [step.model_dump(mode="json") for step in recorded]
        recorded_site = {
            "credentials": _merged(
                site.get("credentials") or [], [c.model_dump(mode="json") for c in self.credentials]
            ),
            "pages": {**(site.get("pages") or {}), **{n: p.model_dump(mode="json") for n, p in self.pages.items()}},
            "allowed_hosts": site.get("allowed_hosts") or ["{site_host}"],
            "steps": steps,
        }
        return {**document, "site": {**site, **recorded_site}}


def _merged(stored: list[dict[str, Any]], recorded: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {field.get("name") for field in stored}
    return [*stored, *(field for field in recorded if field["name"] not in names)]
