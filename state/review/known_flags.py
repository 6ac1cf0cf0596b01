"""The flagged lines of a queue, kept for a while by proforma and version: a look at a queue shows mostly known ones."""

from collections.abc import Sequence
from threading import Lock

from cachetools import TTLCache
from sqlmodel import Session

from core.db import Database, get_database
from services.access import sees_all_matters
from services.actor import Actor
from services.review.queue_list import QueueItem
from services.review.review_queue import FlaggedLine, flagged_lines

# Findings and the values of lines are new only with a new version. What a finding says of other work may go by
# another name within that time: an invoice's number instead of "not billed yet".
_KEPT_SECONDS, _MOST = 60, 20_000
# Who may see all reads the same; of the others each may read other names.
_Key = tuple[Database, int | None, int, int]
_known: TTLCache[_Key, tuple[FlaggedLine, ...]] = TTLCache(_MOST, _KEPT_SECONDS)
_lock = Lock()


def flags_of(session: Session, actor: Actor, items: Sequence[QueueItem]) -> dict[int, tuple[FlaggedLine, ...]]:
    """Return the flagged lines of a queue's rows, which the actor may see, by proforma; those without are absent."""
    database, reader = get_database(), None if sees_all_matters(actor) else actor.user_id
    keys = {item.row.id: (database, reader, item.row.id, item.row.version) for item in items if item.row.finding_count}
    with _lock:
        found = {proforma_id: lines for proforma_id, key in keys.items() if (lines := _known.get(key)) is not None}
    unknown = [proforma_id for proforma_id in keys if proforma_id not in found]
    read = flagged_lines(session, actor, proforma_ids=unknown) if unknown else {}
    with _lock:
        _known.update({keys[proforma_id]: lines for proforma_id, lines in read.items()})
    return found | read
