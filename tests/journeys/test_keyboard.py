"""Nobody needs a mouse: every control of every page is reached by Tab, and every action is done by keys alone."""

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from sqlmodel import col, select

from models import (
    Comment,
    CommentMention,
    LineProposal,
    NotificationPreference,
    Proforma,
    ProformaLine,
    SplitProposal,
    Submission,
    User,
)
from models.enums import LineTreatment, NotificationChannel, ProformaStatus, ProposalKind, SubmissionStatus
from state.notifications.choices import RHYTHMS
from tests.journeys.conftest import DESK, TourOf
from tests.journeys.desk_work import BillingWork, ReviewWork, make_billing_work, make_review_work
from tests.journeys.house import EMAIL, House
from tests.journeys.keyboard import Keyboard, counted, walk
from tests.journeys.pages import PAGES
from tests.journeys.visitor import visitor_of

pytestmark = [pytest.mark.chromium, pytest.mark.redis, pytest.mark.slow]

DIALOG = "[role=dialog]"
TYPED_TOGETHER_SECONDS = 1.2  # letters typed sooner are one word to a list
ROW = ".queue-row, .queue-row *"
PLACE = "return document.activeElement === document.body"


@pytest.fixture(scope="module")
def review(house: House) -> ReviewWork:
    return make_review_work(house)


@pytest.fixture(scope="module")
def billing(house: House) -> BillingWork:
    return make_billing_work(house)


@pytest.fixture(scope="module")
def ira(house: House, review: ReviewWork) -> Iterator[Keyboard]:
    """Return the keyboard of the attorney, in one browser for all that she does."""
    with visitor_of(house.url) as visitor:
        visitor.look_as(DESK)
        visitor.sign_in_by_address(review.email)
        yield Keyboard(visitor)


@pytest.fixture(scope="module")
def dana(house: House, billing: BillingWork) -> Iterator[Keyboard]:
    with visitor_of(house.url) as visitor:
        visitor.look_as(DESK)
        visitor.sign_in(EMAIL["biller"])
        yield Keyboard(visitor)


def is_lost(keyboard: Keyboard) -> bool:
    return bool(keyboard.visitor.driver.execute_script(PLACE))


def status_of(house: House, proforma_id: int) -> ProformaStatus:
    with house.database.read_only() as session:
        return session.get_one(Proforma, proforma_id).status


def line_of(house: House, line_id: int) -> ProformaLine:
    with house.database.read_only() as session:
        return session.get_one(ProformaLine, line_id)


def waits(keyboard: Keyboard) -> int:
    """Return the proforma whose row has the focus."""
    return int(
        keyboard.visitor.driver.execute_script("return document.activeElement.closest('[data-row]').dataset.row")
    )


_IS_BEFORE = """
    const rows = [...document.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
    return rows.indexOf(arguments[0]) < rows.indexOf(document.querySelector("[data-row].current")?.dataset.row);
"""


def go_to(keyboard: Keyboard, row_id: int, most: int = 20) -> None:
    """Walk the rows to one of them, from the one where the keyboard was last."""
    keyboard.visitor.until(lambda: keyboard.visitor.count(f"[data-row='{row_id}']"), f"row {row_id}")
    for _ in range(most):
        if keyboard.is_at(f"[data-row='{row_id}']"):
            return
        keyboard.press("k" if keyboard.visitor.driver.execute_script(_IS_BEFORE, str(row_id)) else "j")
    raise AssertionError(f"row {row_id} is not reached by j and k")


def leaves(keyboard: Keyboard, proforma_id: int) -> None:
    visitor = keyboard.visitor
    visitor.until(lambda: not visitor.count(f".queue-row[data-row='{proforma_id}']"), f"{proforma_id} to leave")


@pytest.mark.parametrize("role", PAGES)
def test_reach_see_and_leave_every_control_by_tab(role: str, tour: TourOf):
    assert tour(role).stops == {}


