"""The runner on a site in memory: what it does when all goes well and whatever the site may say instead."""

from decimal import Decimal

import pytest

from carriers.errors import (
    BrowserLostError,
    DuplicateAtSiteError,
    FileRefusedError,
    HostNotAllowedError,
    LoginRejectedError,
    PageChangedError,
    ReceiptMissingError,
    SessionEndedError,
    SiteUnavailableError,
)
from carriers.exchange import DecisionKind, SiteFinding
from carriers.profile import CarrierProfile, load_profile
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from core.errors import FencedError, InvalidInputError
from tests.carriers.fake_site import BASE_URL, CREDENTIALS, Captures, FakeSite, outgoing

ROW = {"invoice_number": "INV-1", "amount": "$1,250.00", "receipt": "HMV-2026-000009", "status": "Pending"}
REFUSAL = [{"line_item_number": "3", "code": "TIMEKEEPER_ID", "message": "Timekeeper is not approved."}]


@pytest.fixture
def site():
    return FakeSite()


@pytest.fixture
def captures():
    return Captures()


@pytest.fixture
def session(site, captures):
    return SiteSession(site, impatient(), BASE_URL, CREDENTIALS, lambda: "000000", captures)


def impatient() -> CarrierProfile:
    """Return Harbor's seeded profile, waiting for nothing longer than a moment."""
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    for steps in document["site"]["steps"].values():
        for step in steps:
            step["timeout_seconds"] = 0.05
    return load_profile(document)


def permit(_label: str) -> None:
    """Let every commit click pass."""


def test_upload_returns_the_receipt(session, site):
    asked = []
    receipt = session.upload(outgoing(), before_commit=asked.append)
    assert (receipt.receipt_number, receipt.site_text) == ("HMV-2026-000001", "Invoice accepted")
    assert site.posts == [outgoing().content]
    assert asked == ["Upload"]


def test_upload_logs_in_once_for_many_files(session, site):
    for _ in range(3):
        session.upload(outgoing(), before_commit=permit)
    assert (site.logins, len(site.posts), site.resend_forbidden) == (1, 3, 3)


def test_upload_captures_before_and_after_the_click(session, captures):
    session.upload(outgoing(), before_commit=permit)
    assert captures.kinds == [("before", "Upload"), ("after", "Upload")]


def test_capture_blanks_secret_texts(session, captures):
    session.upload(outgoing(), before_commit=permit)
    assert not any("S3cret" in html for _, _, html in captures.kept)
    assert all("[blanked]" in html for _, _, html in captures.kept)


def test_upload_refuses_a_file_altered_after_its_check(session, site):
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        session.upload(outgoing(content=b"other"), before_commit=permit)
    assert (site.posts, site.logins) == ([], 0)


def test_upload_passes_the_hooks_refusal_on_without_a_click(session, site):
    def fenced(_label):
        raise FencedError("Another worker owns this file.")

    with pytest.raises(FencedError):
        session.upload(outgoing(), before_commit=fenced)
    assert site.posts == []


def test_login_with_a_wrong_password_is_tried_once(session, site, captures):
    site.password = "other-password"
    with pytest.raises(LoginRejectedError) as refused:
        session.upload(outgoing(), before_commit=permit)
    assert (site.logins, site.posts) == (1, [])
    assert refused.value.site_text == "The user name or password is incorrect."
    assert captures.kinds[-1][0] == "failure"


def test_upload_tells_the_sites_findings(session, site):
    site.refusal = REFUSAL
    with pytest.raises(FileRefusedError) as refused:
        session.upload(outgoing(), before_commit=permit)
    assert refused.value.findings == (SiteFinding("3", "TIMEKEEPER_ID", "Timekeeper is not approved."),)


def test_upload_clicks_nothing_on_a_changed_page(session, site, captures):
    site.is_layout_changed = True
    with pytest.raises(PageChangedError) as changed:
        session.upload(outgoing(), before_commit=permit)
    assert (changed.value.selector, changed.value.evidence) == ("#btnUpload", "Upload")
    assert site.posts == []
    assert captures.kinds == [("failure", "Upload")]


def test_upload_clicks_nothing_when_two_buttons_match(session, site):
    site.buttons = 2
    with pytest.raises(PageChangedError, match="Nothing was clicked"):
        session.upload(outgoing(), before_commit=permit)
    assert site.posts == []


def test_upload_is_not_in_doubt_when_the_button_was_covered(session, site):
    session.login()
    site.covers_button = True
    with pytest.raises(PageChangedError):
        session.upload(outgoing(), before_commit=permit)
    assert site.posts == []


def test_a_button_drawn_anew_is_looked_for_permitted_and_clicked_again(session, site):
    session.login()
    site.drawn_anew = 2
    permitted = []
    assert session.upload(outgoing(), before_commit=permitted.append).receipt_number
    assert len(site.posts) == 1
    assert len(permitted) == site.resend_forbidden == 3


