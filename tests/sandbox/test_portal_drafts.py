"""Platform 7 as a visitor meets it: an invoice is posted as a draft and stays one until it is set For Approval."""

import pytest

from sandbox.portals.sample_world import PASSWORD, USERNAME, SampleLine, sample_ledes
from tests.sandbox.visitors import form_token, upload

CARRIERS = {"ironbridge": "ironbridge-specialty", "palmetto": "palmetto-home"}


def sign_in(practice, slug="ironbridge", password=PASSWORD):
    visitor = practice.visitor(slug)
    visitor.answer = visitor.post("/signin", data={"email": USERNAME, "password": password})
    return visitor


def post(visitor, slug="ironbridge", number="INV-1001", **changed):
    return upload(visitor, "/invoices/post", sample_ledes(CARRIERS[slug], number, **changed))


def send_for_approval(visitor, page, status="For Approval"):
    return visitor.post(f"{page.url.path}/status", data={"_token": form_token(page.text), "status": status})


@pytest.fixture
def visitor(practice):
    return sign_in(practice)


@pytest.mark.parametrize(
    ("slug", "posted", "reference"),
    [("ironbridge", "Invoice posted as draft.", "IBX"), ("palmetto", "not yet visible to Palmetto", "PHI-910001")],
)
def test_draft_waits_until_it_is_set_for_approval(practice, slug, posted, reference):
    visitor = sign_in(practice, slug)
    page = post(visitor, slug)
    assert posted in page.text
    assert '<span id="inv-status" class="pill">Draft</span>' in page.text
    assert (practice.overall()["staged"], practice.overall()["accepted"]) == (1, 0)
    assert '<td class="i-status">Draft</td>' in visitor.get("/invoices?search=INV-1001").text
    assert "<b>1</b> invoices in draft" in visitor.get("/overview").text
    sent = send_for_approval(visitor, page).text
    assert f'<dd id="inv-reference">{reference}' in sent
    assert (practice.overall()["staged"], practice.overall()["accepted"]) == (0, 1)


def test_saving_a_draft_as_draft_changes_nothing(practice, visitor):
    page = send_for_approval(visitor, post(visitor), status="Draft")
    assert ">Draft</span>" in page.text
    assert practice.overall()["accepted"] == 0


def test_send_again_keeps_one_post(practice, visitor):
    draft = post(visitor)
    send_for_approval(visitor, draft)
    assert "has been sent for approval before" in send_for_approval(visitor, draft).text
    assert practice.overall()["accepted"] == 1


def test_same_file_is_posted_twice(practice, visitor):
    for _ in range(2):
        send_for_approval(visitor, post(visitor))
    assert practice.overall()["duplicates"] == 1


def test_draft_counts_what_goes_against_the_guidelines(visitor):
    vague = sample_ledes("ironbridge-specialty", lines=[SampleLine(narrative="File review"), SampleLine()])
    page = upload(visitor, "/invoices/post", vague).text
    assert '<b id="exception-count">1</b>' in page


def test_refuse_with_critical_exceptions(practice, visitor):
    page = post(visitor, client_matter_id="X").text
    assert "was not posted because of critical exceptions" in page
    assert '<td class="e-field">CLIENT_MATTER_ID</td>' in page
    assert "Not Posted" in visitor.get("/invoices").text
    assert visitor.post("/invoices/1/status", data={"_token": "guess", "status": "For Approval"}).status_code == 409
    assert practice.overall()["refused"] == 1


def test_decision_takes_the_place_of_the_status(slow_practice):
    visitor = sign_in(slow_practice)
    send_for_approval(visitor, post(visitor))
    assert '<td class="i-status">For Approval</td>' in visitor.get("/invoices").text
    slow_practice.control.post("/decisions/release")
    assert '<td class="i-status">Approved</td>' in visitor.get("/invoices").text
    assert '<dd id="inv-approved">$615.00</dd>' in visitor.get("/invoices/1").text
    assert visitor.get("/invoices/7").status_code == 404


def test_change_layout_of_the_form(practice, visitor):
    practice.fault("ironbridge", "change_layout", count=0)
    page = visitor.get("/invoices/post").text
    assert 'id="post-form"' not in page
    assert ">Import<" in page
    send_for_approval(visitor, post(visitor))
    assert practice.overall()["accepted"] == 1


@pytest.mark.parametrize(("kind", "staged"), [("drop_reply", 0), ("server_error", 1), ("end_session", 1)])
def test_faults_strike_where_it_cannot_be_taken_back(practice, visitor, kind, staged):
    draft = post(visitor)
    practice.fault("ironbridge", kind, at="submit")
    if kind == "drop_reply":
        with pytest.raises(ConnectionError):
            send_for_approval(visitor, draft)
    else:
        send_for_approval(visitor, draft)
    assert practice.overall()["staged"] == staged


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("maintenance", "unavailable while we apply an update"),
        ("challenge", "verify that you are a person"),
        ("expired_password", "Your password is due for a change."),
        ("locked", "This account is locked."),
    ],
)
def test_fault_at_log_in_strikes_once(practice, kind, said):
    practice.fault("ironbridge", kind, at="login")
    assert said in sign_in(practice).answer.text
    assert sign_in(practice).answer.url.path == "/overview"


@pytest.mark.parametrize(
    ("slug", "bad", "locked"),
    [
        ("ironbridge", "email or password you entered is incorrect", "This account is locked."),
        ("palmetto", "Sign-in was not successful.", "this sign-in is locked"),
    ],
)
def test_lock_after_three_failures(practice, slug, bad, locked):
    said = [sign_in(practice, slug, "wrong").answer.text for _ in range(3)]
    assert bad in said[1]
    assert locked in said[2]


def test_strangers_and_who_signed_out_are_asked_to_sign_in(practice, visitor):
    assert practice.visitor("palmetto").get("/invoices").url.path == "/signin"
    visitor.get("/signout")
    assert visitor.get("/overview").url.path == "/signin"
