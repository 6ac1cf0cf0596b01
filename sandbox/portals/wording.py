"""Words that all sites write alike."""

from datetime import UTC, datetime

from sandbox.portals.store import Post


def status_of(post: Post, now_ms: int) -> str:
    """Return the carrier's decision as shown: Pending until it is published."""
    return (post.decision_at(now_ms) or "pending").capitalize()


def written_at(at_ms: int) -> str:
    """Write an instant as the sites do, in UTC."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%m/%d/%Y %H:%M:%S}"
