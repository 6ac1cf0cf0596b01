"""The page of rejections: the queue, an appeal from draft to answer, a cut accepted, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError
from models import Appeal, AppealLine, CutAcceptance, Invoice, Matter
from models.enums import AcceptanceStatus, AppealStatus, DecisionStatus, Role, SubmissionStatus
from state.responses.appeal_work import AppealWork
from state.responses.cut_work import CutWork
from state.responses.rejection import RejectionPage
from state.responses.rejections import Rejections
from state.responses.rule_proposals import RuleProposals
from state.rules.guideline_proposal import GuidelineProposal
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guidelines import GuidelineEditor
from tests.acting import acting_as, call, fresh_state
from tests.builders import (
    id_of,
    make_carrier,
    make_cut_invoice,
    make_invoice,
    make_matter,
    make_submission,
    make_user,
    profile_document,
    say,
)


class Desk:
    """An invoice of 855 dollars, cut by 100 on line 1 and 20 on line 2, and the people."""

    def __init__(self, database):
        self.database = database
        with database.unit_of_work() as session:
            attorney = make_user(session, Role.ATTORNEY, name="Ana Reyes")
            self.attorney_id = id_of(attorney)
            self.biller_id = id_of(make_user(session, Role.BILLER, name="Dana Brooks"))
            carrier = make_carrier(session, name="Harbor Mutual", profile=profile_document(appeal_window_days=30))
            matter = make_matter(session, carrier=carrier, attorney=attorney)
            decided = now() - timedelta(days=25)
            cuts = {1: "100.00", 2: "20.00"}
            self.invoice_id = id_of(make_cut_invoice(session, matter=matter, cuts=cuts, decided_at=decided))

    def biller(self):
        return acting_as(Role.BILLER, user_id=self.biller_id)

    def attorney(self):
        return acting_as(Role.ATTORNEY, user_id=self.attorney_id, name="Ana Reyes")

    def only(self, model):
        with self.database.read_only() as session:
            return session.exec(select(model)).one()


def of(row):
    """Return what a form says of its record."""
    return {"id": row.id, "version": row.version}


@pytest.fixture
def desk(database):
    return Desk(database)


async def opened(desk: Desk) -> RejectionPage:
    page = fresh_state(RejectionPage, f"/rejections/{desk.invoice_id}")
    await call(page, "load")
    return page


async def beside(page: RejectionPage, kind: type[Any]) -> Any:
    """Return another state of the same tab."""
    return await page.get_state(kind)


async def drafted(desk: Desk) -> RejectionPage:
    page = await opened(desk)
    await call(page, "choose", "1")
    await call(await beside(page, AppealWork), "appeal")
    return page


async def test_open_on_what_waits_with_its_last_day(desk):
    state = fresh_state(Rejections, "/rejections")
    with desk.biller():
        await call(state, "load")
    [row] = state.rows
    assert (row.id, row.open, row.is_soon, row.is_late) == (str(desk.invoice_id), "$120.00", True, False)
    assert (row.next_step, row.attorney, row.due[:4]) == ("Appeal or accept", "Ana Reyes", "Due ")
    assert (state.open_count, state.open_amount, state.soon_amount) == ("1", "$120.00", "$120.00")


async def test_add_reductions_up_each_way(desk):
    for by, name in (("reason", "Block billing"), ("carrier", "Harbor Mutual"), ("attorney", "Ana Reyes")):
        state = fresh_state(Rejections, f"/rejections?view=reductions&by={by}")
        with desk.attorney():
            await call(state, "load")
        assert [(row.name, row.cut, row.share) for row in state.reductions] == [(name, "$120.00", "100%")]
        assert state.reduced_total.left == "$120.00"


async def test_appeal_from_draft_to_answer(desk):
    with desk.biller():
        page = await opened(desk)
        assert (page.route, page.can_appeal, page.can_appeal_whole) == (
            "Single lines, a reason for each line, within 30 days of the decision.", True, False
        )  # fmt: skip
        await call(page, "choose", "1")
        assert (page.chosen_count, page.chosen_amount) == ("1 cut", "$100.00")
        await call(await beside(page, AppealWork), "appeal")
        [draft] = page.appeals
        assert (draft.title, draft.can_send, page.can_appeal) == ("Appeal 1", True, False)
        form = {"sent_on": today().isoformat(), "reference": "APL-7"}
        await call(await beside(page, AppealWork), "send", {**form, **of(draft)})
        assert "Write the reason for line 1" in page.problem
        await call(
            await beside(page, AppealWork),
            "save",
            {"reason-1": "It was a trial.", "letter": "Dear Ms Nair", **of(draft)},
        )
        [draft] = page.appeals
        await call(await beside(page, AppealWork), "send", {**form, **of(draft)})
        [sent] = page.appeals
        assert (sent.status, sent.can_answer, page.problem) == ("sent", True, "")
        answer = {"granted-1": "$60", "answered_on": today().isoformat(), "answer": "Sixty"}
        await call(await beside(page, AppealWork), "record_answer", {**answer, **of(sent)})
    assert (page.appeals[0].status, page.appeals[0].granted) == ("partly_upheld", "$60.00")
    assert [(cut.left, cut.settled) for cut in page.cuts] == [("$40.00", "$60.00 restored"), ("$20.00", "")]
    assert desk.only(Invoice).approved_amount == Decimal("795.00")


async def test_withdraw_a_draft_and_choose_again(desk):
    with desk.biller():
        page = await drafted(desk)
        [draft] = page.appeals
        await call(await beside(page, AppealWork), "withdraw", draft.id, draft.version)
        assert (page.appeals[0].status, page.can_appeal) == ("withdrawn", True)
        await call(await beside(page, AppealWork), "withdraw", draft.id, draft.version)
        assert "Somebody changed this" in page.problem


async def test_show_the_right_way_when_the_route_is_wrong(desk):
    with desk.database.unit_of_work() as session:
        session.get_one(Invoice, desk.invoice_id).decided_at = now() - timedelta(days=40)
    with desk.biller():
        page = await drafted(desk)
    assert "last day to appeal" in page.problem
    assert "accept the cut" in page.problem
    assert page.chosen_count == "1 cut"


async def test_biller_proposes_and_the_attorney_approves(desk):
    with desk.biller():
        page = await opened(desk)
        await call(page, "choose", "2")
        await call(await beside(page, CutWork), "accept", {"note": "Too small"})
        assert (page.acceptances[0].status, page.acceptances[0].can_approve) == ("proposed", False)
    with desk.attorney():
        page = await opened(desk)
        [proposal] = page.acceptances
        assert proposal.can_approve
        await call(await beside(page, CutWork), "approve", proposal.id, proposal.version)
    assert desk.only(CutAcceptance).status is AcceptanceStatus.ACCEPTED
    assert [cut.left for cut in page.cuts] == ["$100.00", "$0.00"]
    assert desk.only(Invoice).decision_status is DecisionStatus.REDUCED


async def test_decline_or_take_back_a_proposal(desk):
    with desk.biller():
        page = await opened(desk)
        for _ in range(2):
            await call(page, "choose", "2")
            await call(await beside(page, CutWork), "accept", {"note": "Too small"})
            await call(await beside(page, CutWork), "take_back", page.acceptances[0].id, page.acceptances[0].version)
            assert page.acceptances[0].status == "withdrawn"
        await call(page, "choose", "1")
        await call(await beside(page, CutWork), "accept", {"note": "Too small"})
    with desk.attorney():
        page = await opened(desk)
        await call(await beside(page, CutWork), "decline", {"note": "Appeal it", **of(page.acceptances[0])})
    assert page.acceptances[0].status == "declined"


async def test_refuse_other_roles_and_odd_values(desk):
    with acting_as(Role.ATTORNEY, user_id=desk.biller_id):
        page = await opened(desk)
        assert (page.item_id, "among yours" in page.problem) == ("", True)
    with acting_as(Role.ADMIN, user_id=desk.biller_id), pytest.raises(DeniedError):
        await call(await beside(await opened(desk), AppealWork), "appeal")
    with desk.attorney():
        page = await drafted(desk)
        with pytest.raises(DeniedError):
            await call(await beside(page, AppealWork), "send", {**of(page.appeals[0])})
    with desk.biller():
        page = await opened(desk)
        with pytest.raises(InvalidInputError):
            await call(await beside(page, AppealWork), "withdraw", "x", "1")
        await call(await beside(page, AppealWork), "send", {"sent_on": "soon", "reference": "R", **of(page.appeals[0])})
        assert "Give the day" in page.problem
        await call(page, "choose", "9")
        assert page.chosen_count == ""
    assert desk.only(Appeal).status is AppealStatus.DRAFTED
    assert desk.only(AppealLine).line_number == 1


async def test_propose_a_rule_and_put_it_in_force(desk):
    with desk.database.unit_of_work() as session:
        matter = session.get_one(Matter, session.get_one(Invoice, desk.invoice_id).matter_id)
        for _ in range(3):
            make_cut_invoice(session, matter=matter, cuts={1: "10.00", 2: "10.00"}, code="twice")
    with acting_as(Role.ADMIN, user_id=desk.biller_id):
        state = fresh_state(RuleProposals, "/rejections?view=rules")
        await call(state, "load")
        [item] = state.items
        assert (item.reason, item.count, item.amount) == ("twice", "6 lines", "$60.00")
        await call(state, "propose", item.key)
        assert state.proposal.result == "Would have flagged 6 of 6 lines and 2 others."
        await call(state, "adopt", {"note": "Cut six times"})
        assert (state.problem, state.proposal.is_in_force) == ("", True)
        await call(state, "propose", "1:nothing")
        assert "not cut on 3 lines" in state.problem
    with desk.attorney():
        await call(state, "load")
        with pytest.raises(DeniedError):
            await call(state, "propose", item.key)


async def test_hand_a_rejection_on_by_name(desk):
    with desk.biller():
        page = await opened(desk)
        assert [one.name for one in page.owners][:2] == ["Ana Reyes", "Dana Brooks"]
        await call(page, "hand_on", {"owner": str(desk.attorney_id), "note": "Yours"})
        assert (page.problem, page.owner_id, page.item.next_who) == ("", str(desk.attorney_id), "Ana Reyes")
        await call(page, "hand_on", {"owner": "999", "note": ""})
        assert "Only billing" in page.problem
        with pytest.raises(InvalidInputError):
            await call(page, "hand_on", {"owner": "somebody"})
        await call(page, "hand_on", {"owner": ""})
        assert (page.owner_id, page.item.next_who) == ("", "Billing")


async def test_read_what_the_site_said_at_its_lines(desk):
    with desk.database.unit_of_work() as session:
        matter = session.get_one(Matter, session.get_one(Invoice, desk.invoice_id).matter_id)
        invoice = make_invoice(session, matter=matter)
        file = make_submission(session, invoice, status=SubmissionStatus.REFUSED)
        say(session, file, line_number=2, code="E-114", message="Rate exceeds $250.00/hr")
        say(session, file, line_number=None, message="Totals differ.")
        refused = id_of(invoice)
    page = fresh_state(RejectionPage, f"/rejections/{refused}")
    with desk.biller():
        await call(page, "load")
    assert [(said.place, said.code, said.message, said.amount) for said in page.said] == [
        ("Line 2", "E-114", "Rate exceeds $250.00/hr", "$427.50"),
        ("The invoice", "", "Totals differ.", ""),
    ]
    assert page.said[0].narrative
    assert (page.can_correct, page.can_appeal) == (True, False)


async def arrived(address: str) -> GuidelineEditor:
    """Open the guideline editor as its page does."""
    page = fresh_state(GuidelineEditor, address)
    await call(page, "load")
    proposal = await page.get_state(GuidelineProposal)
    async for _ in type(proposal).event_handlers["load"].fn(proposal):
        pass
    return page


async def proposed(desk: Desk) -> str:
    """Let a carrier cut the same again and again; return where the proposal leads."""
    with desk.database.unit_of_work() as session:
        matter = session.get_one(Matter, session.get_one(Invoice, desk.invoice_id).matter_id)
        for _ in range(3):
            make_cut_invoice(session, matter=matter, cuts={1: "10.00", 2: "10.00"}, code="twice")
    state = fresh_state(RuleProposals, "/rejections?view=rules")
    with acting_as(Role.ADMIN, user_id=desk.biller_id):
        await call(state, "load")
        await call(state, "propose", state.items[0].key)
    return state.proposal.editor_href


async def test_carry_a_proposal_into_the_editor_as_a_draft(desk):
    address = await proposed(desk)
    assert address.endswith("/guidelines?proposal=twice")
    with acting_as(Role.ADMIN, user_id=desk.biller_id):
        page = await arrived(address)
        proposal = await page.get_state(GuidelineProposal)
        assert (page.changes_text, page.panel.title) == ("1 new", proposal.title)
        assert proposal.result == "Would have flagged 6 of 6 lines and 2 others."
        assert len(proposal.lines) == 6
        assert "Nothing is saved yet" in proposal.standing
        saving = await page.get_state(GuidelineSaving)
        assert saving.note == "From cuts: twice, 6 lines"
        await call(saving, "ask")
        await call(saving, "save", {"note": saving.note})
        assert saving.problem == ""
        again = await arrived(address)
        standing = (await again.get_state(GuidelineProposal)).standing
    assert (again.changes_text, standing) == ("", "This rule stands in the list; it is open beside it.")
    assert again.panel.key


async def test_show_a_proposal_to_billing_without_a_draft(desk):
    address = await proposed(desk)
    with desk.biller():
        page = await arrived(address)
        assert (page.changes_text, (await page.get_state(GuidelineProposal)).standing) == (
            "", "An administrator puts it in force."
        )  # fmt: skip
    with desk.attorney():
        proposal = await (await arrived(address)).get_state(GuidelineProposal)
        assert (proposal.reason, proposal.lines) == ("", [])
    with acting_as(Role.ADMIN, user_id=desk.biller_id):
        page = await arrived(address.replace("twice", "never"))
        assert "not cut on 3 lines" in (await page.get_state(GuidelineProposal)).problem
        assert page.changes_text == ""
