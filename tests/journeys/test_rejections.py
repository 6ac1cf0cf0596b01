"""What carriers refused and cut, seen to: a refusal corrected, an appeal drafted, cuts given up, a rule made."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.clock import now
from models import Appeal, CutAcceptance, Invoice, Matter, User
from models.enums import AcceptanceStatus, AppealStatus, SubmissionStatus
from tests.builders import (
    id_of,
    make_carrier,
    make_cut_invoice,
    make_invoice,
    make_matter,
    make_submission,
    profile_document,
    say,
)
from tests.journeys.conftest import DARK, PHONE, Arrive
from tests.journeys.house import EMAIL, House
from tests.journeys.pages import faults_by_look
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

CARRIER = "Fernbank Mutual"
RATE = "Timekeeper rate exceeds the negotiated rate of $250.00/hr"


@dataclass(frozen=True)
class Cases:
    """Ids of a refused invoice, of one cut by a little, of one cut beyond the firm's limit, and of the carrier."""

    refused: int
    cut: int
    dear: int
    carrier: int


@pytest.fixture(scope="module")
def cases(house: House) -> Cases:
    with house.database.unit_of_work() as session:
        ana = session.scalars(select(User).where(col(User.email) == EMAIL["attorney"])).one()
        carrier = make_carrier(session, name=CARRIER, profile=profile_document())
        matter: Matter = make_matter(session, carrier=carrier, attorney=ana, number="2026-FERN-1")
        refused = make_invoice(session, matter=matter, number="FERN-1")
        file = make_submission(session, refused, status=SubmissionStatus.REFUSED, error_code="file_refused")
        say(session, file, line_number=1, code="E-114", message=RATE)
        recent = now() - timedelta(days=5)
        cut = make_cut_invoice(
            session, matter=matter, cuts={1: "100.00", 2: "20.00"}, number="FERN-2", decided_at=recent
        )
        dear = make_cut_invoice(
            session, matter=matter, cuts={1: "427.50", 2: "100.00"}, number="FERN-3", decided_at=recent, code="late"
        )
        for number in ("FERN-4", "FERN-5"):
            make_cut_invoice(session, matter=matter, cuts={1: "30.00"}, number=number, code="twice")
        make_cut_invoice(session, matter=matter, cuts={1: "30.00", 2: "30.00"}, number="FERN-6", code="twice")
        return Cases(id_of(refused), id_of(cut), id_of(dear), id_of(carrier))


def appeal_of(house: House, invoice_id: int) -> Appeal:
    with house.database.read_only() as session:
        return session.scalars(select(Appeal).where(col(Appeal.invoice_id) == invoice_id)).one()


def test_read_a_refusal_hand_it_on_and_open_its_correction(house: House, cases: Cases, arrive: Arrive):
    dana = arrive("biller")
    dana.go("/rejections")
    dana.press("a.row-link", "FERN-1")
    dana.until_says(".findings li", RATE)
    assert dana.texts(".findings .said-where") == ["Line 1"]
    dana.press(".hand-on summary")
    dana.driver.execute_script(
        "const list = document.querySelector('.hand-on select');"
        "list.value = [...list.options].find((one) => one.text === 'Ana Reyes').value;"
        "list.dispatchEvent(new Event('change', { bubbles: true }));"
    )
    dana.type(".hand-on input[name=note]", "You know the adjuster")
    dana.press(".hand-on button[type=submit]", "Hand it on")
    dana.until_says(".next-box", "Ana Reyes")
    assert faults_by_look(dana, (DARK, PHONE)) == {}
    dana.press(".pane a", "Correct it and send it back")
    dana.press("button", "Correct")
    dana.until_says(".correction", "Why is it corrected?")
    ana = arrive("attorney")
    ana.go("/")
    ana.press(".bell")
    ana.press("a", "The rejection of invoice FERN-1 is yours")
    ana.until_says(".findings li", RATE)
    with house.database.read_only() as session:
        assert session.get_one(Invoice, cases.refused).rejection_owner_id is not None


