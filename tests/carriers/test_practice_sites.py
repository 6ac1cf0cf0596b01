"""Real Chromium against a practice carrier of each platform."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import (
    AccountLockedError,
    ActionNeededError,
    BrowserUnavailableError,
    ChallengeError,
    DuplicateAtSiteError,
    FileRefusedError,
    HostNotAllowedError,
    LoginRejectedError,
    PageChangedError,
    PasswordExpiredError,
    ReceiptMissingError,
    SiteUnavailableError,
)
from carriers.exchange import DecisionKind
from carriers.profile import load_profile
from carriers.recordings.drafting import draft_profile
from carriers.recordings.reading import read_recording
from carriers.rehearsal import Rehearsal
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from core.errors import FencedError
from core.money import to_decimal
from tests.carriers.fake_site import Captures
from tests.carriers.practice import PDF_SHA256, credentials, ledes_file, permit, practice_carriers

pytestmark = pytest.mark.chromium

CARRIERS = (
    "harbor-mutual",
    "summit-national",
    "lakeshore-indemnity",
    "granite-surety",
    "laurentian-mutual",
    "ironbridge-specialty",
    "tidewater-marine",
)
JUDGES_LATER = "tidewater-marine"
TWO_COMMITS = {
    "summit-national": ["Upload File", "Submit"],
    "ironbridge-specialty": ["Post invoice", "Save as For Approval"],
    "meridian-liability": ["Add to batch", "Submit All"],
}
RECORDINGS = Path(__file__).parent / "recordings"
# What these sites say at the log-in and while they are down is held against their profiles without a browser.
# Log-in answers and outages cost a browser each; these three work in different ways, a form, a script and frames.
SOME = ("harbor-mutual", "lakeshore-indemnity", "laurentian-mutual")
ON_EVERY_PLATFORM = (*CARRIERS, "meridian-liability", "cedar-valley", "frontier-property")


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    with practice_carriers(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with Browser(BrowserOptions()) as warm:
        yield warm


@pytest.fixture(autouse=True)
def _fresh_sites(practice):
    practice.reset()


@pytest.fixture
def captures():
    return Captures()


@pytest.fixture
def visit(practice, browser, captures):
    def start(carrier, password=None, profile=None):
        browser._live.delete_all_cookies()
        log_in = credentials(password) if password else credentials()
        chosen = profile or impatient(carrier)
        return SiteSession(browser, chosen, practice.base_url(carrier), log_in, practice.code, captures)

    return start


def recorded(carrier, suffix):
    """Return the profile with log-in, upload and log-out as a recording gives them, all the rest from the seed."""
    document = impatient(carrier).model_dump(mode="json")
    document["site"] |= {"unfinished_statuses": [], "pages": document["site"]["pages"]}
    document["site"]["steps"] |= {"resume": [], "submit": []}
    content = (RECORDINGS / f"{carrier}.{suffix}").read_bytes()
    known = {"SUMMIT": "client_code", "Summit National": "client_code"}
    return load_profile(draft_profile(read_recording(content), known).put_into(document))


def impatient(carrier):
    """Return the seeded profile with waits of at most 3 seconds."""
    document = seed_profiles()[carrier].model_dump(mode="json")
    for steps in document["site"]["steps"].values():
        for step in steps:
            step["timeout_seconds"] = 3
    return load_profile(document)


@pytest.mark.parametrize("carrier", ON_EVERY_PLATFORM)
def test_one_visit_places_finds_and_reads(practice, visit, captures, carrier):
    session = visit(carrier)
    file = ledes_file(carrier, "INV-1001")
    assert session.find_invoice(file) is None
    asked = []
    receipt = session.upload(file, before_commit=asked.append)
    found = session.find_invoice(file)
    assert found is not None
    assert found.receipt_number == receipt.receipt_number
    assert session.read_result(file).kind in set(DecisionKind)
    session.logout()
    assert practice.accepted(carrier) == 1
    assert asked == TWO_COMMITS.get(carrier, asked[:1])
    assert [kind for kind, _ in captures.kinds] == ["before", "after"] * len(asked)


@pytest.mark.parametrize("carrier", SOME)
def test_a_wrong_password_is_tried_once(practice, visit, carrier):
    with pytest.raises(LoginRejectedError, match="not tried again"):
        visit(carrier, password="not-the-password").login()


@pytest.mark.parametrize("carrier", SOME)  # the recorded pages show it of every form
def test_a_bad_file_is_refused_with_findings(practice, visit, carrier):
    with pytest.raises(FileRefusedError) as refused:
        visit(carrier).upload(ledes_file(carrier, "INV-2", law_firm_matter_id="NOPE-1"), before_commit=permit)
    assert refused.value.findings
    assert all(finding.message for finding in refused.value.findings)
    assert practice.accepted(carrier) == 0


def test_a_site_that_judges_later_refuses_only_what_it_cannot_read(practice, visit):
    session = visit(JUDGES_LATER)
    with pytest.raises(FileRefusedError) as refused:
        session.upload(ledes_file(JUDGES_LATER, "INV-2", invoice_total="many"), before_commit=permit)
    assert "INVOICE_TOTAL" in refused.value.findings[0].message
    file = ledes_file(JUDGES_LATER, "INV-2", law_firm_matter_id="NOPE-1")
    assert session.upload(file, before_commit=permit).receipt_number
    assert session.read_result(file).kind is DecisionKind.PENDING
    assert practice.accepted(JUDGES_LATER) == 1


@pytest.mark.parametrize("carrier", SOME)  # the recorded pages show it of every form
def test_a_changed_layout_is_never_clicked(practice, visit, captures, carrier):
    practice.order(carrier, "change_layout", count=0)
    with pytest.raises(PageChangedError) as changed:
        visit(carrier).upload(ledes_file(carrier, "INV-3"), before_commit=permit)
    assert changed.value.selector
    assert captures.kinds[-1] == ("failure", changed.value.evidence)
    assert practice.accepted(carrier) == 0


@pytest.mark.parametrize("carrier", [*SOME, *TWO_COMMITS])  # the crash matrix loses replies on every platform
def test_a_lost_reply_is_in_doubt_and_sent_once(practice, visit, carrier):
    session = visit(carrier)
    file = ledes_file(carrier, "INV-4")
    session.upload(ledes_file(carrier, "INV-5"), before_commit=permit)
    practice.order(carrier, "drop_reply", count=1)
    with pytest.raises(ReceiptMissingError):
        session.upload(file, before_commit=permit)
    time.sleep(1.5)  # longer than the browser would wait before it asked again by itself
    assert practice.accepted(carrier) == 2
    found = session.find_invoice(file)
    assert found is not None
    assert found.receipt_number


def test_a_lost_reply_is_one_post_in_the_whole_chromium_too(practice, captures):
    file = ledes_file("harbor-mutual", "INV-4")
    with Browser(BrowserOptions(shell_path="")) as whole:
        profile, origin = impatient("harbor-mutual"), practice.base_url("harbor-mutual")
        session = SiteSession(whole, profile, origin, credentials(), practice.code, captures)
        session.login()
        practice.order("harbor-mutual", "drop_reply", count=1)
        with pytest.raises(ReceiptMissingError):
            session.upload(file, before_commit=permit)
        time.sleep(1.5)  # longer than the browser would wait before it asked again by itself
        assert practice.accepted("harbor-mutual") == 1


@pytest.mark.parametrize("carrier", SOME)
def test_maintenance_is_a_site_that_is_unavailable(practice, visit, carrier):
    session = visit(carrier)
    session.login()
    practice.order(carrier, "maintenance", count=0)
    with pytest.raises(SiteUnavailableError):
        session.upload(ledes_file(carrier, "INV-6"), before_commit=permit)
    assert practice.accepted(carrier) == 0


@pytest.mark.parametrize(
    ("carrier", "kind", "error"),
    [
        (SOME[0], "expired_password", PasswordExpiredError),
        (SOME[1], "locked", AccountLockedError),
        (SOME[2], "challenge", ChallengeError),
    ],
)
def test_the_log_in_names_what_the_site_said(practice, visit, carrier, kind, error):
    practice.order(carrier, kind, count=0)
    with pytest.raises(error):
        visit(carrier).login()


@pytest.mark.parametrize("carrier", SOME)
def test_an_ended_session_is_entered_again(practice, visit, carrier):
    session = visit(carrier)
    session.login()
    practice.order(carrier, "end_session", count=1)
    assert session.upload(ledes_file(carrier, "INV-7"), before_commit=permit).receipt_number
    assert practice.accepted(carrier) == 1


@pytest.mark.parametrize("carrier", TWO_COMMITS)
def test_a_file_left_unsubmitted_is_finished_not_sent_again(practice, visit, carrier):
    file, last = ledes_file(carrier, "INV-8"), TWO_COMMITS[carrier][-1]

    def lose_the_lease_before_submit(label):
        if label == last:
            raise FencedError("Another worker owns this file.")

    with pytest.raises(FencedError):
        visit(carrier).upload(file, before_commit=lose_the_lease_before_submit)
    second = visit(carrier)
    assert second.find_invoice(file) is None
    asked = []
    assert second.upload(file, before_commit=asked.append).receipt_number
    assert set(asked) == {last}, "asked again where the button was drawn anew before anything was clicked"
    assert practice.accepted(carrier) == 1


@pytest.mark.parametrize(
    "carriers", [("summit-national", "prairie-states"), ("cedar-valley", "bluewater-marine", "tri-county-farm")]
)
def test_carriers_share_one_account(practice, visit, carriers):
    session = visit(carriers[0])
    for carrier in carriers:
        session.upload(ledes_file(carrier, f"INV-{carrier}"), before_commit=permit)
        assert practice.accepted(carrier) == 1


def test_the_pdf_goes_along_and_is_matched_by_its_name(practice, visit):
    visit("meridian-liability").upload(ledes_file("meridian-liability", "INV-20"), before_commit=permit)
    (paper,) = practice.papers("meridian-liability")
    assert (paper["file_name"], paper["sha256"]) == ("INV-20.pdf", PDF_SHA256)
    assert paper["post_id"] is not None


def test_a_bill_left_in_the_batch_keeps_others_out_until_it_is_finished(practice, visit):
    carrier = "meridian-liability"
    left, other = ledes_file(carrier, "INV-21"), ledes_file(carrier, "INV-22")

    def lose_the_lease_before_submit(label):
        if label == "Submit All":
            raise FencedError("Another worker owns this file.")

    with pytest.raises(FencedError):
        visit(carrier).upload(left, before_commit=lose_the_lease_before_submit)
    session = visit(carrier)
    with pytest.raises(ActionNeededError, match="asks a person") as told:
        session.upload(other, before_commit=permit)
    assert "not submitted: 1" in told.value.site_text
    asked = []
    session.upload(left, before_commit=asked.append)
    assert set(asked) == {"Submit All"}
    session.upload(other, before_commit=permit)
    assert practice.accepted(carrier) == 2


def test_a_new_invoice_stays_out_of_an_eventual_list_for_a_while(practice, visit):
    carrier = "frontier-property"
    session = visit(carrier)
    file = ledes_file(carrier, "INV-23")
    practice.order(carrier, "delay_listing", seconds=5)
    practice.order(carrier, "bad_gateway", at="submit")
    with pytest.raises(ReceiptMissingError):
        session.upload(file, before_commit=permit)
    assert session.find_invoice(file) is None
    practice.wait(seed_profiles()[carrier].site.settle_seconds)
    assert session.find_invoice(file) is not None
    assert practice.accepted(carrier) == 1


def test_a_decision_is_awaited_on_the_page_that_looks_again(practice, visit):
    carrier = "frontier-property"
    session = visit(carrier)
    practice.order(carrier, "delay_listing", seconds=1.5)
    session.upload(ledes_file(carrier, "INV-24"), before_commit=permit)
    assert session.read_result(ledes_file(carrier, "INV-24")).kind is DecisionKind.APPROVED


@pytest.mark.parametrize("carrier", SOME)
def test_the_same_number_with_another_amount_is_a_duplicate(visit, carrier):
    session = visit(carrier)
    file = ledes_file(carrier, "INV-9")
    session.upload(file, before_commit=permit)
    altered = ledes_file(carrier, "INV-9")
    object.__setattr__(altered, "total", to_decimal("1.00"))
    with pytest.raises(DuplicateAtSiteError):
        session.find_invoice(altered)


def test_evidence_holds_no_password(practice, visit, captures):
    with pytest.raises(LoginRejectedError):
        visit("harbor-mutual", password="not-the-password").login()
    assert captures.kept
    assert not any("not-the-password" in html for _, _, html in captures.kept)


def test_nothing_is_typed_on_a_host_that_is_not_allowed(visit):
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    document["site"]["allowed_hosts"] = ["portal.example.com"]
    with pytest.raises(HostNotAllowedError):
        visit("harbor-mutual", profile=load_profile(document)).login()


def test_a_crashed_browser_is_replaced(practice, visit, browser):
    session = visit("harbor-mutual")
    session.login()
    browser.kill()
    assert session.upload(ledes_file("harbor-mutual", "INV-10"), before_commit=permit).receipt_number
    assert practice.accepted("harbor-mutual") == 1


def test_a_missing_browser_says_what_to_install():
    with pytest.raises(BrowserUnavailableError, match="install chromium"):
        Browser(BrowserOptions(chromium_path="/nowhere/chromium", shell_path="")).start()


@pytest.mark.parametrize(
    ("carrier", "suffix"),
    [
        ("harbor-mutual", "recorder.json"),
        ("summit-national", "side"),
        ("lakeshore-indemnity", "side"),
        ("granite-surety", "recorder.json"),
    ],
)
def test_recorded_steps_place_a_file(practice, visit, carrier, suffix):
    session = visit(carrier, profile=recorded(carrier, suffix))
    receipt = session.upload(ledes_file(carrier, "INV-1001"), before_commit=permit)
    session.logout()
    assert receipt.receipt_number
    assert practice.accepted(carrier) == 1


def test_dry_run_of_a_recording_walks_to_the_file_and_sends_nothing(practice, browser):
    browser._live.delete_all_cookies()
    reports = []
    audience = SimpleNamespace(tell=reports.append)
    profile, url = recorded("lakeshore-indemnity", "side"), practice.base_url("lakeshore-indemnity")
    Rehearsal(browser, profile, url, credentials(), practice.code, audience).walk({"client_code": "LAKESH"})
    assert [report.result for report in reports if report.list_name == "login"] == ["done"] * 6
    assert [(r.label, r.result) for r in reports if r.list_name == "upload"][:2] == [
        ("Open /", "done"),
        ("Choose the LEDES file", "seen"),
    ]
    assert all(report.png.startswith(b"\x89PNG") for report in reports if report.result == "done")
    assert practice.accepted("lakeshore-indemnity") == 0


def test_proof_of_the_sites_list_shows_no_other_matter(browser, practice):
    carrier = "harbor-mutual"
    mine, other = ledes_file(carrier, "INV-41"), ledes_file(carrier, "INV-42")
    session = SiteSession(
        browser, seed_profiles()[carrier], practice.base_url(carrier), credentials(), practice.code, Captures()
    )
    for file in (mine, other):
        session.upload(file, before_commit=permit)
    session.logout()
    document = seed_profiles()[carrier].model_dump(mode="json")
    never = {"verb": "wait_for", "label": "Wait in vain", "selectors": ["#never"], "timeout_seconds": 0.5}
    find = document["site"]["steps"]["find_invoice"]
    find[0]["value"] = "/Invoices"
    find.append(never)
    captures = Captures()
    looking = SiteSession(
        browser, load_profile(document), practice.base_url(carrier), credentials(), practice.code, captures
    )
    with pytest.raises(PageChangedError):
        looking.find_invoice(mine)
    [(kind, _, html)] = captures.kept
    assert kind == "failure"
    assert "INV-41" in html
    assert "[another matter]" in html
    assert "INV-42" not in html
