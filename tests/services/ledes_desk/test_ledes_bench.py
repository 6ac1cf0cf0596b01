"""A file on the workbench: found whole, mended by choice, converted with every loss named, held against a carrier."""

import os
import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import Session

from core.errors import InvalidInputError, NotFoundError
from core.money import to_decimal
from ledes.findings import Finding, FindingCode, Severity
from ledes.formats import LedesFormat
from ledes.mending.changes import AllBut
from ledes.parser import parse
from services.actor import Actor
from services.ledes_desk import aside
from services.ledes_desk.ledes_bench import (
    Bench,
    examination,
    invoice_lines,
    list_bench_carriers,
    open_bench,
    show_place,
)
from services.ledes_desk.ledes_comparisons import compare_files
from services.ledes_desk.ledes_conversions import Wanted, convert_file
from services.ledes_desk.ledes_examinations import MOST_OF_A_CODE, examine
from services.ledes_desk.ledes_guidelines import guideline_report
from services.ledes_desk.ledes_mends import list_repairs, mend
from tests.builders import (
    faulty_file,
    id_of,
    make_biller,
    make_carrier,
    make_ledes_file,
    profile_document,
    sound_file,
)

GIVEN = (
    ("CLIENT_TAX_ID", "12-3456789"),
    ("MATTER_NAME", "Harbor v. Lane"),
    ("INVOICE_CURRENCY", "USD"),
    ("ACCOUNT_TYPE", "O"),
)


@pytest.fixture
def dana(session: Session) -> Actor:
    return make_biller(session)


def bench(session: Session, actor: Actor, content: bytes, **choice: Any) -> Bench:
    return open_bench(session, actor, file_id=make_ledes_file(session, actor, content).id, **choice)


def finding(bench: Bench, code: FindingCode) -> Finding:
    return next(one for one in examination(bench).findings if one.code is code)


def test_examination_tells_verdict_invoices_and_findings(session: Session, dana: Actor):
    found = examination(bench(session, dana, faulty_file()))
    assert (found.format, found.is_valid, found.hint) == ("LEDES1998B", False, "")
    assert {code for _, code in found.counts} == {"non_ascii", "bad_number", "bad_date"}
    [invoice] = found.invoices
    assert (invoice.number, invoice.client_id, invoice.client_matter, invoice.lines) == (
        "10001",
        "HARBOR",
        "HM-0001",
        1,
    )


def test_examination_counts_what_it_does_not_list(session: Session, dana: Actor):
    content = sound_file(lines=1200).replace(b"Dr. Hale", "Dr.\u00a0Hale".encode())
    found = examination(bench(session, dana, content))
    assert found.counts["error", "non_ascii"] == 1200
    assert len(found.findings) == MOST_OF_A_CODE


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"%PDF-1.7\n1 0 obj", "is a PDF"),
        (b"", ""),
        (b"PK\x03\x04 cut off", "zip archive"),
        (b"\x00\x01\x02" * 50, "is not text"),
        (sound_file().decode().encode("utf-16"), "in UTF-16"),
    ],
)
def test_examine_answers_what_is_no_ledes_file(content: bytes, hint: str):
    found = examine(content, open_format())
    assert (found.format, found.is_valid) == ("", False)
    assert found.findings
    assert hint in found.hint


def open_format() -> Any:
    return Bench.file_format.fget(Bench(None))


def test_examine_names_what_an_archive_holds():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("october.txt", sound_file())
    assert "october.txt" in examine(packed.getvalue(), open_format()).hint


def test_invoice_lines_gives_the_lines_of_one_invoice(session: Session, dana: Actor):
    opened = bench(session, dana, sound_file(invoices=3, lines=2))
    assert [line.line_item_number for line in invoice_lines(opened, place=1)] == ["1", "2"]
    assert invoice_lines(opened, place=9) == ()


def test_work_on_a_large_file_is_done_in_a_process_of_its_own(
    session: Session, dana: Actor, monkeypatch: pytest.MonkeyPatch
):
    opened = bench(session, dana, faulty_file().replace(b"HM-0001", b"HM-0009"))
    here = mend(opened).content
    monkeypatch.setattr(aside, "SMALL", 0)
    assert mend(opened).content == here
    assert parse(here).is_valid


def test_work_aside_says_why_it_was_refused_or_did_not_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aside, "SMALL", 0)
    with pytest.raises(InvalidInputError, match="not a number"):
        aside.beside(1, to_decimal, "twelve")
    with pytest.raises(aside.AsideFailedError, match="did not come to an end"):
        aside.beside(1, os.abort)


def test_show_place_marks_the_very_bytes(session: Session, dana: Actor):
    opened = bench(session, dana, faulty_file())
    shown = show_place(opened, finding(opened, FindingCode.BAD_NUMBER))
    assert faulty_file()[shown.first : shown.last + 1] == b"$285.00"
    assert (shown.row, shown.column, shown.columns) == (3, 21, 24)


def test_show_place_names_an_odd_character_by_its_code_point(session: Session, dana: Actor):
    opened = bench(session, dana, faulty_file())
    shown = show_place(opened, finding(opened, FindingCode.NON_ASCII))
    assert shown.odd == (("U+2019", "RIGHT SINGLE QUOTATION MARK"),)
    assert next(piece for piece in shown.pieces if piece.code_point).is_marked