def test_decide_in_the_queue_and_go_on_with_the_next(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go("/review")
    with counted(ira, most=40):
        # Without letters: what a switch or a voice can press too.
        ira.press("j")
        approved = waits(ira)
        ira.enter(".queue-row button", "Approve", most=8)
        leaves(ira, approved)
        ira.until_at(".queue-row")
        returned = waits(ira)
        ira.press("r")
        ira.until_at(f"{DIALOG} .reason input")
        ira.press(Keys.SPACE)
        ira.send()
        leaves(ira, returned)
        ira.until_at(ROW)
        forwarded = waits(ira)
        ira.press("m")
        ira.until_at(f"{DIALOG} *")
        ira.enter(".sheet-step", "Forward")
        ira.until_at(f"{DIALOG} select")
        ira.write(review.colleague.split()[0])
        ira.tab_to(f"{DIALOG} textarea")
        ira.write("Is the rate right?")
        ira.send()
        ira.visitor.until_says(".result", f"is with {review.colleague}")
    ira.until_at(ROW)
    assert {approved, returned, forwarded} < set(review.clean)
    assert status_of(house, approved) is ProformaStatus.APPROVED
    assert status_of(house, returned) is ProformaStatus.RETURNED
    undone = next(one for one in review.clean if one not in {approved, returned, forwarded})
    go_to(ira, undone)
    ira.press("a")
    ira.visitor.until_says(".result", "Approved")
    ira.press("u")
    ira.visitor.until(lambda: status_of(house, undone) is ProformaStatus.IN_REVIEW, "it back in review")


def test_turn_letter_keys_off_and_on(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go("/review")
    ira.press("j")
    held = waits(ira)
    ira.press("?")
    ira.until_at("#keys *")
    ira.enter("[data-letters=off]")
    ira.press(Keys.ESCAPE)
    ira.until_at(".queue-row")
    ira.press("a", "g", "t")
    ira.chord(Keys.CONTROL, "k")
    ira.until_at("[data-palette-field]")
    assert "/review" in ira.visitor.driver.current_url
    assert status_of(house, held) is ProformaStatus.IN_REVIEW
    ira.press(Keys.ESCAPE)
    ira.enter(".avatar", back=True)
    ira.enter("[data-letters=on]")
    ira.until_at(".avatar")
    ira.press("g", "t")
    ira.visitor.until_says("main h1", "Today")
    ira.until_at("main h1")


def test_hold_until_a_day(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go(f"/proforma/{review.held}")
    with counted(ira, most=60):
        ira.enter(".verbs button", "Hold")
        ira.until_at(f"{DIALOG} input[type=date]")
        ira.write("12312026")
        ira.send()
        ira.visitor.until_says(".standing", "Held")
    ira.visitor.until(lambda: not is_lost(ira), "the focus somewhere")
    with house.database.read_only() as session:
        assert str(session.get_one(Proforma, review.held).held_until) == "2026-12-31"


# By line: the button of the panel, and what is typed into which field of the question.
OF_LINES: tuple[tuple[str, dict[str, str]], ...] = (
    ("Write down…", {"value": "50", "note": "Agreed"}),
    ("Discount…", {"value": "10"}),
    ("Write off…", {"note": "Not billable"}),
    ("Hold…", {"until": "12312026"}),
    ("No charge…", {"note": "Courtesy"}),
    ("Do not itemize…", {"note": "Small"}),
    ("Transfer…", {"": "OTHER", "note": "Wrong matter"}),
    ("Transfer a part…", {"": "OTHER", "goes": "Call on the other matter"}),
    ("More hours…", {"hours": "2.5", "reason": "The call was longer"}),
    ("Another day…", {"worked_on": "10062026", "reason": "It was Tuesday"}),
    ("Split…", {"part_1": "Draft motion", "part_2": "Call the adjuster"}),
)
OF_BILL = (
    ("Add late work…", {}),
    (
        "Add time of yours…",
        {"hours": "0.5", "task_code": "L240", "activity_code": "A103", "narrative": "Plan the week"},
    ),
    ("Add an expense…", {"unit_cost": "12", "expense_code": "E101", "narrative": "Copies"}),
    ("Discount on the bill…", {"value": "5"}),
)


def fill(keyboard: Keyboard, fields: dict[str, str], matter: str) -> None:
    """Fill the fields of the open question, and send it; it closes when it was done."""
    for name, text in fields.items():
        keyboard.tab_to(f"{DIALOG} [name='{name}']" if name else f"{DIALOG} [type=search]")
        if name.startswith("part_"):
            keyboard.chord(Keys.CONTROL, "a")
        keyboard.write(text if name else matter)
        if not name:
            keyboard.visitor.until(lambda: keyboard.visitor.count(".target") == 1, "the one matter")
            keyboard.enter(f"{DIALOG} .target", matter)
            keyboard.visitor.until_says(".chosen-matter", matter)
    keyboard.send()
    keyboard.visitor.until(lambda: not keyboard.visitor.count(DIALOG), "the question closed")


def open_line(keyboard: Keyboard, line_id: int) -> None:
    go_to(keyboard, line_id)
    keyboard.press("e")
    keyboard.visitor.until(lambda: keyboard.visitor.count(f"#line-panel[data-opened='{line_id}']"), "the line's panel")
    keyboard.until_at("#line-panel h2")


def test_edit_a_line_in_every_way(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go(f"/proforma/{review.edited}")
    with counted(ira, most=650):
        ira.enter(".filter", "All")
        for place, (verb, fields) in enumerate(OF_LINES):
            open_line(ira, review.lines[place])
            ira.enter("#line-panel button", verb)
            ira.until_at(f"{DIALOG} *")
            fill(ira, fields, review.other_matter)
            ira.until_at("#line-panel *, [data-row], [data-row] *")
    cut, discounted, off, held, free, quiet, moved, *_ = (line_of(house, line) for line in review.lines)
    assert (cut.write_down_amount, discounted.discount_percent) == (Decimal(50), Decimal(10))
    assert off.treatment is LineTreatment.WRITE_OFF
    assert (held.treatment, str(held.held_until)) == (LineTreatment.HOLD, "2026-12-31")
    assert free.is_free
    assert not quiet.is_printed
    assert moved.treatment is LineTreatment.TRANSFER
    with house.database.read_only() as session:
        of_lines = select(LineProposal).where(LineProposal.proforma_id == review.edited)
        assert {one.kind for one in session.exec(of_lines)} == {ProposalKind.HOURS, ProposalKind.DATE}
        splits = session.exec(select(SplitProposal).where(SplitProposal.proforma_id == review.edited)).all()
        assert {one.proforma_line_id for one in splits} == {review.lines[7], review.lines[10]}


def test_change_a_line_and_undo_it(house: House, ira: Keyboard, review: ReviewWork):
    line_id = review.lines[11]
    ira.visitor.go(f"/proforma/{review.edited}")
    with counted(ira, most=120):
        ira.enter(".filter", "All")
        open_line(ira, line_id)
        ira.tab_to("#line-panel [name=units]")
        ira.chord(Keys.CONTROL, "a")
        ira.write("1.0")
        ira.send()
        ira.visitor.until(lambda: line_of(house, line_id).billed_units == 1, "the line saved")
        ira.until_at("#line-panel [name=units]")
        ira.press(Keys.ESCAPE)
        ira.until_at("#line-panel h2")
        ira.press("z")
        ira.visitor.until(lambda: line_of(house, line_id).billed_units == Decimal("1.5"), "the step taken back")
        ira.press(Keys.ESCAPE)
        ira.visitor.until(lambda: not ira.visitor.count("#line-panel"), "the panel closed")
    ira.until_at(f"[data-row='{line_id}']")
    assert line_of(house, line_id).billed_units == Decimal("1.5")


def test_edit_the_bill_and_many_lines(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go(f"/proforma/{review.edited}")
    with counted(ira, most=150):
        for verb, fields in OF_BILL:
            ira.enter(".bill-verbs button", verb)
            ira.until_at(f"{DIALOG} *")
            if not fields:
                ira.tab_to(f"{DIALOG} [type=checkbox]")
                ira.press(Keys.SPACE)
            fill(ira, fields, "")
            ira.until_at(".bill-verbs button", verb)
        ira.enter(".filter", "All")
        ira.press("j", "x", "j", "x")
        ira.visitor.until_says(".chosen-bar", "2 lines chosen")
        ira.press("b")
        ira.until_at(".chosen-bar button", "Set codes")
        ira.press(Keys.ENTER)
        ira.until_at(f"{DIALOG} *")
        fill(ira, {"task_code": "L120"}, "")
    first, second = (line_of(house, line) for line in review.lines[:2])
    assert (first.task_code, second.task_code) == ("L120", "L120")
    with house.database.read_only() as session:
        lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == review.edited)).all()
    narratives = [line.billed_narrative for line in lines]
    assert {review.late, "Plan the week", "Copies"} <= set(narratives)
    assert any("Courtesy discount" in text for text in narratives)


def test_comment_on_a_line_and_name_somebody(house: House, ira: Keyboard, review: ReviewWork):
    ira.visitor.go(f"/proforma/{review.edited}")
    with counted(ira, most=70):
        ira.enter(".filter", "All")
        open_line(ira, review.lines[0])
        ira.enter("#line-panel button", "Comment on this line")
        ira.until_at("#comment-text")
        ira.write("Look, @Dana")
        ira.visitor.until(lambda: ira.visitor.count(".suggestions .chip"), "the names")
        ira.enter(".suggestions .chip", "Dana Brooks")
        ira.until_at("#comment-text", "@Dana Brooks")
        ira.write("is this yours?")
        ira.enter(".comment-form button", "Comment")
        ira.visitor.until_says(".comments", "is this yours?")
    with house.database.read_only() as session:
        comment = session.exec(select(Comment).where(Comment.proforma_id == review.edited)).one()
        named = session.exec(select(CommentMention).where(CommentMention.comment_id == comment.id)).one()
        assert session.get_one(User, named.user_id).email == EMAIL["biller"]
    assert comment.proforma_line_id == review.lines[0]


def test_walk_through_an_open_question_and_come_back(ira: Keyboard, review: ReviewWork):
    ira.visitor.go(f"/proforma/{review.edited}")
    ira.enter(".bill-verbs button", "Add an expense")
    ira.until_at(f"{DIALOG} *")
    assert walk(ira.visitor, DIALOG) == []
    ira.press(Keys.ESCAPE)
    ira.until_at(".bill-verbs button", "Add an expense")


def test_find_by_palette_export_and_come_back_to_a_row(dana: Keyboard, tmp_path: Path):
    visitor = dana.visitor
    visitor.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    visitor.go("/")
    with counted(dana, most=80):
        dana.chord(Keys.CONTROL, "k")
        dana.until_at("[data-palette-field]")
        dana.write("matters")
        visitor.until(lambda: visitor.count("[data-palette-page]") == 1, "the one page")
        dana.press(Keys.ARROW_DOWN, Keys.ENTER)
        visitor.until_says("main h1", "Matters")
        dana.until_at("main h1")
        dana.enter(".export-menu summary")
        dana.enter(".export-forms a", "CSV")
        dana.until_at(".export-menu summary")
        visitor.until(lambda: list(tmp_path.glob("*.csv")), "the file")
        dana.enter("a.row-link")
        dana.until_at(".pane-title")
        assert "/matters/" in visitor.driver.current_url
        opened = visitor.driver.current_url
        dana.enter(".pane a[aria-label=Close]")
        dana.until_at("a.row-link")
    assert visitor.driver.execute_script("return document.activeElement.href") == opened


def test_choose_what_reaches_me(house: House, dana: Keyboard):
    visitor = dana.visitor
    visitor.go("/notifications/preferences")
    names = dict(RHYTHMS)
    stored = rhythms(house)
    with counted(dana, most=90):
        dana.tab_to("table.choices tbody tr:last-child select")
        before = visitor.driver.execute_script("return document.activeElement.value")
        dana.write(names["daily" if before == "off" else "off"])
        visitor.until(lambda: rhythms(house) != stored, "another rhythm")
        changed = rhythms(house)
        time.sleep(TYPED_TOGETHER_SECONDS)
        dana.write(names[before])
        visitor.until(lambda: rhythms(house) != changed, "the rhythm before")
    dana.until_at("table.choices tbody tr:last-child select")
    (kind,) = (one for one in changed if changed[one] != stored.get(one))
    assert rhythms(house)[kind] == before


def rhythms(house: House) -> dict[str, str]:
    """Return how mail tells the biller each kind that was ever chosen."""
    chosen = select(NotificationPreference).join(User, col(User.id) == NotificationPreference.user_id)
    with house.database.read_only() as session:
        of_mail = chosen.where(
            User.email == EMAIL["biller"], NotificationPreference.channel == NotificationChannel.EMAIL
        )
        return {one.kind.value: one.rhythm.value for one in session.exec(of_mail)}


def test_print_a_batch(dana: Keyboard, billing: BillingWork):
    visitor = dana.visitor
    visitor.go("/mail?view=all")
    with counted(dana, most=90):
        dana.enter(".panel button", f"Print the invoices of {billing.payor}")
        visitor.until_says(".print-log", billing.payor)
    visitor.until(lambda: not is_lost(dana), "the focus somewhere")
    assert not visitor.count(".callout.red")


def test_run_the_billing_and_undo_it(dana: Keyboard, billing: BillingWork):
    visitor = dana.visitor
    visitor.go("/billing?period=2026-10")
    runs = visitor.count(".run-row")
    with counted(dana, most=160):
        dana.tab_to("[aria-label='All matters']")
        dana.press(Keys.SPACE)
        visitor.until_says(".stat", "0 of")
        dana.tab_to(".panel-search input")
        dana.write(billing.matter_number)
        visitor.until(lambda: visitor.count(".proposals > li") == 1, "the one matter")
        dana.tab_to(f"[aria-label='Bill matter {billing.matter_number}']")
        dana.press(Keys.SPACE)
        visitor.until_says(".stat", "1 of")
        dana.enter(".page-actions button", "Run the billing", back=True)
        dana.until_at("[role=alertdialog] *")
        dana.enter("[role=alertdialog] button", "Run the billing")
        visitor.until(lambda: visitor.count(".run-row") > runs, "the run")
        visitor.until(lambda: not is_lost(dana), "the focus somewhere")
        dana.enter(".run-row button", "Undo")
        dana.until_at("[role=alertdialog] *")
        dana.enter("[role=alertdialog] button", "Undo the run")
        visitor.until_says(".run-row", "Undone")
    assert visitor.count(".run-row") == runs + 1


def test_decide_a_file_in_doubt(house: House, dana: Keyboard, billing: BillingWork):
    visitor = dana.visitor
    visitor.go(f"/submissions/{billing.doubt_id}")
    with counted(dana, most=250):
        dana.tab_to(".decision input[name=receipt_number]", most=220)
        dana.write("R-77")
        dana.tab_to(".decision textarea[name=note]")
        dana.write("In the site's list")
        dana.enter(".decision button", "It is there")
        visitor.until_says(".pane", "A person says it is there")
    visitor.until(lambda: not is_lost(dana), "the focus somewhere")
    with house.database.read_only() as session:
        decided = session.exec(select(Submission).where(col(Submission.id) == billing.doubt_id)).one()
    assert decided.status is SubmissionStatus.DELIVERED