def test_appeal_with_a_document_and_record_the_answer(house: House, cases: Cases, arrive: Arrive, tmp_path: Path):
    paper = tmp_path / "order.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    dana = arrive("biller")
    dana.go(f"/rejections/{cases.cut}")
    dana.press(".cuts input[aria-label^='Line 1']")
    dana.until_says(".chosen", "1 cut chosen, $100.00")
    dana.press("button", "Draft an appeal")
    dana.type(".appeal textarea[name=reason-1]", "Eleven days of trial; see the order attached.")
    dana.press(".appeal button", "Save the draft")
    dana.until_says("[data-sonner-toast]", "The draft is saved")
    dana.driver.find_element("css selector", ".paper-drop input[type=file]").send_keys(str(paper))
    dana.until_says(".papers", "order.pdf")
    assert appeal_of(house, cases.cut).status is AppealStatus.DRAFTED
    dana.press(".appeal summary", "It is sent")
    dana.type(".appeal input[name=reference]", "FB-2026-77")
    dana.press(".appeal button", "Record as sent")
    dana.press(".appeal summary", "The carrier answered")
    dana.type(".appeal input[name^='granted-']", "60.00")
    dana.type(".appeal textarea[name=answer]", "Sixty dollars are granted.")
    dana.press(".appeal button", "Record the answer")
    dana.until_says(".appeal blockquote", "Sixty dollars are granted.")
    answered = appeal_of(house, cases.cut)
    assert (answered.status, answered.granted_amount) == (AppealStatus.PARTLY_UPHELD, Decimal("60.00"))


def test_give_a_cut_up_within_the_limits_of_each(house: House, cases: Cases, arrive: Arrive):
    dana = arrive("biller")
    dana.go(f"/rejections/{cases.dear}")
    propose(dana, "Line 1", "Line 2")
    dana.until_says(".acceptance", "Waits for approval")
    assert "Approve the write-off" not in dana.texts(".acceptance button")
    dana.press(".acceptance button", "Take it back")
    dana.until_says(".acceptance", "Taken back")
    ana = arrive("attorney")
    ana.go(f"/rejections/{cases.dear}")
    propose(ana, "Line 1", "Line 2")
    ana.until_says(".acceptance", "needs two people")
    assert "Approve the write-off" not in ana.texts(".acceptance button")
    omar = arrive("admin")
    omar.go(f"/rejections/{cases.dear}")
    omar.press(".acceptance button", "Approve the write-off")
    omar.until_says(".acceptance", "Accepted")
    ana.until_says(".acceptance", "Accepted")
    with house.database.read_only() as session:
        rows = session.scalars(select(CutAcceptance).where(col(CutAcceptance.invoice_id) == cases.dear)).all()
    assert sorted(row.status for row in rows) == [AcceptanceStatus.ACCEPTED, AcceptanceStatus.WITHDRAWN]


def propose(visitor: Visitor, *places: str) -> None:
    """Choose cuts and give them up."""
    for place in places:
        visitor.press(f".cuts input[aria-label^='{place}']")
    visitor.until_says(".chosen", f"{len(places)} cuts chosen")
    visitor.type(".settle textarea[name=note]", "Not worth the hours")
    visitor.press(".settle button", "Accept the cut")


def test_carry_a_proposed_rule_into_the_editor(cases: Cases, arrive: Arrive):
    omar = arrive("admin")
    omar.go("/rejections?view=rules")
    omar.press(".repeat button", "Propose a rule")
    omar.press(".repeat a", "guideline editor")
    omar.until_says(".proposed", "Nothing is saved yet")
    omar.until_says(".unsaved-bar", "1 new")
    omar.until(lambda: omar.count(".rule-panel"), "the proposed rule, open")
    omar.until(lambda: omar.count(".proposed .said li"), "its evidence")
    assert faults_by_look(omar, (DARK, PHONE)) == {}
