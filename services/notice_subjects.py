"""What the record of a notice is called, and whose page shows it: names and numbers, never a narrative.

A new kind of record is a function here and a line of `_NAMERS`; one that is unknown or gone is called by its noun.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from models import (
    Carrier,
    Invoice,
    LineProposal,
    Matter,
    Proforma,
    ProformaLine,
    SavedReport,
    Site,
    SiteAccount,
    SplitProposal,
    Submission,
    User,
)


@dataclass(frozen=True)
class Subject:
    """A record as its reader knows it; `look_for` finds it in its list, `page_id` is the row whose page shows it."""

    name: str
    look_for: str = ""
    page_id: int | None = None


Named = dict[int, Subject]


def name_subjects(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """Return the subjects of pairs of kind and id, with one statement a kind."""
    ids: dict[str, set[int]] = {}
    for kind, row_id in wanted:
        ids.setdefault(kind, set()).add(row_id)
    found: dict[tuple[str, int], Subject] = {}
    for kind, numbers in ids.items():
        known = _NAMERS[kind](session, sorted(numbers)) if kind in _NAMERS else {}
        for number in numbers:
            found[kind, number] = known.get(number) or Subject(_noun(kind, number), page_id=number)
    return found


def _noun(kind: str, number: int) -> str:
    return {"comment": "a comment"}.get(kind) or f"{kind.replace('_', ' ')} {number}"


def _accounts(session: Session, ids: Sequence[int]) -> Named:
    statement = (
        select(col(SiteAccount.id), col(Site.name), col(SiteAccount.label))
        .join(Site, col(Site.id) == col(SiteAccount.site_id))
        .where(col(SiteAccount.id).in_(ids))
    )
    rows = session.execute(statement)
    return {number: Subject(f"{site}, account {label}", site, number) for number, site, label in rows if number}


def _carriers(session: Session, ids: Sequence[int]) -> Named:
    rows = session.execute(select(col(Carrier.id), col(Carrier.name)).where(col(Carrier.id).in_(ids)))
    return {number: Subject(name, name, number) for number, name in rows if number}


def _invoices(session: Session, ids: Sequence[int]) -> Named:
    rows = session.execute(select(col(Invoice.id), col(Invoice.number)).where(col(Invoice.id).in_(ids)))
    return {number: Subject(f"invoice {name}", name, number) for number, name in rows if number}


def _submissions(session: Session, ids: Sequence[int]) -> Named:
    statement = (
        select(col(Submission.id), col(Invoice.number))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .where(col(Submission.id).in_(ids))
    )
    rows = session.execute(statement)
    return {number: Subject(f"invoice {name}", name, number) for number, name in rows if number}


def _proformas(session: Session, ids: Sequence[int]) -> Named:
    statement = (
        select(col(Proforma.id), col(Matter.number), col(Matter.name))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(col(Proforma.id).in_(ids))
    )
    rows = session.execute(statement)
    return {number: Subject(f"{matter} {name}", matter, number) for number, matter, name in rows if number}


def _matters(session: Session, ids: Sequence[int]) -> Named:
    rows = session.execute(select(col(Matter.id), col(Matter.number), col(Matter.name)).where(col(Matter.id).in_(ids)))
    return {number: Subject(f"{matter} {name}", matter, number) for number, matter, name in rows if number}


def _lines(session: Session, ids: Sequence[int]) -> Named:
    statement = (
        select(col(ProformaLine.id), col(ProformaLine.line_number), col(Proforma.id), col(Matter.number))
        .join(Proforma, col(Proforma.id) == col(ProformaLine.proforma_id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(col(ProformaLine.id).in_(ids))
    )
    rows = session.execute(statement)
    return {
        number: Subject(f"line {line} of {matter}", matter, proforma_id)
        for number, line, proforma_id, matter in rows
        if number
    }


def _proposals(model: type[SplitProposal] | type[LineProposal], session: Session, ids: Sequence[int]) -> Named:
    statement = (
        select(col(model.id), col(Proforma.id), col(Matter.number), col(Matter.name))
        .join(Proforma, col(Proforma.id) == col(model.proforma_id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .where(col(model.id).in_(ids))
    )
    rows = session.execute(statement)
    return {
        number: Subject(f"{matter} {name}", matter, proforma_id) for number, proforma_id, matter, name in rows if number
    }


def _people(session: Session, ids: Sequence[int]) -> Named:
    rows = session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(ids)))
    return {number: Subject(name, name, number) for number, name in rows if number}


def _reports(session: Session, ids: Sequence[int]) -> Named:
    rows = session.execute(select(col(SavedReport.id), col(SavedReport.name)).where(col(SavedReport.id).in_(ids)))
    return {number: Subject(f"the report {name}", name, number) for number, name in rows if number}


_NAMERS: dict[str, Callable[[Session, Sequence[int]], Named]] = {
    "site_account": _accounts,
    "carrier": _carriers,
    "invoice": _invoices,
    "submission": _submissions,
    "matter": _matters,
    "proforma": _proformas,
    "proforma_line": _lines,
    "split_proposal": partial(_proposals, SplitProposal),
    "line_proposal": partial(_proposals, LineProposal),
    "user": _people,
    "report": _reports,
}
