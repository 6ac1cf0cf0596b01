"""`python -m tests.chaos.failing_worker FOLDER`: a worker whose first visit fails in a way that nobody foresaw."""

import sys
from pathlib import Path

from carriers.exchange import OutgoingFile, SiteReceipt
from carriers.profile import CarrierProfile
from jobs import worker
from jobs.browser_visit import BrowserVisit

PLANTED = "a failure that nobody foresaw"
_find = BrowserVisit.find_invoice
_folder = Path()


def main() -> int:
    """Run the worker with a visit that fails once."""
    global _folder  # noqa: PLW0603 -- set once, before the worker forks
    _folder = Path(sys.argv[1])
    sys.argv = sys.argv[:1]
    BrowserVisit.find_invoice = _fail_once  # type: ignore[method-assign]
    return worker.main()


def _fail_once(self: BrowserVisit, profile: CarrierProfile, file: OutgoingFile) -> SiteReceipt | None:
    found = _find(self, profile, file)
    typed = {name: value.reveal() for name, value in self._order.credentials.items()}
    marker = _folder / "has-failed"
    if not marker.exists():
        marker.touch()
        raise RuntimeError(f"{PLANTED}, with {len(typed)} secrets in hand")
    return found


if __name__ == "__main__":
    sys.exit(main())
