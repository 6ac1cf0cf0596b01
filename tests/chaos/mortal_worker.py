"""A worker process that dies or freezes at the steps named by files of a plan folder, each once; for the chaos suite.

`python -m tests.chaos.mortal_worker PLAN_FOLDER` is `python -m jobs.worker` with these cues around its browser visit.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from carriers.exchange import OutgoingFile, SiteDecision, SiteReceipt
from carriers.profile import CarrierProfile
from jobs import worker
from jobs.browser_visit import BrowserVisit

ONE_COMMIT_STEPS = ("claimed", "before_intent", "after_intent", "clicked", "receipt_read", "delivered")
TWO_COMMIT_STEPS = ("claimed", "after_intent", "clicked", "before_intent_submit", "after_intent_submit",
                    "clicked_submit", "receipt_read")  # fmt: skip
_plan = Path()


def main() -> int:
    """Run the worker with mortal visits."""
    global _plan  # noqa: PLW0603 -- set once, before the worker forks
    _plan = Path(sys.argv[1])
    sys.argv = sys.argv[:1]
    for name in ("find_invoice", "upload", "read_result"):
        setattr(BrowserVisit, name, getattr(_Mortal, name))
    return worker.main()


class _Mortal:
    """The methods of a visit with a cue at each step of the ledger."""

    _find = BrowserVisit.find_invoice
    _upload = BrowserVisit.upload
    _read = BrowserVisit.read_result

    def find_invoice(self: BrowserVisit, profile: CarrierProfile, file: OutgoingFile) -> SiteReceipt | None:  # type: ignore[misc]
        _cue(profile, "claimed")
        return _Mortal._find(self, profile, file)

    def upload(  # type: ignore[misc]
        self: BrowserVisit, profile: CarrierProfile, file: OutgoingFile, *, before_commit: Callable[[str], None]
    ) -> SiteReceipt:
        def commit(step: str) -> None:
            which = "_submit" if step == "Submit" else ""
            _cue(profile, f"before_intent{which}")
            _cue(profile, "freeze_before_intent")
            before_commit(step)
            _cue(profile, f"after_intent{which}")
            _cue(profile, "freeze_after_intent")
            _die_after_the_click(self, profile, f"clicked{which}")

        receipt = _Mortal._upload(self, profile, file, before_commit=commit)
        _cue(profile, "receipt_read")
        return receipt

    def read_result(self: BrowserVisit, profile: CarrierProfile, file: OutgoingFile) -> SiteDecision:  # type: ignore[misc]
        _cue(profile, "delivered")
        return _Mortal._read(self, profile, file)


def _die_after_the_click(visit: BrowserVisit, profile: CarrierProfile, step: str) -> None:
    """Let the next click through, then die before its answer is read."""
    browser = visit._browser.live
    plain = browser.click

    def click(element: object) -> None:
        browser.click = plain  # type: ignore[method-assign]
        plain(element)
        _cue(profile, step)

    browser.click = click  # type: ignore[method-assign]


def _cue(profile: CarrierProfile, step: str) -> None:
    """Take a step off the plan of this site and carry it out; nothing when it is not planned."""
    try:
        (_plan / _name(profile) / step).unlink()
    except FileNotFoundError:
        return
    if step.startswith("freeze"):
        (_plan / "frozen").write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    with suppress(ProcessLookupError):
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _name(profile: CarrierProfile) -> str:
    return profile.site.title.split()[0].lower()


if __name__ == "__main__":
    sys.exit(main())
