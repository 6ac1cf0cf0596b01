"""The pages that each role sees, and a tour through them that looks at each by eye, by axe and by keyboard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from sandbox.screenshots.camera import LOOKS, Look
from tests.journeys.keyboard import walk
from tests.journeys.visitor import Visitor

DESK, DARK, PHONE = LOOKS
ROW_SECONDS = 120  # the first file is on its way to its site while the house is new

# By role: the list that leads to a page, and the link to follow there; '' = the list itself.
PAGES = {
    "attorney": (
        ("/", ""),
        ("/review", ""),
        ("/review", ".queue-number"),
        ("/review?scope=forwarded", ""),
        ("/review?findings=flagged&age=overdue", ""),
        ("/invoices", ""),
        ("/attest", ""),
        ("/notifications", ""),
        ("/absence", ""),
        ("/reports?report=blocked", ""),
    ),
    "biller": (
        ("/", ""),
        ("/review?status=finalized", ""),
        ("/review?status=finalized", ".queue-number"),
        ("/billing", ""),
        ("/billing/calendar", ""),
        ("/matters", ""),
        ("/matters", "a.row-link"),
        ("/invoices", ""),
        ("/invoices", "a.row-link"),
        ("/ledes", ""),
        ("/submissions", ""),
        ("/submissions?column=delivered", "a.row-link"),
        ("/mail?view=all", ""),
        ("/rejections", ""),
        ("/rejections?view=reductions", ""),
        ("/results", ""),
        ("/reports", ""),
        ("/reports?report=realisation", ""),
        ("/notifications/preferences", ""),
    ),
    "admin": (
        ("/", ""),
        ("/carriers", ""),
        ("/carriers", "a.rules-link"),
        ("/carriers", "a[href$='/profile']"),
        ("/results", ""),
        ("/mail?view=all", ""),
        ("/letters", ""),
        ("/people", ""),
        ("/reports?report=ageing", ""),
        ("/audit", ""),
        ("/notifications", ""),
        ("/notifications/deliveries?view=all", ""),
    ),
}


@dataclass
class Tour:
    """What one role's pages have wrong, by page: for eyes and axe by look as well, and for the keyboard on a desk."""

    faults: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    stops: dict[str, list[str]] = field(default_factory=dict)


def faults(visitor: Visitor, *, colours_only: bool = False) -> list[str]:
    """Return everything that is wrong with the page as it stands, for eyes and for axe."""
    wrong = visitor.violations(colours_only=colours_only)
    return [*wrong, *visitor.overflow(), *visitor.clipped(), *visitor.complaints()]


def faults_by_look(visitor: Visitor, looks: Sequence[Look] = (DARK, PHONE, DESK)) -> dict[str, list[str]]:
    """Return what is wrong in each look by its name; the page in the dark is the desk's in other colours."""
    wrong = {}
    for look in looks:
        visitor.see_as(look)
        if found := faults(visitor, colours_only=look is DARK and DESK in looks):
            wrong[look.name] = found
    return wrong


def tour_of(visitor: Visitor, role: str) -> Tour:
    """Look at every page of a role in the dark, on a phone and on a desk, and there press Tab through it."""
    tour = Tour()
    for place in _places(visitor, role):
        if found := faults_by_look(visitor):
            tour.faults[place] = found
        if lost := walk(visitor):
            tour.stops[place] = lost
    return tour


def _places(visitor: Visitor, role: str) -> Iterator[str]:
    """Open one page after another; a list that is open already is not opened again for its link."""
    here = ""
    for path, link in PAGES[role]:
        if path != here:
            visitor.go(path)
        here = path
        if link:
            visitor.until(partial(visitor.count, link), f"a row of {path}", seconds=ROW_SECONDS)
            here = visitor.first_link(link)
            visitor.go(here)
        yield here
