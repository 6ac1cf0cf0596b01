"""Ten pairs edit ten proformas on purpose at once: whoever is late is told, and no edit that was taken is lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count
from threading import Barrier
from typing import Any

from sqlmodel import Session, col, select

from core.db import Database
from core.errors import BillingError, StaleVersionError
from models import Proforma, ProformaEdit, ProformaLine
from models.enums import LineTreatment, Role
from services.actor import Actor
from services.review import proforma_edits
from services.review.edit_steps import changes_of, image_of
from tests.builders import actor, id_of, make_user
from tests.services.review.edit_desk import make_edit_desk

PAIRS = 10
EDITS = 6
_Edit = Callable[..., Any]


@dataclass(frozen=True)
class Side:
    """One of a pair: who, at which proforma, and the edits to make."""

    proforma_id: int
    who: Actor
    edits: Sequence[tuple[int, _Edit, dict[str, Any]]]


def sides(database: Database) -> list[Side]:
    """The attorney takes hours and dollars off both fees, billing moves their codes; they meet on every version."""
    found: list[Side] = []
    with database.unit_of_work() as session:
        for _ in range(PAIRS):
            bill = make_edit_desk(session)
            biller = actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))
            first, second = bill.ids(1, 2)
            cents = count(1)
            money = [
                (line, proforma_edits.write_down, {"amount": Decimal(next(cents)) / 100, "note": "Courtesy"})
                for line in (first, second) * (EDITS // 2)
            ]
            codes = [
                (line, proforma_edits.edit_line, {"task_code": code})
                for line, code in zip((first, second) * (EDITS // 2), ("L250", "L310", "L320") * 2, strict=True)
            ]
            key = id_of(bill.proforma)
            found += [Side(key, bill.attorney, money), Side(key, biller, codes)]
    return found


def verb_at(verb: _Edit, who: Actor, line_id: int, seen: int, given: dict[str, Any], session: Session) -> None:
    """Make one edit in the version that was seen."""
    verb(session, who, line_id=line_id, expected_version=seen, **given)


def play(database: Database, side: Side, start: Barrier) -> tuple[int, int]:
    """Make the edits, each until it is taken; return how many were taken and how often one came too late."""
    start.wait(timeout=60)
    late = 0
    for line_id, verb, given in side.edits:
        while True:
            with database.read_only() as session:
                seen = session.get_one(Proforma, side.proforma_id).version
            try:
                database.transact(partial(verb_at, verb, side.who, line_id, seen, given))
                break
            except StaleVersionError:
                late += 1
    return len(side.edits), late


def test_no_edit_that_was_taken_is_lost(each_database: Database) -> None:
    everybody = sides(each_database)
    start = Barrier(len(everybody))
    with ThreadPoolExecutor(len(everybody)) as pool:
        played = list(pool.map(lambda side: play(each_database, side, start), everybody))
    assert [taken for taken, _ in played] == [EDITS] * 2 * PAIRS
    with each_database.read_only() as session:
        for proforma_id in {side.proforma_id for side in everybody}:
            check_steps_lead_to_the_bill(session, proforma_id)


def check_steps_lead_to_the_bill(session: Session, proforma_id: int) -> None:
    """Every edit is a step, each begins where the one before it ended, and the last one ends at the bill."""
    statement = select(ProformaEdit).where(ProformaEdit.proforma_id == proforma_id)
    steps = list(session.exec(statement.order_by(col(ProformaEdit.id))))
    assert len(steps) == 2 * EDITS
    values: dict[tuple[int, str], Any] = {}
    for step in steps:
        for line in changes_of(step).lines:
            for name in line.columns:
                before = (line.before or {})[name]
                assert values.get((line.line_id, name), before) == before
                values[line.line_id, name] = (line.after or {})[name]
    lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma_id)).all()
    stored = {(id_of(line), name): value for line in lines for name, value in image_of(line).items()}
    assert {key: stored[key] for key in values} == values
    proforma = session.get_one(Proforma, proforma_id)
    assert proforma.version == 1 + 2 * EDITS
    billed = sum((line.billed_amount for line in lines if line.treatment is LineTreatment.BILL), start=Decimal(0))
    assert proforma.billed_amount == billed == Decimal("997.50") - Decimal("0.21")


def test_who_is_late_is_told_and_nothing_of_it_is_stored(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        bill = make_edit_desk(session)
        line_id, key, who = bill.ids(1)[0], id_of(bill.proforma), bill.attorney
    each_database.transact(
        lambda session: proforma_edits.write_off(session, who, line_id=line_id, expected_version=1, note="First")
    )
    late: list[BillingError] = []
    try:
        each_database.transact(
            lambda session: proforma_edits.hold_line(session, who, line_id=line_id, expected_version=1, note="Late")
        )
    except StaleVersionError as refused:
        late.append(refused)
    assert [error.user_message[:33] for error in late] == ["Somebody changed this since you o"]
    with each_database.read_only() as session:
        assert session.get_one(ProformaLine, line_id).treatment is LineTreatment.WRITE_OFF
        assert session.get_one(Proforma, key).version == 2
