"""The swift way of reading a server's answers says the same as the driver's own, whatever comes."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pymysql
import pytest
from pymysql.cursors import SSCursor
from sqlalchemy.engine import make_url

from core import mysql_reading
from core.db import Database
from core.mysql_reading import SwiftConnection

pytestmark = pytest.mark.mariadb

_VALUES = """
    SELECT 1 AS one, -7 AS less, 1.50 AS exact, 2.5e0 AS floating, NULL AS nothing, '' AS empty, 'Müller €' AS words,
           DATE '2026-11-30' AS day, TIMESTAMP '2026-11-30 17:04:05' AS instant,
           TIMESTAMP '2026-11-30 17:04:05.000123' AS fraction, TIME '12:30:00' AS clock,
           x'00ff10' AS bytes, JSON_OBJECT('a', 1) AS document, b'101' AS bits, 18446744073709551615 AS most
"""
# By how the length of a value is told: in a byte, in two, in three; and longer than what arrives at once.
_LENGTHS = (0, 1, 250, 251, 255, 256, 65_535, 65_536, 200_000)


@pytest.fixture
def server(mariadb_database: Database) -> dict[str, Any]:
    url = make_url(mariadb_database.url)
    return {
        "host": url.host, "port": url.port, "user": url.username, "database": url.database, "charset": "utf8mb4",
    }  # fmt: skip


@pytest.fixture
def swift(server: dict[str, Any]) -> Iterator[SwiftConnection]:
    with closing(SwiftConnection(**server)) as connection:
        yield connection


@pytest.fixture
def plain(server: dict[str, Any]) -> Iterator[pymysql.connections.Connection]:
    with closing(pymysql.connect(**server)) as connection:
        yield connection


def _answer(connection: Any, statement: str, *values: Any) -> tuple[Any, Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall(), cursor.description


def test_values_of_every_kind_are_the_drivers(swift: Any, plain: Any) -> None:
    (row,), columns = _answer(swift, _VALUES)
    assert (((row,), columns)) == _answer(plain, _VALUES)
    assert [type(value) for value in row] == [
        int, int, Decimal, float, type(None), str, str, date, datetime, datetime, timedelta, bytes, str, bytes, int,
    ]  # fmt: skip
    # Known by now, the columns are read again.
    assert _answer(swift, _VALUES) == ((row,), columns)


def test_columns_are_understood_once(swift: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mysql_reading, "_known", {})
    understood: list[Any] = []
    understand = mysql_reading._understood

    def noted(connection: SwiftConnection, told: list[bytes]) -> Any:
        understood.append(told)
        return understand(connection, told)

    monkeypatch.setattr(mysql_reading, "_understood", noted)
    for _ in range(3):
        assert _answer(swift, "SELECT 7 AS seven")[0] == ((7,),)
    _answer(swift, "SELECT 7 AS another")
    assert len(understood) == 2


@pytest.mark.parametrize("length", _LENGTHS)
def test_texts_of_every_length(swift: Any, length: int) -> None:
    found, _ = _answer(swift, "SELECT REPEAT('é', %s), 'after'", length)
    assert found == (("é" * length, "after"),)


@pytest.mark.parametrize("rows", [0, 1, 3, 5_000])
def test_any_number_of_rows(swift: Any, plain: Any, rows: int) -> None:
    statement = "SELECT seq, REPEAT('x', seq %% 700), IF(seq %% 3, NULL, seq) FROM seq_1_to_10000 WHERE seq <= %s"
    found, columns = _answer(swift, statement, rows)
    assert len(found) == rows
    assert (found, columns) == _answer(plain, statement, rows)


def test_one_value_larger_than_a_packet(swift: Any) -> None:
    ((most,),), _ = _answer(swift, "SELECT @@max_allowed_packet")
    size = min(17_000_000, most - 1_024)
    found, _ = _answer(swift, "SELECT REPEAT('y', %s), 1", size)
    assert (len(found[0][0]), found[0][1]) == (size, 1)


def test_an_error_between_answers_leaves_the_connection_in_step(swift: Any) -> None:
    for _ in range(2):
        with pytest.raises(pymysql.err.ProgrammingError, match="no_such_table"):
            _answer(swift, "SELECT * FROM no_such_table")
        assert _answer(swift, "SELECT 1, 'two'")[0] == ((1, "two"),)


def test_an_error_among_the_rows_is_the_drivers(swift: Any) -> None:
    statement = "SELECT seq, (SELECT seq FROM seq_1_to_2 WHERE outer_seq.seq > 2) FROM seq_1_to_9 AS outer_seq"
    with pytest.raises(pymysql.err.OperationalError, match="more than 1 row"):
        _answer(swift, statement)
    assert _answer(swift, "SELECT 5")[0] == ((5,),)


def test_writes_tell_how_many_and_the_new_id(swift: Any) -> None:
    with swift.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE noted (id INT PRIMARY KEY AUTO_INCREMENT, at TIME(3))")
        assert cursor.execute("INSERT INTO noted (at) VALUES ('10:00:00.250'), (NULL)") == 2
        assert cursor.lastrowid == 1
        assert cursor.execute("UPDATE noted SET at = '11:00:00'") == 2
        cursor.execute("SELECT at FROM noted WHERE id = 2")
        assert cursor.fetchall() == ((timedelta(hours=11),),)


def test_rows_read_one_by_one_go_the_drivers_way(swift: Any) -> None:
    with swift.cursor(SSCursor) as cursor:
        cursor.execute("SELECT seq FROM seq_1_to_1000")
        assert sum(value for (value,) in cursor) == 500_500
    assert _answer(swift, "SELECT 1")[0] == ((1,),)


def test_a_server_that_goes_away_is_told_as_the_driver_tells_it(swift: Any, plain: Any) -> None:
    _answer(plain, f"KILL {swift.thread_id()}")
    with pytest.raises(pymysql.err.OperationalError, match=r"Lost connection|gone away|killed"):
        _answer(swift, "SELECT 1")


def test_the_portal_reads_so(mariadb_database: Database) -> None:
    with mariadb_database.read_only() as reading, mariadb_database.unit_of_work() as writing:
        for session in (reading, writing):
            assert isinstance(session.connection().connection.dbapi_connection, SwiftConnection)


def test_bytes_that_do_not_come_out_even_are_left_to_the_driver() -> None:
    text_and_number = (("utf8", None), (None, int))
    assert mysql_reading._row(b"\x03abc\x0212", text_and_number) == ("abc", 12)
    assert mysql_reading._row(b"\xfb\x011", text_and_number) == (None, 1)
    assert mysql_reading._row(b"\x03abc", text_and_number) is None
    assert mysql_reading._row(b"\x03abc\x0212\x00", text_and_number) is None
    assert mysql_reading._row(b"\xfe\x03\x00\x00\x00\x00\x00\x00\x00abc\x0212", text_and_number) is None
