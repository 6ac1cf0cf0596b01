"""A recording put into a profile's draft; numbers that the firm knows are recognised in it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.recordings.draft import Remark
from carriers.recordings.drafting import draft_profile
from carriers.recordings.reading import read_recording
from carriers.recordings.recording import LeftOut
from models import Carrier, Invoice, Matter, MatterPayor, Site, SiteAccount
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.lifecycle import get

_CHUNK = 500
_NOT_ALWAYS_RECORDED = ("find_invoice", "read_result", "logout")


@dataclass(frozen=True)
class ImportedRecording:
    """A draft with the recorded lists in it, and everything a person has to look at."""

    title: str
    tool: str
    document: dict[str, Any]
    steps: dict[str, int]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]


def import_recording(
    session: Session, actor: Actor, *, carrier_id: int, document: dict[str, Any], content: bytes
) -> ImportedRecording:
    """Put a recording of either tool into a draft. Nothing is stored, and no typed secret comes out.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier.
        UnreadableRecordingError: the file is no recording.
    """
    require(actor, Role.ADMIN, what="Importing a recording")
    carrier: Carrier = get(session, Carrier, carrier_id)
    recording = read_recording(content)
    draft = draft_profile(recording, _known(session, carrier, recording.typed_texts()))
    filled = draft.put_into(document)
    filled["site"].setdefault("title", carrier.name)
    counts = {"login": len(draft.login), "upload": len(draft.upload), "logout": len(draft.logout)}
    kept = (_kept(remark, document) for remark in draft.remarks)
    remarks = (*_elsewhere(session, carrier, draft.origin), *kept)
    return ImportedRecording(draft.title, draft.tool, filled, counts, draft.left_out, remarks)


def _known(session: Session, carrier: Carrier, typed: Collection[str]) -> dict[str, str]:
    """Return placeholder names by text: the carrier's code and name, and numbers of invoices, matters and claims."""
    texts = sorted(typed)[:_CHUNK]
    columns = (
        ("matter", col(Matter.number)),
        ("claim_number", col(MatterPayor.claim_number)),
        ("invoice_number", col(Invoice.number)),
    )
    known = {carrier.name: "client_code", carrier.client_code: "client_code"}
    for placeholder, column in columns:
        known |= dict.fromkeys(session.scalars(select(column).where(column.in_(texts))), placeholder)
    return known


def _kept(remark: Remark, document: dict[str, Any]) -> Remark:
    """Say of a list that was not recorded that the draft keeps the one it has."""
    steps = (document.get("site") or {}).get("steps") or {}
    if remark.part in _NOT_ALWAYS_RECORDED and steps.get(remark.part):
        return replace(remark, text="Not recorded, so the draft keeps the steps that it had. Check that they fit.")
    return remark


def _elsewhere(session: Session, carrier: Carrier, origin: str) -> tuple[Remark, ...]:
    account: SiteAccount = get(session, SiteAccount, carrier.site_account_id)
    site: Site = get(session, Site, account.site_id)
    if not origin or origin == site.origin:
        return ()
    text = f"It was recorded at {origin}; the steps are played at {site.origin}. Check that both are the same site."
    return (Remark("site", 0, text),)
