"""A proforma on paper: a draft by look and words, three values a line, findings beside them, changes compared."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import NotFoundError
from core.settings import Settings
from models import Proforma, ProformaLine, TimeEntry
from models.enums import FindingAction, LineTreatment, Role
from services.documents.proforma_paper import proforma_paper, read_proforma_pdf
from services.review.proforma_queries import get_proforma
from tests.builders import actor, actor_for, id_of, make_finding, make_matter, make_proforma, make_user
from tests.paper import pages_of, text_of


def lines_of(session: Session, proforma: Proforma) -> list[ProformaLine]:
    statement = select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)
    return list(session.exec(statement.order_by(ProformaLine.line_number)))


def paper_of(session: Session, proforma: Proforma) -> dict:
    return proforma_paper(get_proforma(session, actor(Role.BILLER), proforma_id=id_of(proforma)), Settings())


def test_paper_is_a_draft_on_every_page_and_the_same_every_time(session: Session) -> None:
    proforma = make_proforma(session, lines=40)
    first, second = (
        read_proforma_pdf(session, actor(Role.BILLER), proforma_id=id_of(proforma)).content for _ in range(2)
    )
    pages = pages_of(first)
    assert first == second
    assert len(pages) > 2
    assert all("DRAFT" in page.splitlines() for page in pages)
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert "This is no bill" in text_of(first)


def test_paper_adds_up_to_what_is_billed(session: Session) -> None:
    proforma = make_proforma(session, lines=3)
    written_off = lines_of(session, proforma)[1]
    written_off.treatment = LineTreatment.WRITE_OFF
    proforma.billed_amount -= written_off.billed_amount
    session.flush()
    paper = paper_of(session, proforma)
    assert paper["total"] == f"${proforma.billed_amount:,.2f}"
    assert sum(Decimal(line["amount"].replace(",", "")) for line in paper["fees"]) == proforma.billed_amount
    assert ("Written off", "$427.50") in paper["totals"]


def test_findings_stand_beside_their_line_and_those_of_the_bill_above_all(session: Session) -> None:
    proforma = make_proforma(session, lines=2)
    make_finding(session, proforma, line=lines_of(session, proforma)[1], action=FindingAction.REDUCE)
    make_finding(session, proforma, action=FindingAction.BLOCK)
    paper = paper_of(session, proforma)
    assert [len(line["findings"]) for line in paper["fees"]] == [0, 1]
    assert paper["fees"][1]["findings"][0]["word"] == "Cuts:"
    assert [found["word"] for found in paper["findings"]] == ["Blocks:"]
    content = read_proforma_pdf(session, actor(Role.BILLER), proforma_id=id_of(proforma)).content
    assert text_of(content).count("The narrative says too little about what was done.") == 2


def test_only_changed_lines_are_compared_by_their_three_values(session: Session) -> None:
    proforma = make_proforma(session, lines=2)
    line = lines_of(session, proforma)[0]
    entry = session.get_one(TimeEntry, line.time_entry_id)
    entry.worked_narrative = "call w/ adj"
    line.billed_narrative, line.billed_units = "Telephone call with the adjuster on reserves", Decimal("1.0")
    session.flush()
    [compared] = paper_of(session, proforma)["compared"]
    words = [value["words"] for value in compared["values"]]
    assert compared["number"] == "1"
    assert words == ["call w/ adj", entry.entered_narrative, "Telephone call with the adjuster on reserves"]
    assert [value["figures"].split(" · ")[0] for value in compared["values"]] == ["1.5", "1.5", "1.0"]


def test_nothing_is_compared_where_nothing_was_changed(session: Session) -> None:
    proforma = make_proforma(session, lines=2)
    for line in lines_of(session, proforma):
        entry = session.get_one(TimeEntry, line.time_entry_id)
        entry.worked_narrative = entry.entered_narrative
    session.flush()
    assert paper_of(session, proforma)["compared"] == []
    content = read_proforma_pdf(session, actor(Role.BILLER), proforma_id=id_of(proforma)).content
    assert "What the review changed" not in text_of(content)


def test_paper_leaves_room_for_a_pen(session: Session) -> None:
    content = read_proforma_pdf(session, actor(Role.BILLER), proforma_id=id_of(make_proforma(session))).content
    assert {"NOTES", "Notes", "Signature", "Date"} <= set(text_of(content).splitlines())


def test_paper_is_for_who_may_see_the_proforma(session: Session) -> None:
    mine, other = make_user(session, Role.ATTORNEY), make_user(session, Role.ATTORNEY)
    proforma = make_proforma(session, matter=make_matter(session, attorney=mine))
    assert read_proforma_pdf(session, actor_for(mine), proforma_id=id_of(proforma)).name.endswith(".pdf")
    with pytest.raises(NotFoundError):
        read_proforma_pdf(session, actor_for(other), proforma_id=id_of(proforma))
