"""Log-ins that fail, and the misbehaviour a test can order."""

import time

import pyotp
import pytest

from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, sample_ledes
from tests.sandbox.visitors import LOG_INS, form_token, sign_in, upload

PLATFORMS = ("harbor", "northfork", "atlas", "granite", "meridian", "unison", "frontier")
BAD = {
    "harbor": "The user name or password is incorrect.",
    "northfork": "We could not sign you in. Check your user ID and password.",
    "atlas": "Incorrect username or password",
    "granite": "Sign-in failed. Username or password not recognised.",
    "meridian": "User or password is wrong.",
    "unison": "Operator or passphrase is not valid.",
    "frontier": "We do not recognize that login or password.",
}
LOCKED = {
    "harbor": "Your account has been locked after too many failed attempts.",
    "northfork": "This user ID is locked.",
    "atlas": "Account locked. Please contact Connect support.",
    "granite": "Access suspended after repeated failures.",
    "meridian": "Your user is locked after several failed attempts.",
    "unison": "This operator has been locked.",
    "frontier": "This account is locked.",
}
EXPIRED = {
    "harbor": "Your password has expired.",
    "northfork": "Your password has expired and must be changed",
    "atlas": "Password expired. Reset it to continue.",
    "granite": "Your password has expired.",
    "meridian": "Choose a new one to sign on.",
    "unison": "Your passphrase has expired.",
    "frontier": "Your password is older than 30 days.",
}
CHALLENGE = {
    "harbor": "Please confirm that you are not a robot.",
    "northfork": "prove you are human",
    "atlas": "Checking that you are human",
    "granite": "Security check: are you a person?",
    "meridian": "confirm that you are a person",
    "unison": "Type the characters in the picture",
    "frontier": "show that you are human",
}
MAINTENANCE = {
    "harbor": "down for scheduled maintenance",
    "northfork": "We are performing system maintenance.",
    "atlas": "temporarily unavailable for maintenance",
    "granite": "closed for maintenance",
    "meridian": "closed while we make it better",
    "unison": "closed for its maintenance window",
    "frontier": "The gateway is being updated.",
}
UPLOADS = {
    "harbor": ("/Invoices/Upload", "uploadForm", "harbor-mutual"),
    "northfork": ("/files/new", "new-file", "northfork-re"),
    "granite": ("/portal/submit", "submissionForm", "granite-surety"),
    "meridian": ("/counsel/bills/new", "cg-add", "meridian-liability"),
    "unison": ("/exchange/post", "xc-post", "bluewater-marine"),
    "frontier": ("/gateway/submit", "gw-submit", "frontier-property"),
}


def log_in(practice, slug, password=PASSWORD, username=USERNAME):
    path, user_field, password_field = LOG_INS[slug]
    return practice.visitor(slug).post(path, data={user_field: username, password_field: password})


@pytest.mark.parametrize("slug", PLATFORMS)
def test_refuse_bad_password_and_unknown_user(practice, slug):
    assert BAD[slug] in log_in(practice, slug, "wrong").text
    assert BAD[slug] in log_in(practice, slug, username="nobody").text


@pytest.mark.parametrize("slug", PLATFORMS)
def test_lock_after_three_failures(practice, slug):
    said = [log_in(practice, slug, "wrong").text for _ in range(3)]
    assert BAD[slug] in said[1]
    assert LOCKED[slug] in said[2]
    assert LOCKED[slug] in log_in(practice, slug).text
    practice.control.delete("/faults", params={"site": slug})
    assert LOCKED[slug] not in log_in(practice, slug).text


def test_good_log_in_forgets_failures(practice):
    for password in ("wrong", "wrong", PASSWORD, "wrong", "wrong"):
        said = log_in(practice, "harbor", password).text
    assert BAD["harbor"] in said


def test_lock_after_ordered_failures(practice):
    practice.fault("harbor", "lock_after_failures", count=1)
    assert LOCKED["harbor"] in log_in(practice, "harbor", "wrong").text


@pytest.mark.parametrize(
    ("kind", "texts"),
    [("expired_password", EXPIRED), ("locked", LOCKED), ("challenge", CHALLENGE), ("maintenance", MAINTENANCE)],
)
@pytest.mark.parametrize("slug", PLATFORMS)
def test_fault_at_log_in_strikes_once(practice, slug, kind, texts):
    practice.fault(slug, kind, at="login")
    assert texts[slug] in log_in(practice, slug).text
    assert texts[slug] not in log_in(practice, slug).text
    assert practice.control.get("/faults").json() == {"faults": []}


def test_one_time_code_is_good_once(practice):
    code = pyotp.TOTP(TOTP_SECRET).now()
    said = []
    for _ in range(2):
        visitor = practice.visitor("granite")
        visitor.post("/auth/login", data={"j_username": USERNAME, "j_password": PASSWORD})
        said.append(visitor.post("/auth/verify", data={"otp": code}))
    assert said[0].url.path == "/portal/home"
    assert "That code has already been used. Wait for the next one." in said[1].text


