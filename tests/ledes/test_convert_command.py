"""`python -m ledes convert`: nothing lost unsaid, nothing invented, nothing half written."""

import json
from dataclasses import replace
from itertools import product

import pytest

from ledes.__main__ import main
from ledes.commands.format_names import format_named
from ledes.convert import convert
from ledes.diff import diff
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.writer import write, write_many
from tests.ledes.builders import make_expense, make_fee, make_invoice
from tests.ledes.files import NEEDED, run_module

INVOICE = make_invoice(make_fee("1"), make_expense("2"))
BI = LedesFormat.LEDES_98BI_V2
NAMES = {
    LedesFormat.LEDES_1998B: "1998B",
    BI: "98BI",
    LedesFormat.XML_2_0: "XML2.0",
    LedesFormat.XML_2_1: "xml 2.1",
    LedesFormat.XML_2_2: "LEDES XML 2.2",
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "invoice.txt"
    path.write_bytes(write(INVOICE))
    return path


def sets(to):
    return [part for name, value in NEEDED[to].items() for part in ("--set", f"{name}={value}")]


def everything(to):
    """Return the invoice as `to` carries it, with what any format asks for as far as it can."""
    return convert(INVOICE, to, NEEDED[to]).invoice


@pytest.mark.parametrize("to", list(LedesFormat))
def test_convert_writes_each_format(path, tmp_path, to):
    out = tmp_path / "out"
    assert main(["convert", str(path), "--to", NAMES[to], "--out", str(out), *sets(to)]) == 0
    result = parse(out.read_bytes())
    assert (result.format, result.is_valid) == (to, True)
    assert result.invoices == (everything(to),)


@pytest.mark.parametrize(("source", "to"), list(product(LedesFormat, LedesFormat)))
def test_convert_reads_and_writes_every_pair_of_formats(tmp_path, source, to):
    given, out = tmp_path / "in", tmp_path / "out"
    given.write_bytes(write(everything(source), source))
    asked = [part for part in sets(to) if source is not to]
    code = main(["convert", str(given), "--to", NAMES[to], "--out", str(out), "--allow-loss", *asked])
    assert code == 0
    [converted] = parse(out.read_bytes()).invoices
    same = convert(convert(everything(source), to, NEEDED[to]).invoice, LedesFormat.LEDES_1998B).invoice
    assert diff([INVOICE], [same]) == ()
    assert converted.invoice_total == INVOICE.invoice_total


def test_convert_asks_for_what_is_missing(path, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["convert", str(path), "--to", "98BI", "--out", str(out)]) == 1
    assert not out.exists()
    assert capsys.readouterr().err.splitlines() == [
        "ledes: invoice 10001: refused",
        "  needed: --set CLIENT_TAX_ID=...",
        "  needed: --set MATTER_NAME=...",
        "  needed: --set INVOICE_CURRENCY=...",
        "  needed: --set ACCOUNT_TYPE=...",
    ]


def test_convert_asks_for_both_addresses_of_xml(path, capsys):
    assert main(["convert", str(path), "--to", "XML2.1", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report["missing"]) == set(NEEDED[LedesFormat.XML_2_1])


def test_convert_needs_leave_to_lose_something(path, tmp_path, capsys):
    rich, out = tmp_path / "rich.txt", tmp_path / "out.txt"
    rich.write_bytes(write(everything(BI), BI))
    command = ["convert", str(rich), "--to", "1998B", "--out", str(out)]
    assert main(command) == 1
    assert not out.exists()
    said = capsys.readouterr().err
    assert "lost: MATTER_NAME 'Harbor v. Lane'" in said
    assert "--allow-loss" in said
    assert main([*command, "--allow-loss"]) == 0
    assert out.read_bytes() == path.read_bytes()


def test_convert_never_loses_money(tmp_path, capsys):
    rich, out = tmp_path / "rich.txt", tmp_path / "out.txt"
    rich.write_bytes(write(replace(everything(BI), invoice_currency="EUR"), BI))
    assert main(["convert", str(rich), "--to", "1998B", "--out", str(out), "--allow-loss"]) == 1
    assert not out.exists()
    assert "INVOICE_CURRENCY 'EUR' (changes what is due)" in capsys.readouterr().err


def test_convert_prints_json(path, tmp_path, capsys):
    out = tmp_path / "out.txt"
    assert main(["convert", str(path), "--to", "1998B", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path),
        "to": "LEDES1998B",
        "invoice_number": "10001",
        "converted": True,
        "written": str(out),
        "losses": [],
        "missing": [],
        "findings": [],
        "refusal": "",
    }


def test_convert_writes_several_invoices_to_a_folder(tmp_path, capsys):
    several, out = tmp_path / "several.txt", tmp_path / "new" / "files"
    numbers = ("A/1", "A?1", "A1")
    several.write_bytes(b"".join(write_many(replace(INVOICE, invoice_number=number) for number in numbers)))
    assert main(["convert", str(several), "--to", "1998B"]) == 2
    assert "3 invoices" in capsys.readouterr().err
    assert main(["convert", str(several), "--to", "1998B", "--out", f"{out}/"]) == 0
    assert sorted(entry.name for entry in out.iterdir()) == ["A1.txt", "A_1-2.txt", "A_1.txt"]
    assert parse((out / "A_1-2.txt").read_bytes()).invoices[0].invoice_number == "A?1"


def test_convert_refuses_a_file_that_is_not_valid(path, tmp_path, capsys):
    path.write_bytes(path.read_bytes().replace(b"829.50", b"829.51"))
    out = tmp_path / "out.txt"
    assert main(["convert", str(path), "--to", "1998B", "--out", str(out), "--json"]) == 1
    captured = capsys.readouterr()
    assert not out.exists()
    report = json.loads(captured.out)
    assert (report["converted"], report["findings"][0]["code"]) == (False, "total_wrong")
    assert "Run check to see why" in captured.err


def test_convert_refuses_what_is_not_ledes(path):
    path.write_bytes(b"hello")
    assert main(["convert", str(path), "--to", "1998B"]) == 2


def test_convert_refuses_a_text_without_ascii_twin(tmp_path, capsys):
    xml = LedesFormat.XML_2_2
    given = tmp_path / "in.xml"
    odd = make_invoice(make_fee("1", description="Call with \u4e2d"))
    given.write_bytes(write(convert(odd, xml, NEEDED[xml]).invoice, xml))
    assert main(["convert", str(given), "--to", "1998B", "--allow-loss", "--out", str(tmp_path / "out")]) == 1
    assert "CJK UNIFIED IDEOGRAPH" in capsys.readouterr().err


def test_convert_lists_replaced_characters(tmp_path, capsys):
    xml = LedesFormat.XML_2_2
    given = tmp_path / "in.xml"
    odd = make_invoice(make_fee("1", description="Caf\u00e9"))
    given.write_bytes(write(convert(odd, xml, NEEDED[xml]).invoice, xml))
    assert main(["convert", str(given), "--to", "1998B", "--allow-loss", "--out", str(tmp_path / "out")]) == 0
    assert "replaced: line 1, LINE_ITEM_DESCRIPTION '\u00e9' -> 'e'" in capsys.readouterr().err


def test_convert_writes_as_a_carrier_wants_it(path, tmp_path):
    profile, out = tmp_path / "profile.json", tmp_path / "out.txt"
    profile.write_text('{"format": {"law_firm_id": "digits_only", "constants": {"CLIENT_ID": "C-9"}}}')
    code = main(["convert", str(path), "--to", "1998B", "--profile", str(profile), "--out", str(out)])
    assert code == 0
    [invoice] = parse(out.read_bytes()).invoices
    assert (invoice.law_firm_id, invoice.client_id) == ("364412907", "C-9")


@pytest.mark.parametrize("given", ["NO_SUCH=1", "CLIENT_ID=OTHER", "CLIENT_TAX_ID=1"])
def test_convert_refuses_a_value_that_cannot_be_set(path, given, capsys):
    assert main(["convert", str(path), "--to", "1998B", "--set", given]) == 2
    assert capsys.readouterr().err.startswith("ledes: ")


@pytest.mark.parametrize("given", ["CLIENT_TAX_ID", "=1"])
def test_convert_refuses_a_set_without_field_and_value(path, given, capsys):
    with pytest.raises(SystemExit) as left:
        main(["convert", str(path), "--to", "1998B", "--set", given])
    assert left.value.code == 2
    assert "is not FIELD=VALUE" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "2000", "LEDES2000", "98BII", "pdf"])
def test_convert_refuses_a_format_it_does_not_know(path, name, capsys):
    with pytest.raises(SystemExit) as left:
        main(["convert", str(path), "--to", name])
    assert left.value.code == 2
    assert "is no format that can be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("1998b", LedesFormat.LEDES_1998B),
        ("LEDES1998B", LedesFormat.LEDES_1998B),
        ("98BI V2", BI),
        ("ledes98bi v2", BI),
        ("1998BI", BI),
        ("Xml2.0", LedesFormat.XML_2_0),
        ("LEDES XML 2.1", LedesFormat.XML_2_1),
        ("xml-22", LedesFormat.XML_2_2),
    ],
)
def test_format_named_takes_the_names_people_use(name, meant):
    assert format_named(name) is meant


def test_convert_pipes_one_file_into_another_program():
    done = run_module("convert", "-", "--to", "1998B", stdin=write(INVOICE).replace(b"\r\n", b"\n"))
    assert done.returncode == 0
    assert done.stdout == write(INVOICE)
