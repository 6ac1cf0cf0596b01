"""Pictures and pages kept as proof of what a site showed: collected while a worker works, read by those who may."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.clock import now
from core.errors import BillingError, NotFoundError
from core.ids import new_correlation_id, sha256_hex
from core.settings import get_settings
from models import Evidence, Invoice, Matter, Submission
from models.enums import Role
from services.actor import Actor

_KINDS = (("png", "image/png"), ("html", "text/html"))


class EvidenceAlteredError(BillingError):
    """The stored bytes are not the ones that were recorded."""

    code = "evidence_altered"
    status_code = 409


@dataclass
class EvidenceCollector:
    """Stores what the browser hands over at once, and writes the rows with the next ledger write.

    `aim` says which file the captures belong to from now on; `flush` adds the rows to a transaction.
    """

    store: ObjectStore
    submission_id: int = 0
    fence: int = 0
    _rows: list[dict[str, Any]] = field(default_factory=list)

    def aim(self, submission_id: int, fence: int) -> None:
        """File later captures under this submission and fence."""
        self.submission_id, self.fence = submission_id, fence

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Keep one screenshot and one page; either may be empty."""
        for (suffix, media_type), content in zip(_KINDS, (png, html.encode()), strict=True):
            if content:
                self._keep(kind, label, suffix, media_type, content)

    def keep_pdf(self, label: str, content: bytes) -> str:
        """Keep the PDF that goes along with a file, byte by byte; return its checksum."""
        self._keep("sent_along", label, "pdf", "application/pdf", content)
        return sha256_hex(content)

    @property
    def has_more(self) -> bool:
        """Whether something was captured that no transaction has taken yet."""
        return bool(self._rows)

    def flush(self, session: Session) -> int:
        """Add the rows of everything captured so far to a transaction; return how many.

        They stay in hand until `forget`, so that a transaction that fails loses no proof.
        """
        if self._rows:
            session.execute(insert(Evidence), self._rows)
        return len(self._rows)

    def forget(self, count: int) -> None:
        """Let go of the first rows, now that their transaction has committed."""
        del self._rows[:count]

    def _keep(self, kind: str, label: str, suffix: str, media_type: str, content: bytes) -> None:
        key = f"evidence/{self.submission_id}/{self.fence}/{new_correlation_id()}.{suffix}"
        self.store.put(key, content, media_type)
        row = {
            "submission_id": self.submission_id,
            "fence": self.fence,
            "kind": kind[:40],
            "label": label[:160],
            "media_type": media_type,
            "object_key": key,
            "sha256": sha256_hex(content),
            "taken_at": now(),
        }
        self._rows.append(row)


def read_evidence(
    session: Session,
    actor: Actor,
    *,
    evidence_id: int,
    store: ObjectStore | None = None,
) -> tuple[str, bytes]:
    """Return media type and bytes of one piece: for billers and admins, and attorneys on their own matters.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
        EvidenceAlteredError: the bytes do not have the recorded checksum.
    """
    row = session.get(Evidence, evidence_id)
    if row is None or not may_see(session, actor, row.submission_id):
        message = "There is no such piece of evidence among your matters. Nothing was opened; go back to the file."
        raise NotFoundError(message, evidence_id=evidence_id)
    return row.media_type, read_unaltered(store, row.object_key, row.sha256, evidence_id=evidence_id)


def read_unaltered(store: ObjectStore | None, key: str, sha256: str, **facts: int) -> bytes:
    """Return the bytes of a key, from the settings' store where none is given.

    Raises:
        EvidenceAlteredError: they do not have the recorded checksum.
    """
    content = (store or object_store(get_settings())).get(key)
    if sha256_hex(content) != sha256:
        message = "This piece of evidence was altered after it was taken, so it is not shown. Tell an administrator."
        raise EvidenceAlteredError(message, **facts)
    return content


def may_see(session: Session, actor: Actor, submission_id: int) -> bool:
    """Whether the actor may look at a submission's proof."""
    if actor.has(Role.BILLER, Role.ADMIN):
        return True
    if not actor.has(Role.ATTORNEY):
        return False
    attorney = session.scalars(
        select(col(Matter.responsible_attorney_id))
        .join(Invoice, col(Invoice.matter_id) == Matter.id)
        .join(Submission, col(Submission.invoice_id) == Invoice.id)
        .where(col(Submission.id) == submission_id)
    ).first()
    return actor.user_id is not None and attorney == actor.user_id
