"""The form lane on practice sites, taught by a real Chromium that signs in: every fault, and never a file twice."""

import time

import pytest

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import (
    DuplicateAtSiteError,
    FileRefusedError,
    PageChangedError,
    ReceiptMissingError,
    SiteUnavailableError,
)
from carriers.profile import load_profile
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from core.money import to_decimal
from tests.carriers.practice import credentials, ledes_file, permit, practice_carriers

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(120)]

FORMS = ("harbor-mutual", "summit-national")


class Drawer:
    """An evidence sink that remembers kind, label, size of the picture and the page."""

    def __init__(self):
        self.kept = []

    def capture(self, kind, label, png, html):
        self.kept.append((kind, label, len(png), html))


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
def drawer():
    return Drawer()


@pytest.fixture
def visit(practice, browser, drawer):
    """Return a session with the lane, which has learnt from one upload."""
    sessions = []

    def start(carrier, *, may_use_forms=True, has_learnt=True):
        browser._live.delete_all_cookies()
        document = seed_profiles()[carrier].model_dump(mode="json")
        document["site"]["form_lane"] = True
        for steps in document["site"]["steps"].values():
            for step in steps:
                step["timeout_seconds"] = 6
        session = SiteSession(
            browser,
            load_profile(document),
            practice.base_url(carrier),
            credentials(),
            practice.code,
            drawer,
            may_use_forms=may_use_forms,
        )
        sessions.append(session)
        if has_learnt:
            place(session, ledes_file(carrier, "LEARN-1"))
        return session

    yield start
    for session in sessions:
        session.close()


def place(session, file):
    assert session.find_invoice(file) is None
    receipt = session.upload(file, before_commit=permit)
    session.read_result(file)
    return receipt


@pytest.mark.parametrize("carrier", FORMS)
def test_lane_places_finds_and_reads_what_the_browser_would(practice, visit, carrier):
    session = visit(carrier)
    assert session.lane.posted == 0
    file, asked = ledes_file(carrier, "INV-1"), []
    assert session.find_invoice(file) is None
    receipt = session.upload(file, before_commit=asked.append)
    assert session.find_invoice(file).receipt_number == receipt.receipt_number
    decision = session.read_result(file)
    assert session.lane.posted >= 4
    assert session.lane.closed_because == ""
    assert asked == (["Upload File", "Submit"] if carrier == "summit-national" else ["Upload"])
    assert practice.accepted(carrier) == 2
    browser_only = visit(carrier, may_use_forms=False, has_learnt=False)
    assert browser_only.lane is None
    assert browser_only.find_invoice(file) == session.find_invoice(file)
    assert browser_only.read_result(file) == decision


@pytest.mark.parametrize("carrier", FORMS[:1])
def test_lane_keeps_the_pages_and_a_picture_of_the_sites_own_list(visit, drawer, carrier):
    session = visit(carrier)
    drawer.kept.clear()
    place(session, ledes_file(carrier, "INV-2"))
    kinds = [kind for kind, _, _, _ in drawer.kept]
    assert kinds == ["before", "after"] * (kinds.count("before")) + ["after"]
    _, label, picture, html = drawer.kept[-1]
    assert label == "Shown on the site"
    assert picture > 10_000
    assert "INV-2" in html
    assert 'data-chosen="INV-2.txt"' in drawer.kept[0][3]


@pytest.mark.parametrize("carrier", FORMS)
def test_lane_reads_a_refusal_with_its_findings(practice, visit, carrier):
    session = visit(carrier)
    with pytest.raises(FileRefusedError) as refused:
        session.upload(ledes_file(carrier, "INV-3", law_firm_matter_id="NOPE-1"), before_commit=permit)
    assert refused.value.findings
    assert practice.accepted(carrier) == 1


@pytest.mark.parametrize("carrier", FORMS)
def test_lane_sends_once_when_the_reply_is_lost(practice, visit, carrier):
    session, file = visit(carrier), ledes_file(carrier, "INV-4")
    practice.order(carrier, "drop_reply", count=1)
    with pytest.raises(ReceiptMissingError):
        session.upload(file, before_commit=permit)
    time.sleep(1.5)
    assert practice.accepted(carrier) == 2
    assert session.find_invoice(file).receipt_number


@pytest.mark.parametrize("carrier", FORMS)
def test_lane_closes_and_nothing_is_clicked_when_the_layout_changed(practice, visit, drawer, carrier):
    session = visit(carrier)
    practice.order(carrier, "change_layout", count=0)
    with pytest.raises(PageChangedError) as changed:
        session.upload(ledes_file(carrier, "INV-5"), before_commit=permit)
    assert session.lane.closed_because.startswith("upload")
    assert drawer.kept[-1][:2] == ("failure", changed.value.evidence)
    assert drawer.kept[-1][2] > 10_000
    assert practice.accepted(carrier) == 1


@pytest.mark.parametrize("carrier", FORMS[:1])
def test_lane_signs_in_again_when_the_session_ended(practice, visit, carrier):
    session = visit(carrier)
    practice.order(carrier, "end_session", count=1)
    assert session.upload(ledes_file(carrier, "INV-6"), before_commit=permit).receipt_number
    assert session.lane.closed_because == ""
    assert practice.accepted(carrier) == 2


@pytest.mark.parametrize("carrier", FORMS[:1])
def test_lane_leaves_it_to_the_browser_to_find_the_site_down(practice, visit, carrier):
    session = visit(carrier)
    practice.order(carrier, "maintenance", count=0)
    with pytest.raises(SiteUnavailableError):
        session.upload(ledes_file(carrier, "INV-7"), before_commit=permit)
    assert practice.accepted(carrier) == 1


def test_lane_notices_the_same_number_with_another_amount(visit):
    session, file = visit("harbor-mutual"), ledes_file("harbor-mutual", "LEARN-1")
    object.__setattr__(file, "total", to_decimal("1.00"))
    with pytest.raises(DuplicateAtSiteError):
        session.find_invoice(file)


def test_lane_never_opens_for_a_site_that_works_by_scripts(practice, visit):
    carrier = "lakeshore-indemnity"
    session = visit(carrier)
    assert session.lane.closed_because
    assert place(session, ledes_file(carrier, "INV-8")).receipt_number
    assert session.lane.posted == 0
    assert practice.accepted(carrier) == 2


@pytest.mark.parametrize(("consent", "asked"), [(True, False), (False, True)])
def test_lane_needs_the_sites_consent_and_the_profiles_wish(browser, practice, consent, asked):
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    document["site"]["form_lane"] = asked
    session = SiteSession(
        browser, load_profile(document), practice.base_url("harbor-mutual"), credentials(), practice.code, Drawer(),
        may_use_forms=consent,
    )  # fmt: skip
    assert session.lane is None