def test_mend_makes_every_repair_and_keeps_the_file(session: Session, dana: Actor):
    opened = bench(session, dana, faulty_file())
    listed = list_repairs(opened)
    assert (listed.total, listed.errors_left, len(listed.frame)) == (3, 0, 0)
    mended = mend(opened)
    assert mended.content == sound_file().replace(b"Hale, part 1", b"Hale's, part 1")
    assert (mended.name, mended.repairs) == ("october-mended.txt", 3)
    assert opened.content == faulty_file()


def test_mend_leaves_out_what_was_left_out(session: Session, dana: Actor):
    opened = bench(session, dana, faulty_file())
    first = list_repairs(opened).changes[0]
    one_left = mend(opened, AllBut(places=frozenset({(first.row, first.field)})))
    assert (one_left.repairs, one_left.errors_left) == (2, 1)
    assert first.before.encode() in one_left.content
    kind_left = mend(opened, AllBut(reasons=frozenset({first.reason})))
    assert kind_left.content == one_left.content


def test_convert_file_asks_for_what_is_missing_then_writes(session: Session, dana: Actor):
    opened = bench(session, dana, sound_file())
    asked = convert_file(opened, Wanted(LedesFormat.LEDES_98BI_V2))
    assert (asked.is_done, set(asked.missing)) == (False, {name for name, _ in GIVEN})
    done = convert_file(opened, Wanted(LedesFormat.LEDES_98BI_V2, GIVEN))
    assert (done.is_done, done.written, done.name) == (True, 1, "october-ledes98biv2.txt")
    assert parse(done.content).is_valid


def test_convert_file_loses_nothing_unsaid(session: Session, dana: Actor):
    rich = convert_file(bench(session, dana, sound_file()), Wanted(LedesFormat.LEDES_98BI_V2, GIVEN)).content
    opened = bench(session, dana, rich)
    refused = convert_file(opened, Wanted(LedesFormat.LEDES_1998B))
    assert (refused.is_done, refused.changes_money) == (False, False)
    assert {note.field for note in refused.losses} == {"CLIENT_TAX_ID", "MATTER_NAME", "ACCOUNT_TYPE"}
    allowed = convert_file(opened, Wanted(LedesFormat.LEDES_1998B, allow_loss=True))
    assert allowed.content == sound_file()


def test_convert_file_packs_a_file_an_invoice(session: Session, dana: Actor):
    done = convert_file(bench(session, dana, sound_file(invoices=2)), Wanted(LedesFormat.LEDES_98BI_V2, GIVEN))
    assert done.name.endswith(".zip")
    with zipfile.ZipFile(BytesIO(done.content)) as archive:
        assert archive.namelist() == ["10001.txt", "10002.txt"]
        assert all(parse(archive.read(name)).is_valid for name in archive.namelist())


def test_convert_file_refuses_a_faulty_file_and_an_unknown_field(session: Session, dana: Actor):
    assert "3 errors" in convert_file(bench(session, dana, faulty_file()), Wanted(LedesFormat.XML_2_1)).refusal
    odd = Wanted(LedesFormat.LEDES_98BI_V2, (("INVOICE_TOTAL", "1.00"),))
    assert "cannot be given" in convert_file(bench(session, dana, sound_file()), odd).refusal


def test_open_bench_holds_the_file_against_the_carrier(session: Session, dana: Actor):
    document = profile_document(file_format={"max_length": {"INVOICE_DESCRIPTION": 5}})
    carrier = make_carrier(session, name="Harbor Mutual", profile=document)
    bare = make_carrier(session, with_profile=False)
    assert [one.name for one in list_bench_carriers(session)] == ["Harbor Mutual"]
    opened = bench(session, dana, sound_file(), carrier_id=id_of(carrier))
    assert [one.code for one in examination(opened).findings] == [FindingCode.TOO_LONG]
    assert examination(Bench(opened.file)).is_valid
    with pytest.raises(NotFoundError, match="no profile in force"):
        open_bench(session, dana, file_id=opened.file.id, carrier_id=id_of(bare))


def test_guideline_report_holds_lines_without_history(session: Session, dana: Actor):
    rules = [{"kind": "rate_cap", "action": "reduce"}, {"kind": "max_hours_per_entry", "action": "warn", "hours": "1"}]
    carrier = make_carrier(session, profile=profile_document(guidelines=rules))
    opened = bench(session, dana, sound_file(invoices=2), carrier_id=id_of(carrier))
    report = guideline_report(opened)
    assert report is not None
    assert (report.left_out, report.rules, report.lines, report.total) == (("rate_cap",), 1, 6, 6)
    assert {(one.invoice, one.rule, one.action) for one in report.findings} == {
        ("10001", "max_hours_per_entry", "warn"),
        ("10002", "max_hours_per_entry", "warn"),
    }
    assert guideline_report(Bench(opened.file)) is None


def test_compare_files_names_every_difference(session: Session, dana: Actor):
    old = bench(session, dana, sound_file())
    new = bench(session, dana, sound_file().replace(b"part 2", b"part two"))
    found = compare_files(old, new)
    assert [(one.line_item_number, one.field) for one in found.differences] == [("2", "LINE_ITEM_DESCRIPTION")]
    faulty = compare_files(old, bench(session, dana, faulty_file()))
    assert faulty.incomplete == ("october.txt",)
    assert compare_files(old, bench(session, dana, b"%PDF")).unreadable == ("october.txt",)


def test_errors_alone_make_a_file_invalid(session: Session, dana: Actor):
    found = examination(bench(session, dana, sound_file().replace(b"|L330|", b"|L999|", 1)))
    assert found.is_valid
    assert found.count(Severity.WARNING) == 1