@pytest.mark.parametrize(("steps_off", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_one_time_code_tolerates_one_step(practice, steps_off, is_taken):
    practice.portals.now = lambda: 1_800_000_000
    visitor = practice.visitor("granite")
    visitor.post("/auth/login", data={"j_username": USERNAME, "j_password": PASSWORD})
    code = pyotp.TOTP(TOTP_SECRET).at(1_800_000_000 + 30 * steps_off)
    reply = visitor.post("/auth/verify", data={"otp": code})
    assert (reply.url.path == "/portal/home") is is_taken


def test_password_alone_opens_nothing(practice):
    visitor = practice.visitor("granite")
    visitor.post("/auth/login", data={"j_username": USERNAME, "j_password": PASSWORD})
    assert visitor.get("/portal/submit").url.path == "/auth/login"


def test_end_session_before_the_post(practice):
    visitor = sign_in(practice, "harbor")
    practice.fault("harbor", "end_session", at="submit")
    assert upload(visitor, "/Invoices/Upload", sample_ledes()).url.path == "/Login"
    assert practice.overall()["posts"] == 0


@pytest.mark.parametrize("slug", UPLOADS)
def test_change_layout_renames_but_still_works(practice, slug):
    page, form, carrier = UPLOADS[slug]
    visitor = sign_in(practice, slug)
    before = visitor.get(page).text
    practice.fault(slug, "change_layout", count=0)
    after = visitor.get(page).text
    assert f'id="{form}"' in before
    assert f'id="{form}"' not in after
    upload(visitor, page, sample_ledes(carrier), renamed="NFORK")
    assert practice.overall()["refused"] == 0
    assert practice.overall()["accepted"] + practice.overall()["staged"] == 1


def test_change_layout_of_single_page(practice):
    practice.fault("atlas", "change_layout")
    page = practice.visitor("atlas").get("/").text
    assert 'id="file-input"' not in page
    assert 'id="login-user"' in page
    assert "Transmit invoice" not in page


def test_delay_listing_until_the_clock_passes(practice):
    visitor = sign_in(practice, "harbor")
    practice.fault("harbor", "delay_listing", seconds=30)
    upload(visitor, "/Invoices/Upload", sample_ledes())
    assert "No invoices found." in visitor.get("/Invoices?number=INV-1001").text
    practice.control.post("/decisions/release", json={"advance_seconds": 31})
    assert "INV-1001" in visitor.get("/Invoices").text


def test_server_error_stores_nothing(practice):
    visitor = sign_in(practice, "harbor")
    practice.fault("*", "server_error", at="submit")
    assert upload(visitor, "/Invoices/Upload", sample_ledes()).status_code == 500
    assert practice.overall()["posts"] == 0


def test_bad_gateway_hides_that_the_file_was_stored(practice):
    visitor = sign_in(practice, "harbor")
    practice.fault("harbor", "bad_gateway", at="submit")
    reply = upload(visitor, "/Invoices/Upload", sample_ledes())
    assert (reply.status_code, "502 Bad Gateway" in reply.text) == (502, True)
    assert practice.overall()["accepted"] == 1


def test_stall_answers_after_storing(practice):
    visitor = sign_in(practice, "harbor")
    practice.fault("harbor", "stall", seconds=0.3, at="submit")
    started = time.monotonic()
    assert "Invoice accepted" in upload(visitor, "/Invoices/Upload", sample_ledes()).text
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("kind", ["drop_reply", "cut_reply"])
def test_lost_reply_is_stored(practice, kind):
    visitor = sign_in(practice, "harbor")
    practice.fault("harbor", kind)
    with pytest.raises(ConnectionError):
        upload(visitor, "/Invoices/Upload", sample_ledes())
    assert practice.overall()["accepted"] == 1


def test_lost_reply_of_staged_submit(practice):
    visitor = sign_in(practice, "northfork")
    practice.fault("northfork", "drop_reply")
    page = upload(visitor, "/files/new", sample_ledes("northfork-re"), client="NFORK").text
    with pytest.raises(ConnectionError):
        visitor.post("/files/1/submit", data={"authenticity_token": form_token(page)})
    assert practice.overall()["accepted"] == 1


@pytest.mark.parametrize(
    "order", [{"site": "nowhere", "kind": "stall"}, {"site": "harbor", "kind": "flood"}, {"site": "harbor"}, []]
)
def test_refuse_senseless_order(practice, order):
    reply = practice.control.post("/faults", json=order)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_release_one_decision(slow_practice):
    visitor = sign_in(slow_practice, "harbor")
    for number in ("A", "B"):
        upload(visitor, "/Invoices/Upload", sample_ledes(invoice_number=number))
    order = {"site": "harbor", "invoice_number": "A"}
    assert slow_practice.control.post("/decisions/release", json=order).json() == {"released": 1}
    assert visitor.get("/Invoices").text.count(">Pending<") == 1


def test_reset_forgets_everything(practice):
    visitor = sign_in(practice, "harbor")
    upload(visitor, "/Invoices/Upload", sample_ledes())
    practice.fault("harbor", "maintenance")
    practice.control.post("/reset")
    assert practice.overall()["posts"] == 0
    assert visitor.get("/Home").url.path == "/Login"


def test_list_posts_without_bytes(practice):
    upload(sign_in(practice, "harbor"), "/Invoices/Upload", sample_ledes())
    (post,) = practice.control.get("/posts", params={"site": "harbor"}).json()["posts"]
    assert (post["carrier"], post["invoice_number"], post["status"]) == ("harbor-mutual", "INV-1001", "accepted")
    assert (post["total_cents"], post["account"]) == (61500, USERNAME)
    assert "bytes" not in post
    assert practice.control.get("/posts", params={"site": "atlas"}).json() == {"posts": []}
