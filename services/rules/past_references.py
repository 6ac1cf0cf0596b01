"""How a finding speaks of work elsewhere: by a mark that is stored, and a name that each reader may see.

The stored sentence holds '[[time:17]]'. Who may see that work reads its invoice or its matter there; to everybody else
it is 'another matter': one client's bill must not tell about another's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlmodel import Session, col

from models import Expense, Invoice, Matter, Proforma, ProformaLine, TimeEntry
from models.enums import DocumentStatus, ProformaStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.review.own_work import timekeeper_of

ELSEWHERE = "another matter"
_MARK = re.compile(r"\[\[((?:time|expense):[0-9]+)\]\]")
_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_TABLES: dict[str, tuple[Any, Any]] = {
    "time": (TimeEntry, ProformaLine.time_entry_id),
    "expense": (Expense, ProformaLine.expense_id),
}


def marker(source: str) -> str:
    """Return what stands for an entry, as in 'time:17', in a stored sentence."""
    return f"[[{source}]]"


def sources_in(text: str) -> list[str]:
    """Return the entries that a sentence speaks of, each once, in its order."""
    return list(dict.fromkeys(_MARK.findall(text)))


def references(session: Session, actor: Actor, texts: Iterable[str]) -> dict[str, str]:
    """Return the name of every entry that the texts speak of, by its source; at most two statements and a look-up."""
    sources = sorted({source for text in texts for source in sources_in(text)})
    names = dict.fromkeys(sources, ELSEWHERE)
    if not sources:
        return names
    timekeeper_id = None if sees_all_matters(actor) else timekeeper_of(session, actor)
    for table in _TABLES:
        ids = [int(source.partition(":")[2]) for source in sources if source.startswith(f"{table}:")]
        for row in session.execute(_named(table), {"ids": ids}) if ids else ():
            if sees_all_matters(actor) or _is_theirs(row, actor, timekeeper_id):
                names[f"{table}:{row.id}"] = _name(row)
    return names


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a sentence with each mark replaced by its name; one without a name is another matter."""
    return _MARK.sub(lambda mark: names.get(mark[1], ELSEWHERE), text)


def named_for(session: Session, actor: Actor, texts: Sequence[str]) -> list[str]:
    """Return the texts as this person may read them."""
    names = references(session, actor, texts)
    return [with_names(text, names) for text in texts]


@cache
def _named(table: str) -> Select[*tuple[Any, ...]]:
    model, column = _TABLES[table]
    live = and_(col(Proforma.id) == col(ProformaLine.proforma_id), col(Proforma.status) != ProformaStatus.VOIDED)
    standing = and_(col(Invoice.proforma_id) == col(Proforma.id), col(Invoice.document_status).in_(_STANDING))
    return (
        select(
            col(model.id),
            col(model.timekeeper_id),
            col(Matter.number).label("matter_number"),
            col(Matter.responsible_attorney_id).label("attorney_id"),
            col(Invoice.number).label("invoice_number"),
        )
        .join(Matter, col(Matter.id) == col(model.matter_id))
        .outerjoin(ProformaLine, col(column) == col(model.id))
        .outerjoin(Proforma, live)
        .outerjoin(Invoice, standing)
        .where(col(model.id).in_(bindparam("ids", expanding=True)))
        .order_by(col(Invoice.number))
    )


def _is_theirs(row: Row[Any], actor: Actor, timekeeper_id: int | None) -> bool:
    is_own_work = timekeeper_id is not None and timekeeper_id == row.timekeeper_id
    return is_own_work or (actor.user_id is not None and bool(row.attorney_id == actor.user_id))


def _name(row: Row[Any]) -> str:
    if row.invoice_number:
        return f"invoice {row.invoice_number}"
    return f"matter {row.matter_number}, not billed yet"
