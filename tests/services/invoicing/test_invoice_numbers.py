"""Numbers without gaps, with rivals finalising at once and some of them rolling back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import BillingError, InvalidInputError
from models import Invoice, NumberCounter
from models.enums import ProformaStatus
from services.invoicing import invoices
from services.invoicing.invoice_numbers import take_numbers
from tests.builders import id_of, make_biller, make_proforma

DAY = date(2026, 11, 2)
RIVALS = 4
ROUNDS = 6


def test_take_numbers_goes_on_from_the_last(session: Session) -> None:
    assert take_numbers(session, invoice_date=DAY, count=2) == ["2026-000001", "2026-000002"]
    assert take_numbers(session, invoice_date=DAY, count=1) == ["2026-000003"]
    assert take_numbers(session, invoice_date=date(2027, 1, 4), count=1) == ["2027-000001"]


def test_take_numbers_gives_back_on_rollback(database: Database) -> None:
    def fail() -> None:
        with database.unit_of_work() as session:
            take_numbers(session, invoice_date=DAY, count=5)
            raise InvalidInputError("Refused after the numbers were taken.")

    with pytest.raises(InvalidInputError):
        fail()
    with database.unit_of_work() as session:
        assert take_numbers(session, invoice_date=DAY, count=1) == ["2026-000001"]


def test_rivals_leave_no_gap_and_no_twin(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        take_numbers(session, invoice_date=date.today(), count=1)  # noqa: DTZ011 -- the year's series exists
        chosen = [id_of(make_proforma(session, status=ProformaStatus.APPROVED)) for _ in range(RIVALS * ROUNDS)]
        biller = make_biller(session)

    def finalize(n: int) -> bool:
        try:
            with each_database.unit_of_work() as session:
                invoices.finalize_proformas(session, biller, proforma_ids=[chosen[n]])
                if n % 3 == 0:
                    raise InvalidInputError("Refused at the last moment.")
        except BillingError:
            return False
        return True

    with ThreadPoolExecutor(RIVALS) as rivals:
        made = sum(rivals.map(finalize, range(RIVALS * ROUNDS)))
    with each_database.read_only() as session:
        numbers = sorted(int(number[5:]) for number in session.exec(select(Invoice.number)))
        last = session.exec(select(NumberCounter.last_number)).one()
    assert made == RIVALS * ROUNDS * 2 // 3
    assert numbers == list(range(2, made + 2))
    assert last == made + 1
