"""What holds for every table: names, exact numbers, aware instants, words that fit, and LEDES lengths."""

import re
from enum import StrEnum

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel, select
from sqlmodel.sql.sqltypes import UTCDateTime

import models
from core.clock import now
from core.db import Database
from core.scaled import Scaled
from models import AuditEvent, Matter, NumberCounter, Timekeeper, User, enums
from models.base import metadata

VOCABULARIES = [
    member
    for member in vars(enums).values()
    if isinstance(member, type) and issubclass(member, StrEnum) and member is not StrEnum
]
EXACT = ("_amount", "unit_cost", "units", "_hours", "_percent")
COLUMNS = [column for table in metadata.tables.values() for column in table.columns]
LEDES_LENGTHS = {
    "invoice.number": 20,
    "matter.number": 20,
    "matter_payor.claim_number": 20,
    "carrier.client_code": 20,
    "site_account.law_firm_id": 20,
    "timekeeper.code": 20,
    "timekeeper.classification": 10,
    "invoice_line.timekeeper_name": 30,
}


def test_package_lists_every_table() -> None:
    listed = {getattr(models, name).__table__.name for name in models.__all__}
    assert listed == set(metadata.tables)


@pytest.mark.parametrize("table", metadata.tables.values(), ids=str)
def test_names_are_short_snake_case(table: sa.Table) -> None:
    names = [table.name, *(column.name for column in table.columns)]
    names += [str(item.name) for item in (*table.indexes, *table.constraints)]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) for name in names)


@pytest.mark.parametrize("table", metadata.tables.values(), ids=str)
def test_every_constraint_has_a_name(table: sa.Table) -> None:
    assert all(constraint.name for constraint in table.constraints)


def test_no_column_is_a_binary_float_or_a_bare_decimal() -> None:
    assert [str(column) for column in COLUMNS if isinstance(column.type, sa.Numeric | sa.Float)] == []


def test_amounts_and_units_are_scaled() -> None:
    exact = [column for column in COLUMNS if column.name.endswith(EXACT)]
    assert len(exact) > 15
    assert [str(column) for column in exact if not isinstance(column.type, Scaled)] == []


@pytest.mark.parametrize(("ending", "kind"), [("_at", (UTCDateTime, sa.Time)), ("_on", (sa.Date,))])
def test_names_tell_instants_from_dates(ending: str, kind: tuple[type[object], ...]) -> None:
    named = {str(column) for column in COLUMNS if column.name.endswith(ending)}
    assert named <= {str(column) for column in COLUMNS if isinstance(column.type, kind)}


def test_booleans_read_as_questions() -> None:
    booleans = [column.name for column in COLUMNS if isinstance(column.type, sa.Boolean)]
    assert all(name.startswith(("is_", "has_", "can_")) for name in booleans)


@pytest.mark.parametrize("name", LEDES_LENGTHS)
def test_identifiers_fit_their_ledes_field(name: str) -> None:
    table, column = name.split(".")
    length = metadata.tables[table].columns[column].type.impl.length
    assert length == LEDES_LENGTHS[name]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_words_fit_their_column_and_read_like_their_name(vocabulary: type[StrEnum]) -> None:
    assert all(len(word.value) <= 20 for word in vocabulary)
    if vocabulary is not enums.EntryKind:
        assert all(word.value == word.name.lower() for word in vocabulary)


def test_words_are_stored_as_their_value(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        user = _user()
        session.add(user)
        session.flush()
        session.add(Matter(number="0001", name="A v. B", responsible_attorney_id=user.id or 0, opened_on=now().date()))
    with each_database.read_only() as session:
        assert session.connection().execute(sa.text("SELECT status FROM matter")).scalar_one() == "open"
        assert session.exec(select(Matter.status)).one() is enums.MatterStatus.OPEN


def test_unknown_word_is_refused_before_the_database(database: Database) -> None:
    with pytest.raises((StatementError, LookupError)), database.unit_of_work() as session:
        session.connection().execute(metadata.tables["matter"].insert(), {"status": "sleeping"})


def test_naive_instant_is_refused(database: Database) -> None:
    naive = now().replace(tzinfo=None)
    with pytest.raises((StatementError, ValueError), match="timezone"), database.unit_of_work() as session:
        session.add(AuditEvent(at=naive, tag="x", actor_role="system", subject_type="x", subject_id=1))


def test_instant_comes_back_aware(each_database: Database) -> None:
    moment = now().replace(microsecond=0)
    with each_database.unit_of_work() as session:
        session.add(_user(created_at=moment))
    with each_database.read_only() as session:
        assert session.exec(select(User.created_at)).one() == moment


def test_leading_zeros_and_json_come_back_as_they_were(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        session.add(_user())
        session.add(NumberCounter(series="0007", last_number=7))
    with each_database.read_only() as session:
        assert session.exec(select(User.roles)).one() == ["biller", "admin"]
        assert session.exec(select(NumberCounter.series)).one() == "0007"


@pytest.mark.parametrize(
    ("last", "first", "name"),
    [
        ("Reyes", "Ana", "Reyes, Ana"),
        ("W" * 30, "Ana", "W" * 30),
        ("Vandermeer-Fitzgerald", "Konstantin", "Vandermeer-Fitzgerald, Konstan"),
    ],
)
def test_ledes_name_keeps_thirty_characters(last: str, first: str, name: str) -> None:
    assert Timekeeper(code="TK1", last_name=last, first_name=first, classification="PT").ledes_name == name


def test_table_classes_share_one_metadata() -> None:
    assert metadata is SQLModel.metadata


def _user(**changes: object) -> User:
    given = {"subject": "s", "email": "e@x", "name": "N", "roles": ["biller", "admin"], "created_at": now(), **changes}
    return User(**given)
