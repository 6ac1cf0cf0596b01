"""What the MySQL driver reads off the wire, read in fewer steps: PyMySQL takes each value in half a dozen calls.

Columns that a server has described before are known by the very bytes of their description, and rows are cut out of
what has arrived already. Whatever is out of the ordinary (a row larger than the buffer, an error, the end of the
rows) goes the driver's own way.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from pymysql.connections import Connection, MySQLResult
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions
from pymysql.err import InternalError
from pymysql.protocol import MysqlPacket

_HEADER: Final = 4
# The first byte of a packet that is no row and no column: the end, an error.
_UNUSUAL: Final = 0xFE
# How long a value is stands in the byte before it, or in the two or three bytes behind that; or there is none.
_NULL, _IN_TWO, _IN_THREE = 0xFB, 0xFC, 0xFD
_MOST_KNOWN: Final = 4_000
_ALL: Final = 1 << 62
# The driver takes instants and days apart by regular expressions, ten times as slowly; ours are all of one form.
_CONVERSIONS: Final[Mapping[Any, Any]] = {
    **conversions,
    FIELD_TYPE.DATETIME: datetime.fromisoformat,
    FIELD_TYPE.TIMESTAMP: datetime.fromisoformat,
    FIELD_TYPE.DATE: date.fromisoformat,
}
# Numbers are read from their bytes as well as from their text.
_OF_BYTES: Final = (int, float)
_Converters = tuple[tuple[str | None, Any], ...]
_Columns = tuple[list[Any], Any, _Converters]
_known: dict[tuple[object, ...], _Columns] = {}


class SwiftConnection(Connection):  # type: ignore[misc]  # the driver has no types
    """A connection of the driver whose answers are read as above; arguments as the driver's, without `conv`."""

    affected_rows: int
    encoding: str
    use_unicode: bool
    decoders: Mapping[int, Any]
    _next_seq_id: int

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 -- the driver's own
        super().__init__(*arguments, **named, conv=_CONVERSIONS)

    def _read_query_result(self, unbuffered: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 -- the driver's own
        if unbuffered:
            return super()._read_query_result(unbuffered)
        self._result = None
        result = _Answer(self)
        result.read()
        self._result = result
        if result.server_status is not None:
            self.server_status = result.server_status
        return result.affected_rows

    def arrived(self, most: int = _ALL) -> list[bytes]:
        """Take the ordinary packets that have arrived whole, at most so many; none where the next is not such a one."""
        try:
            ahead = self._rfile.peek(1)
        except OSError:
            # Whoever reads on learns it in the driver's words.
            return []
        packets: list[bytes] = []
        at, end, number = 0, len(ahead), self._next_seq_id
        while len(packets) < most and at + _HEADER < end:
            after = at + _HEADER + (ahead[at] | ahead[at + 1] << 8 | ahead[at + 2] << 16)
            if after > end or ahead[at + 3] != number or ahead[at + _HEADER] >= _UNUSUAL:
                break
            packets.append(ahead[at + _HEADER : after])
            at, number = after, (number + 1) & 0xFF
        if packets:
            self._rfile.read(at)
            self._next_seq_id = number
        return packets


class _Answer(MySQLResult):  # type: ignore[misc]  # as above
    """What the server said to one statement."""

    connection: SwiftConnection | None
    field_count: int

    def _get_descriptions(self) -> None:
        connection, told = _of(self), list[bytes]()
        while len(told) < self.field_count:
            told += connection.arrived(self.field_count - len(told)) or [connection._read_packet().get_all_data()]  # noqa: SLF001
        key = (connection.encoding, *told)
        known = _known.get(key)
        if known is None:
            known = _understood(connection, told)
            if len(_known) < _MOST_KNOWN:
                _known[key] = known
        self.fields, self.description, self.converters = known
        if not connection._read_packet().is_eof_packet():  # noqa: SLF001
            raise InternalError("The server's answer does not go on as it should.")

    def _read_rowdata_packet(self) -> None:
        connection, rows = _of(self), list[Any]()
        while True:
            rows += (
                _row(arrived, self.converters) or self._read_row_from_packet(MysqlPacket(arrived, ""))
                for arrived in connection.arrived()
            )
            packet = connection._read_packet()  # noqa: SLF001
            if self._check_packet_is_eof(packet):
                break
            rows.append(self._read_row_from_packet(packet))
        # As the driver does: nothing holds on to its connection.
        self.connection = None
        self.affected_rows, self.rows = len(rows), tuple(rows)


def _of(answer: _Answer) -> SwiftConnection:
    """Return the connection that an answer is read from; the driver lets go of it at the end of the answer."""
    if answer.connection is None:
        raise InternalError("The server's answer was read already.")
    return answer.connection


class _Told:
    """A connection whose next packets were read already: what the driver asks of one to understand columns."""

    def __init__(self, connection: SwiftConnection, packets: Iterable[bytes]) -> None:
        self.use_unicode, self.encoding = connection.use_unicode, connection.encoding
        self.decoders = connection.decoders
        self._packets = iter(packets)

    def _read_packet(self, kind: Any = MysqlPacket) -> Any:  # noqa: ANN401 -- the driver's own
        return kind(next(self._packets), self.encoding)


def _understood(connection: SwiftConnection, told: list[bytes]) -> _Columns:
    """Let the driver say what the descriptions mean: fields, their descriptions, and how to read each value."""
    end = bytes((_UNUSUAL, 0, 0, 0, 0))
    reader = MySQLResult(_Told(connection, [*told, end]))
    reader.field_count = len(told)
    reader._get_descriptions()  # noqa: SLF001
    converters = tuple(
        (None if converter in _OF_BYTES else encoding, converter) for encoding, converter in reader.converters
    )
    return reader.fields, reader.description, converters


def _row(packet: bytes, converters: _Converters) -> tuple[Any, ...] | None:
    """Return the values of a row; None where its bytes do not come out even."""
    row: list[Any] = []
    at = 0
    try:
        for encoding, converter in converters:
            size = packet[at]
            at += 1
            if size >= _NULL:
                if size == _NULL:
                    row.append(None)
                    continue
                wide = size - _IN_TWO + 2
                if size > _IN_THREE:
                    return None
                size = int.from_bytes(packet[at : at + wide], "little")
                at += wide
            value: Any = packet[at : at + size]
            at += size
            if encoding is not None:
                value = value.decode(encoding)
            row.append(value if converter is None else converter(value))
    except IndexError:
        return None
    return tuple(row) if at == len(packet) else None
