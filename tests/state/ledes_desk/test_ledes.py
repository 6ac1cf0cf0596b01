"""The LEDES workbench's page: who sees what, dropping, findings at the byte, repairs by choice, other formats."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import LedesFile
from models.enums import LedesFileOrigin, Role
from services.ledes_desk.ledes_files import read_file
from state.ledes_desk.ledes_bench import LedesBench, size_text
from state.ledes_desk.ledes_conversion import LedesConversion
from state.ledes_desk.ledes_findings import LedesFindings
from state.ledes_desk.ledes_reading import LedesReading
from state.ledes_desk.ledes_repairs import LedesRepairs
from tests.acting import acting_as, call, fresh_state
from tests.builders import (
    actor,
    faulty_file,
    id_of,
    make_carrier,
    make_ledes_file,
    make_user,
    profile_document,
    sound_file,
)

STATES = (LedesBench, LedesFindings, LedesReading, LedesRepairs, LedesConversion)
GIVEN = {"CLIENT_TAX_ID": "12-3456789", "MATTER_NAME": "Harbor v. Lane", "INVOICE_CURRENCY": "USD", "ACCOUNT_TYPE": "O"}


class Desk:
    """A biller, an attorney, and the files of the biller."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.unit_of_work() as session:
            self.biller_id = id_of(make_user(session, Role.BILLER))
            self.attorney_id = id_of(make_user(session, Role.ATTORNEY))
            self.carrier_id = id_of(
                make_carrier(
                    session,
                    name="Harbor Mutual",
                    profile=profile_document(
                        guidelines=[{"kind": "max_hours_per_entry", "action": "warn", "hours": "1"}],
                        file_format={"max_length": {"INVOICE_DESCRIPTION": 5}},
                    ),
                )
            )

    def biller(self) -> Any:
        return acting_as(Role.BILLER, user_id=self.biller_id)

    def put(self, content: bytes, name: str = "october.txt") -> int:
        with self.database.unit_of_work() as session:
            return make_ledes_file(session, actor(Role.BILLER, user_id=self.biller_id), content, name=name).id

    def files(self) -> list[LedesFile]:
        with self.database.read_only() as session:
            return list(session.exec(select(LedesFile).order_by(LedesFile.id)))

    def content(self, file_id: int) -> bytes:
        with self.database.read_only() as session:
            return read_file(session, actor(Role.BILLER, user_id=self.biller_id), file_id=file_id)[1]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def upload(name: str, content: bytes) -> rx.UploadFile:
    return rx.UploadFile(file=BytesIO(content), path=Path(name), size=len(content))


async def shown(kind: type[Any], query: str) -> Any:
    state = fresh_state(kind, f"/ledes?{query}")
    await call(state, "show")
    return state


async def bench(query: str = "") -> LedesBench:
    state = fresh_state(LedesBench, f"/ledes?{query}")
    await call(state, "load")
    await call(state, "open_file")
    return state


def went_to(event: Any) -> str:
    """Return the address a redirect leads to."""
    return str({str(name): str(value) for name, value in event.args}["path"]).strip('"')


async def test_take_keeps_the_file_and_opens_it(desk: Desk):
    with desk.biller():
        state = fresh_state(LedesBench, "/ledes")
        event = await call(state, "take", [upload("october.txt", faulty_file())])
    [file] = desk.files()
    assert went_to(event) == f"/ledes?file={file.id}"
    assert (file.name, file.owner_id, desk.content(id_of(file))) == ("october.txt", desk.biller_id, faulty_file())
    assert b"Hale" not in repr(state.dict()).encode()


async def test_take_keeps_one_file_at_a_time(desk: Desk):
    with desk.biller():
        state = fresh_state(LedesBench, "/ledes")
        await call(state, "take", [upload("a.txt", b"x"), upload("b.txt", b"y")])
    assert "one file at a time" in state.problem
    assert desk.files() == []


@pytest.mark.parametrize("files", ["a.txt", [{"file": "x"}], [1], None])
async def test_take_refuses_what_no_screen_sends(desk: Desk, files: Any):
    with desk.biller(), pytest.raises(InvalidInputError):
        await call(fresh_state(LedesBench, "/ledes"), "take", files)
    assert desk.files() == []


async def test_refuse_says_why_a_file_was_not_even_sent(desk: Desk):
    with desk.biller():
        state = fresh_state(LedesBench, "/ledes")
        await call(state, "begin")
        await call(state, "refuse")
        await call(state, "take", [])
    assert (state.is_taking, "at most 24.9 MB" in state.problem) == (False, True)


