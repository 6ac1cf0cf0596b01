"""What the stores add up to: the figures a month is checked against."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sandbox.portals.store import ACCEPTED, REFUSED, STAGED, Post


def totals_of(posts: Iterable[Post]) -> dict[str, Any]:
    """Count posts by carrier and overall. A staged file is no post until it is submitted."""
    by_carrier: dict[str, list[Post]] = {}
    for post in posts:
        by_carrier.setdefault(post.carrier, []).append(post)
    every = [post for some in by_carrier.values() for post in some]
    return {"overall": _count(every), "carriers": {name: _count(some) for name, some in sorted(by_carrier.items())}}


def _count(posts: list[Post]) -> dict[str, Any]:
    states = Counter(post.status for post in posts)
    accepted = [post for post in posts if post.status == ACCEPTED]
    copies = Counter((post.site, post.carrier, post.invoice_number, post.sha256) for post in accepted)
    return {
        "posts": states[ACCEPTED] + states[REFUSED],
        "accepted": states[ACCEPTED],
        "refused": states[REFUSED],
        "staged": states[STAGED],
        "duplicates": sum(count - 1 for count in copies.values()),
        "cents": sum(post.total_cents for post in accepted),
        "invoice_numbers": sorted({post.invoice_number for post in accepted}),
    }