def test_upload_without_an_answer_is_in_doubt(session, site):
    site.drop_reply = True
    with pytest.raises(ReceiptMissingError) as missing:
        session.upload(outgoing(), before_commit=permit)
    assert len(site.posts) == 1
    assert missing.value.facts["cause"] == "site_unavailable"


def test_upload_logs_in_again_when_the_session_ended(session, site):
    site.sessions_to_end = 1
    assert session.upload(outgoing(), before_commit=permit).receipt_number
    assert (site.logins, len(site.posts)) == (2, 1)


def test_upload_gives_up_when_the_session_ends_again(session, site):
    site.sessions_to_end = 5
    with pytest.raises(SessionEndedError):
        session.upload(outgoing(), before_commit=permit)
    assert (site.logins, site.posts) == (2, [])


def test_upload_starts_a_new_browser_after_a_crash(session, site):
    session.login()
    site.crashes = 1
    assert session.upload(outgoing(), before_commit=permit).receipt_number
    assert (site.restarts, site.logins, len(site.posts)) == (1, 2, 1)


def test_upload_is_in_doubt_when_the_browser_crashes_after_the_click(session, site):
    def crash_next(_label):
        site.crashes = 1

    with pytest.raises(ReceiptMissingError) as missing:
        session.upload(outgoing(), before_commit=crash_next)
    assert missing.value.facts["cause"] == BrowserLostError.code
    assert (len(site.posts), site.restarts) == (1, 0)


def test_find_reports_a_site_that_is_down(session, site):
    session.login()
    site.is_down = True
    with pytest.raises(SiteUnavailableError):
        session.find_invoice(outgoing())


def test_login_types_nothing_on_a_foreign_host(session, site):
    site.sends_elsewhere = True
    with pytest.raises(HostNotAllowedError):
        session.login()
    assert site._fields == {}


def test_find_returns_none_when_the_list_is_empty(session):
    assert session.find_invoice(outgoing()) is None


def test_find_returns_the_receipt_of_the_same_invoice(session, site):
    site.listed = [ROW]
    found = session.find_invoice(outgoing())
    assert found is not None
    assert found.receipt_number == "HMV-2026-000009"


@pytest.mark.parametrize("difference", [{"amount": "$1,250.01"}, {"amount": "unknown"}, {"sha256": "ab" * 32}])
def test_find_refuses_to_take_another_invoice_for_ours(session, site, difference):
    site.listed = [ROW | difference]
    with pytest.raises(DuplicateAtSiteError):
        session.find_invoice(outgoing())


def test_find_leaves_earlier_revisions_out(session, site):
    site.listed = [ROW | {"amount": "$9.00"}]
    assert session.find_invoice(outgoing(superseded_receipts=frozenset({"HMV-2026-000009"}))) is None


def test_find_does_not_take_a_list_without_its_signs_for_empty(session, site):
    session.login()
    site.listed = [ROW]
    site._signed_in_view = lambda: {"form#searchForm": ""}
    with pytest.raises(PageChangedError):
        session.find_invoice(outgoing())


def test_find_refuses_an_invoice_number_that_would_alter_a_selector(session):
    with pytest.raises(InvalidInputError, match="invoice_number"):
        session.read_result(outgoing(invoice_number="x'] | //a['"))


def test_read_result_returns_the_decision_and_reductions(session, site):
    site.listed, site.decision = [ROW], "Reduced"
    decision = session.read_result(outgoing())
    assert (decision.kind, decision.approved_amount) == (DecisionKind.REDUCED, Decimal("1210.00"))
    assert decision.findings == (SiteFinding("2", "", "Rate exceeds $250.00/hr", Decimal("40.00")),)


def test_read_result_does_not_guess_an_unknown_word(session, site):
    site.listed, site.decision = [ROW], "Escalated"
    with pytest.raises(PageChangedError) as changed:
        session.read_result(outgoing())
    assert "Escalated" in changed.value.selector


def test_logout_leaves_the_session(session, site):
    session.login()
    site._signed_in = False
    session.logout()
    assert site._path == "/Logout"


def test_proofs_are_about_the_file_in_hand(session, site):
    session.upload(outgoing(), before_commit=permit)
    assert site.covered.keep == "INV-1"
    assert site.covered.tables


def test_proof_of_a_log_in_shows_no_matter_at_all(session, site):
    site.password = "another"
    with pytest.raises(LoginRejectedError):
        session.login()
    assert site.covered.keep == ""
    assert site.covered.tables


def test_keep_listing_pictures_the_list_with_this_files_row_alone(session, site, captures):
    site.listed = [ROW]
    session.keep_listing(outgoing())
    assert captures.kinds == [("listing", "The site's list")]
    assert site.covered.keep == "INV-1"
    assert site.posts == []