async def test_load_tells_verdict_and_counts(desk: Desk):
    file_id = desk.put(faulty_file())
    with desk.biller():
        state = await bench(f"file={file_id}")
    assert (state.verdict.word, state.verdict.errors, state.verdict.next) == (
        "Not valid",
        "3",
        "3 repairs lose nothing",
    )
    assert {tab.value: tab.count for tab in state.tabs}["repairs"] == "3"
    assert [file.name for file in state.files] == ["october.txt"]
    assert [carrier.label for carrier in state.carriers] == ["Harbor Mutual"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (sound_file(), "Valid"),
        (sound_file().replace(b"|L330|", b"|L999|"), "Valid, with warnings"),
        (b"%PDF-1.7", "Not LEDES"),
        (b"", "Not LEDES"),
    ],
)
async def test_load_judges_any_file(desk: Desk, content: bytes, word: str):
    with desk.biller():
        state = await bench(f"file={desk.put(content)}")
    assert (state.verdict.word, state.is_loading) == (word, False)


async def test_load_shows_nobody_the_file_of_another(desk: Desk):
    file_id = desk.put(faulty_file())
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await bench(f"file={file_id}")
        findings = await shown(LedesFindings, f"file={file_id}")
        repairs = await shown(LedesRepairs, f"file={file_id}&view=repairs")
        reading = await shown(LedesReading, f"file={file_id}&view=invoices")
        conversion = await shown(LedesConversion, f"file={file_id}&view=convert&to=LEDES98BI V2")
        await call(state, "discard", str(file_id))
    assert (state.item.name, state.files, "not on your workbench" in state.problem) == ("", [], True)
    for page in (findings, repairs, reading, conversion):
        assert "not on your workbench" in page.failure
    assert (findings.rows, repairs.rows, reading.invoices) == ([], [], [])
    assert len(desk.files()) == 1


async def test_keep_everybody_without_a_role_out(desk: Desk):
    with acting_as(user_id=desk.attorney_id):
        for kind, handler in ((LedesBench, "load"), *((state, "show") for state in STATES[1:])):
            with pytest.raises(DeniedError):
                await call(fresh_state(kind, "/ledes"), handler)
        with pytest.raises(DeniedError):
            await call(fresh_state(LedesBench, "/ledes"), "take", [upload("a.txt", b"x")])


async def test_discard_takes_the_open_file_away(desk: Desk):
    file_id = desk.put(sound_file())
    with desk.biller():
        state = await bench(f"file={file_id}")
        event = await call(state, "discard", str(file_id))
        with pytest.raises(InvalidInputError):
            await call(state, "discard", "1 or 1")
    assert (went_to(event), desk.files()) == ("/ledes", [])


async def test_choose_carrier_holds_the_file_against_its_profile(desk: Desk):
    file_id = desk.put(sound_file())
    with desk.biller():
        state = await bench(f"file={file_id}&view=guidelines")
        event = await call(state, "choose_carrier", str(desk.carrier_id))
        wild = await call(state, "choose_carrier", "1; drop table")
        held = await bench(f"file={file_id}&carrier={desk.carrier_id}")
        unknown = await bench(f"file={file_id}&carrier=999")
    assert went_to(event) == f"/ledes?file={file_id}&carrier={desk.carrier_id}&view=guidelines"
    assert went_to(wild) == f"/ledes?file={file_id}&view=guidelines"
    assert held.verdict.word == "Not valid"
    assert "no profile in force" in unknown.problem


async def test_findings_open_the_bytes_they_are_about(desk: Desk):
    file_id = desk.put(faulty_file())
    with desk.biller():
        state = await shown(LedesFindings, f"file={file_id}&finding=0")
        beyond = await shown(LedesFindings, f"file={file_id}&finding=99")
    assert [row.code for row in state.rows] == ["non_ascii", "bad_number", "bad_date"]
    assert (state.place.where, state.place.encoding) == ("Row 3, column 19 of 24", "UTF-8")
    assert "".join(piece.text for piece in state.pieces if "value" in piece.kind).endswith("part 1")
    assert [(one.text, one.title) for one in state.odd] == [("U+2019", "Right single quotation mark")]
    assert (beyond.chosen.id, beyond.pieces) == ("", [])


async def test_findings_are_filtered_and_paged_on_the_server(desk: Desk):
    content = sound_file(lines=120).replace(b"|285.00|", b"|$285.00|").replace(b"|20261004|", b"|2026-10-04|")
    file_id = desk.put(content)
    with desk.biller():
        state = await shown(LedesFindings, f"file={file_id}&code=bad_date")
        dates = len(state.rows)
        everything = await shown(LedesFindings, f"file={file_id}&code=<script>&severity=fatal")
        await call(everything, "turn", 1)
        with pytest.raises(InvalidInputError):
            await call(everything, "turn", "2")
    assert {row.code for row in state.rows} == {"bad_date"}
    assert dates == content.count(b"2026-10-04")
    assert everything.range_text.startswith("51-100 of ")
    assert {one.value: one.count for one in everything.codes}["bad_number"] == "120"


async def test_reading_lists_invoices_and_the_lines_of_one(desk: Desk):
    file_id = desk.put(sound_file(invoices=2, lines=60))
    with desk.biller():
        state = await shown(LedesReading, f"file={file_id}&view=invoices")
        lines = await shown(LedesReading, f"file={file_id}&view=invoices&invoice=1")
        first = lines.range_text
        await call(lines, "turn", 1)
        none = await shown(LedesReading, f"file={file_id}&view=invoices&invoice=9")
    assert [(row.number, row.lines, row.total) for row in state.invoices] == [
        ("10001", "60", "$25,650.00"),
        ("10002", "60", "$25,650.00"),
    ]
    assert (lines.invoice_title, first, lines.range_text, len(lines.lines)) == (
        "Invoice 10002",
        "1-50 of 60",
        "51-60 of 60",
        10,
    )
    assert len(none.invoices) == 2


