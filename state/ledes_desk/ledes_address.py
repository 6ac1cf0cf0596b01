"""What stands in the address of the LEDES workbench: file, carrier, view and what is open in it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from core.db import read_only
from core.errors import NotFoundError
from services.ledes_desk.ledes_bench import Bench, open_bench
from state.addresses import as_number, query
from state.guard import actor

VIEWS = {
    "findings": "Findings",
    "invoices": "Invoices",
    "repairs": "Repairs",
    "convert": "Convert",
    "guidelines": "Guidelines",
    "compare": "Compare",
}


@dataclass(frozen=True)
class BenchAddress:
    """The query of the page, as text; '' where nothing is chosen. Every value came from the browser."""

    file: str = ""
    carrier: str = ""
    view: str = ""
    severity: str = ""
    code: str = ""
    finding: str = ""
    invoice: str = ""
    to: str = ""
    other: str = ""

    @property
    def file_id(self) -> int | None:
        """Return the file's id; None where no file is open."""
        return as_number(self.file)

    @property
    def key(self) -> str:
        """Return what tells one reading of a file from another: its id, and the carrier it is held against."""
        return f"{self.file}/{self.carrier}"

    @property
    def shown(self) -> str:
        """Return the view that is shown."""
        return self.view if self.view in VIEWS else "findings"

    def href(self, **changes: str) -> str:
        """Return the address with some values changed."""
        changed = replace(self, **changes)
        return f"/ledes{query({field.name: getattr(changed, field.name) for field in fields(changed)})}"

    def view_href(self, view: str) -> str:
        """Return the address of a view with nothing open in it."""
        return BenchAddress(self.file, self.carrier, view).href()


def bench_address(parameters: Mapping[str, object]) -> BenchAddress:
    """Read the address."""
    return BenchAddress(**{field.name: str(parameters.get(field.name, "")) for field in fields(BenchAddress)})


def opened(address: BenchAddress) -> Bench:
    """Open what the address names, as the person behind the current event; runs in a thread.

    Raises:
        NotFoundError: there is no such file on their workbench.
    """
    if address.file_id is None:
        raise NotFoundError("No file is open. Drop one, or choose one of yours.")
    with read_only() as session:
        return open_bench(session, actor(), file_id=address.file_id, carrier_id=as_number(address.carrier))


def page_of(total: int, page: int, size: int) -> tuple[int, str, bool]:
    """Return the page that there is, its range in words, and whether another follows."""
    last = max((total - 1) // size, 0) + 1
    page = min(max(page, 1), last)
    first = (page - 1) * size + 1
    shown = f"{first:,}-{min(first + size - 1, total):,} of {total:,}" if total else "None"
    return page, shown, page < last
