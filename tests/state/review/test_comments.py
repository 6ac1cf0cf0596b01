"""Comments on the page: written, names offered and completed, put right, done, removed; and who else is here."""

import pytest

from core.db import Database
from models import Invoice
from models.enums import ProformaStatus, Role
from services.actor import Actor
from services.review.comments import Person
from services.review.presence import Here, say_present
from state.review.comment_rows import suggested, with_name
from state.review.comments import Comments
from state.review.presence import Presence
from state.review.proforma import ProformaPage
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_invoice, make_proforma, make_user
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


async def opened(path: str) -> Comments:
    state = fresh_state(Comments, path)
    await call(state, "load")
    return state


async def test_write_about_the_whole_and_a_line(desk: ReviewDesk) -> None:
    line_id = str(desk.lines(desk.flagged)[0].id)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(f"/proforma/{desk.flagged}")
        assert (state.is_known, state.rows, state.open_count) == (True, [], "")
        await call(state, "type_text", "Is this ours?")
        await call(state, "send")
        await call(state, "write_about", line_id, "1")
        await call(state, "type_text", "And this?")
        await call(state, "send")
        assert [(row.where, row.words[0].text) for row in state.rows] == [
            ("", "Is this ours?"),
            ("Line 1", "And this?"),
        ]
        assert (state.draft, state.open_count, state.counts) == ("", "2", {line_id: "1"})
        await call(state, "write_about", "", "")
        assert state.line_id == ""


async def test_names_are_offered_completed_and_marked(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(f"/proforma/{desk.flagged}")
        await call(state, "type_text", "Please look, @br")
        assert state.suggestions == ["Dana Brooks"]
        await call(state, "name", "Nobody")
        await call(state, "name", "Dana Brooks")
        assert (state.draft, state.suggestions) == ("Please look, @Dana Brooks ", [])
        await call(state, "send")
        assert [(one.text, one.is_name) for one in state.rows[0].words] == [
            ("Please look, ", False),
            ("@Dana Brooks", True),
        ]


async def test_refused_words_stay_in_the_field(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        make_user(session, Role.ATTORNEY, name="Other Attorney")
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(f"/proforma/{desk.flagged}")
        await call(state, "type_text", "Ask @Other Attorney")
        await call(state, "send")
        assert "may not see this bill" in state.problem
        assert (state.draft, state.rows) == ("Ask @Other Attorney", [])


async def test_put_right_done_and_removed(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(f"/proforma/{desk.flagged}")
        await call(state, "type_text", "First words")
        await call(state, "send")
        (row,) = state.rows
        await call(state, "edit", "99")
        await call(state, "edit", row.id)
        assert (state.editing, state.draft) == (row.id, "First words")
        await call(state, "stop_editing")
        await call(state, "edit", row.id)
        await call(state, "type_text", "Second words")
        await call(state, "send")
        assert (state.rows[0].words[0].text, state.rows[0].is_edited, state.editing) == ("Second words", True, "")
        await call(state, "resolve", row.id, True)
        assert (state.rows[0].resolved_by, state.open_count) == ("Ana Reyes", "")
        await call(state, "remove", row.id, state.rows[0].version)
        assert (state.rows[0].is_removed, state.rows[0].words) == (True, [])


async def test_an_invoice_shows_the_comments_of_its_proforma(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        invoice: Invoice = make_invoice(session)
        key = id_of(invoice)
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        state = await opened(f"/invoices/{key}")
        await call(state, "type_text", "The carrier asks")
        await call(state, "send")
        assert state.rows[0].where.startswith("Invoice ")
        elsewhere = await opened("/invoices/99999")
        assert (elsewhere.is_known, elsewhere.rows) == (False, [])
        nowhere = await opened("/invoices")
    assert not nowhere.is_known


async def test_a_strangers_bill_has_no_comments(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(f"/proforma/{desk.foreign}")
    assert (state.is_known, state.rows) == (False, [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("mail to a@b", []),
        ("@", ["Ann Lee", "Bo Ray"]),
        ("see @le", ["Ann Lee"]),
        ("see @ann lee", []),
        ("see @Ann Lee and more", []),
    ],
)
def test_names_that_fit(text: str, names: list[str]) -> None:
    assert suggested([Person(1, "Ann Lee"), Person(2, "Bo Ray")], text) == names
    assert with_name("see @an", "Ann Lee") == "see @Ann Lee "


async def test_others_on_the_page_are_named_with_their_line(desk: ReviewDesk) -> None:
    biller = Actor(desk.biller_id, "Dana Brooks", frozenset({Role.BILLER}))
    with desk.database.unit_of_work() as session:
        say_present(session, biller, Here("b", desk.flagged, 2, is_editing=True))
        make_proforma(session, status=ProformaStatus.DRAFT)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        page = fresh_state(ProformaPage, f"/proforma/{desk.flagged}")
        await call(page, "load")
        state = await page.get_state(Presence)
        await state._look()
    assert [(row.line, row.words) for row in state.rows] == [("2", "Dana Brooks is editing line 2")]