async def test_reading_holds_lines_against_guidelines_and_says_what_is_left_out(desk: Desk):
    file_id = desk.put(sound_file())
    with desk.biller():
        without = await shown(LedesReading, f"file={file_id}&view=guidelines")
        state = await shown(LedesReading, f"file={file_id}&view=guidelines&carrier={desk.carrier_id}")
    assert without.guidelines == []
    assert {(row.rule, row.action) for row in state.guidelines} == {("Max hours per entry", "warn")}
    assert "History is not included" in state.note


async def test_reading_compares_with_another_own_file(desk: Desk):
    old, new = desk.put(sound_file()), desk.put(sound_file().replace(b"part 2", b"part two"), "new.txt")
    with desk.biller():
        state = await shown(LedesReading, f"file={old}&view=compare&other={new}")
        event = await call(state, "compare_with", str(new))
    assert [(row.line, row.old[-6:], row.new[-8:]) for row in state.differences] == [("2", "part 2", "part two")]
    assert "1 difference" in state.note
    assert went_to(event).endswith(f"other={new}")
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        other = await shown(LedesReading, f"file={old}&view=compare&other={new}")
    assert (other.differences, "not on your workbench" in other.failure) == ([], True)


async def test_repairs_are_made_but_those_left_out(desk: Desk):
    file_id = desk.put(faulty_file())
    with desk.biller():
        state = await shown(LedesRepairs, f"file={file_id}&view=repairs")
        quote, amount, day = state.rows
        await call(state, "toggle", amount.key)
        await call(state, "toggle", "7 NO_SUCH_FIELD")
        await call(state, "toggle_reason", day.reason)
        await call(state, "toggle_reason", "no such reason")
        wanted = {row.field: row.is_wanted for row in state.rows}
        event = await call(state, "make")
    made = desk.files()[-1]
    assert wanted == {quote.field: True, amount.field: False, day.field: False}
    assert (made.origin, made.made_from, made.name) == (LedesFileOrigin.MENDED, "october.txt", "october-mended.txt")
    assert desk.content(id_of(made)) == faulty_file().replace("\u2019".encode(), b"'")
    assert went_to(event) == f"/ledes?file={made.id}"


async def test_conversion_asks_tells_and_makes(desk: Desk):
    file_id = desk.put(sound_file())
    with desk.biller():
        state = await shown(LedesConversion, f"file={file_id}&view=convert&to=LEDES98BI V2")
        asked = [field.name for field in state.needed]
        await call(state, "give", {**GIVEN, "INVOICE_TOTAL": "1.00"})
        ready = state.is_ready
        await call(state, "make")
        rich = desk.files()[-1]
        back = await shown(LedesConversion, f"file={rich.id}&view=convert&to=LEDES1998B")
        lost = [note.field for note in back.losses]
        refused = back.is_ready
        await call(back, "allow", True)
        await call(back, "make")
    assert (set(asked), ready, refused) == (set(GIVEN), True, False)
    assert sorted(lost) == ["ACCOUNT_TYPE", "CLIENT_TAX_ID", "MATTER_NAME"]
    assert rich.origin is LedesFileOrigin.CONVERTED
    assert desk.content(id_of(desk.files()[-1])) == sound_file()


async def test_conversion_keeps_a_faulty_file_and_an_unknown_format_out(desk: Desk):
    file_id = desk.put(faulty_file())
    with desk.biller():
        state = await shown(LedesConversion, f"file={file_id}&view=convert&to=LEDES XML 2.1")
        await call(state, "make")
        odd = await shown(LedesConversion, f"file={file_id}&view=convert&to=PDF")
        await call(odd, "make")
        with pytest.raises(InvalidInputError):
            await call(odd, "give", {"CLIENT_TAX_ID": 7})
    assert "3 errors" in state.failure
    assert "3 errors" in state.problem
    assert (odd.to, odd.is_ready) == ("", False)
    assert len(desk.files()) == 1


async def test_conversion_forgets_what_was_given(desk: Desk):
    file_id = desk.put(sound_file())
    with desk.biller():
        state = await shown(LedesConversion, f"file={file_id}&view=convert&to=LEDES98BI V2")
        await call(state, "give", {"CLIENT_TAX_ID": "12-3456789"})
        left = [field.name for field in state.needed]
        await call(state, "take_back")
    assert "CLIENT_TAX_ID" not in left
    assert "CLIENT_TAX_ID" in [field.name for field in state.needed]


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1 byte"), (812, "812 bytes"), (14_541, "14.2 KB"), (3_250_586, "3.1 MB")]
)
def test_size_text_is_as_people_write_it(size: int, text: str):
    assert size_text(size) == text
