"""Scaled columns give back on both databases exactly what was stored, and their sums are exact."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.exc import StatementError
from sqlmodel import col, func, select

from core.db import Database
from core.errors import InvalidInputError
from core.scaled import Scaled, money_type, unit_cost_type, units_type
from models import Rate

DIALECTS = {"sqlite": sqlite.dialect(), "mysql": mysql.dialect()}


def _rate(amount: Decimal) -> Rate:
    return Rate(classification="PT", hourly_amount=amount, effective_from=date(2026, 1, 1))


def _store(database: Database, *amounts: Decimal) -> None:
    with database.unit_of_work() as session:
        session.add_all([_rate(amount) for amount in amounts])


@pytest.mark.parametrize("dialect", DIALECTS)
@given(number=st.integers(-(10**14) + 1, 10**14 - 1))
def test_what_is_bound_comes_back_with_its_places(dialect: str, number: int) -> None:
    column, value = unit_cost_type(), Decimal(number).scaleb(-4)
    bound = column.process_bind_param(value, DIALECTS[dialect])
    back = column.process_result_value(bound, DIALECTS[dialect])
    assert back == value
    assert back is not None
    assert back.as_tuple().exponent == -4


def test_null_stays_null() -> None:
    assert money_type().process_bind_param(None, DIALECTS["sqlite"]) is None
    assert money_type().process_result_value(None, DIALECTS["mysql"]) is None


@pytest.mark.parametrize(
    "wrong", [0.1, True, "1.00", Decimal("NaN"), Decimal("Infinity"), Decimal("0.001"), Decimal(10) ** 12]
)
def test_inexact_or_too_long_numbers_are_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInputError, match="not saved"):
        money_type().process_bind_param(wrong, DIALECTS["sqlite"])


def test_trailing_zeros_are_no_excess_digits() -> None:
    assert money_type().process_bind_param(Decimal("1.5000"), DIALECTS["sqlite"]) == 150


@pytest.mark.parametrize(
    ("column", "ddl"),
    [(money_type(), "NUMERIC(14, 2)"), (unit_cost_type(), "NUMERIC(14, 4)"), (units_type(), "NUMERIC(12, 4)")],
)
def test_storage_is_decimal_on_mysql_and_integers_on_sqlite(column: Scaled, ddl: str) -> None:
    assert column.compile(DIALECTS["mysql"]) == ddl
    assert column.compile(DIALECTS["sqlite"]) == "BIGINT"


def test_sums_and_extremes_are_exact(each_database: Database) -> None:
    _store(each_database, *[Decimal("0.1"), Decimal("0.2"), Decimal("9999999999.9999")])
    amount = col(Rate.hourly_amount)
    with each_database.read_only() as session:
        total, most = session.exec(select(func.sum(amount), func.max(amount))).one()
    assert total == Decimal("10000000000.2999")
    assert most == Decimal("9999999999.9999")


def test_a_thousand_dimes_are_a_hundred_dollars(each_database: Database) -> None:
    _store(each_database, *[Decimal("0.1")] * 1000)
    with each_database.read_only() as session:
        assert str(session.exec(select(func.sum(col(Rate.hourly_amount)))).one()) == "100.0000"


def test_comparisons_are_by_value(each_database: Database) -> None:
    _store(each_database, Decimal("9.5"), Decimal(10), Decimal("100.0001"))
    amount = col(Rate.hourly_amount)
    with each_database.read_only() as session:
        found = session.exec(select(amount).where(amount >= Decimal(10)).order_by(amount)).all()
    assert found == [Decimal(10), Decimal("100.0001")]


def test_float_never_reaches_the_database(each_database: Database) -> None:
    with pytest.raises((StatementError, InvalidInputError), match="not an exact number"):
        _store(each_database, 0.1)
    with each_database.read_only() as session:
        assert session.exec(select(func.count()).select_from(Rate)).one() == 0
