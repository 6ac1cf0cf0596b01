"""Platform 6 as a visitor meets it: received, and no more; the result is a mail in the firm's Maildir."""

import email
import mailbox
from email.policy import default

import pytest

from sandbox.portals.sample_world import PASSWORD, USERNAME, SampleLine, sample_ledes
from tests.sandbox.visitors import form_token

CARRIERS = {"tidewater": "tidewater-marine", "cascadia": "cascadia-farm-mutual"}
WORK = SampleLine()
VAGUE = SampleLine(narrative="File review", units="2.0")


def log_on(practice, slug, password=PASSWORD):
    visitor = practice.visitor(slug)
    visitor.answer = visitor.post("/Account/LogOn", data={"uid": USERNAME, "pwd": password})
    return visitor


def hand_in(visitor, slug, number="INV-1001", lines=(WORK,), by_mail="yes", **changed):
    data = sample_ledes(CARRIERS[slug], number, lines, **changed)
    token = form_token(visitor.get("/Intake/New").text)
    fields = {"token": token, "by_mail": by_mail}
    return visitor.post("/Intake/New", data=fields, files={"file": (f"{number}.txt", data)})


def mails(practice):
    box = mailbox.Maildir(practice.portals.post_office.folder)
    raw = [box.get_bytes(key) for key in sorted(box.keys())]
    return sorted(
        (email.message_from_bytes(one, policy=default) for one in raw), key=lambda message: message["Message-ID"]
    )


def release(practice):
    practice.control.post("/decisions/release")


@pytest.mark.parametrize(
    ("slug", "thanks", "receipt"),
    [("tidewater", "Your invoice has been received.", "TMU/"), ("cascadia", "Received with thanks", "CFM 30001")],
)
def test_site_says_received_for_ever(slow_practice, slug, thanks, receipt):
    visitor = log_on(slow_practice, slug)
    page = hand_in(visitor, slug).text
    assert thanks in page
    assert f'<b id="confirmation">{receipt}' in page
    release(slow_practice)
    assert '<td class="r-status">Received</td>' in visitor.get("/Intake/Status?invoice=INV-1001").text
    assert '<span id="detail-status">Received</span>' in visitor.get("/Intake/Status/1").text
    assert visitor.get("/Intake/Status/2").status_code == 404


def test_mail_comes_with_the_decision_once(slow_practice):
    hand_in(log_on(slow_practice, "tidewater"), "tidewater", lines=[VAGUE])
    assert mails(slow_practice) == []
    release(slow_practice)
    release(slow_practice)
    [mail] = mails(slow_practice)
    assert mail["From"] == "Tidewater Bill Review <billreview@tidewater-marine.example>"
    assert mail["Authentication-Results"].startswith(
        "mx.hwr.example; dkim=pass header.d=tidewater-marine.example header.s=s1;"
    )
    assert mail["Subject"] == "Invoice INV-1001 - Review Complete - UNDER DISPUTE"
    text = mail.get_content()
    assert "    Amount Approved:    $285.00" in text
    assert "  Line 1         -$285.00   Line item description contains a charge matching" in text


def test_digest_tells_several_and_a_table_tells_the_reduced_one(slow_practice):
    visitor = log_on(slow_practice, "cascadia")
    for number, lines in (("INV-1", [SampleLine()]), ("INV-2", [SampleLine(), VAGUE]), ("INV-3", [SampleLine()])):
        hand_in(visitor, "cascadia", number, lines)
    release(slow_practice)
    digest, table = mails(slow_practice)
    assert digest["Subject"].startswith("Cascadia Farm Mutual: 2 invoices processed ")
    assert [part.get_content_type() for part in digest.iter_parts()] == ["text/plain", "text/html"]
    assert "INV-2" not in digest.get_body(("plain",)).get_content()
    assert table["Subject"] == "Explanation of Reductions: INV-2 (CLM-CASCAD-1)"
    assert table.get_content_type() == "text/html"
    assert "<td>-$285.00</td>" in table.get_content()
    told = slow_practice.control.get("/mails").json()["mails"]
    assert {one["invoice_number"]: one["decision"] for one in told} == {
        "INV-1": "approved",
        "INV-2": "reduced",
        "INV-3": "approved",
    }
    assert len({one["message_id"] for one in told}) == 2


def test_digest_waits_for_further_invoices(practice):
    visitor = log_on(practice, "cascadia")
    hand_in(visitor, "cascadia", "INV-1")
    assert practice.control.get("/mails").json()["mails"] == []
    practice.control.post("/decisions/release", json={"advance_seconds": 6})
    assert len(mails(practice)) == 1


def test_fault_of_the_file_is_told_by_mail(practice):
    visitor = log_on(practice, "tidewater")
    assert "has been received" in hand_in(visitor, "tidewater", client_matter_id="X").text
    release(practice)
    [mail] = mails(practice)
    assert "RETURNED UNPAID" in mail["Subject"]
    assert "Line -            $0.00   Claim number X does not match matter TIDEWT-1." in mail.get_content()
    assert practice.overall()["accepted"] == 1


def test_unreadable_file_and_no_consent_are_not_received(practice):
    visitor = log_on(practice, "tidewater")
    assert "Tick the box" in hand_in(visitor, "tidewater", by_mail="").text
    assert practice.overall()["posts"] == 0
    assert "could not be read as an invoice" in hand_in(visitor, "tidewater", invoice_date="soon").text
    assert practice.overall()["refused"] == 1


def test_forged_and_repeated_mails_are_ordered(practice):
    visitor = log_on(practice, "tidewater")
    practice.fault("tidewater", "forged_mail")
    practice.fault("tidewater", "repeated_mail")
    hand_in(visitor, "tidewater", "INV-1")
    release(practice)
    hand_in(visitor, "tidewater", "INV-2")
    release(practice)
    first, again, last = mails(practice)
    assert first["Message-ID"] == again["Message-ID"] != last["Message-ID"]
    assert "dkim=fail" in first["Authentication-Results"]
    assert "dkim=pass" in last["Authentication-Results"]


def test_post_twice_is_stored_twice(practice):
    visitor = log_on(practice, "tidewater")
    for _ in range(2):
        hand_in(visitor, "tidewater")
    assert practice.overall()["duplicates"] == 1


def test_reset_lets_a_number_be_told_again(practice):
    for _ in range(2):
        hand_in(log_on(practice, "tidewater"), "tidewater")
        release(practice)
        practice.control.post("/reset")
    assert len(mails(practice)) == 2


def test_change_layout_of_the_form(practice):
    visitor = log_on(practice, "tidewater")
    practice.fault("tidewater", "change_layout", count=0)
    page = visitor.get("/Intake/New").text
    assert 'id="intake-form"' not in page
    assert ">Hand in<" in page
    assert "has been received" in hand_in(visitor, "tidewater").text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("maintenance", "closed for maintenance"),
        ("server_error", "Reference 500."),
        ("challenge", "confirm you are not an automated program"),
        ("expired_password", "older than 90 days"),
        ("locked", "This user ID is locked."),
    ],
)
def test_fault_at_log_in_strikes_once(practice, kind, said):
    practice.fault("tidewater", kind, at="login")
    assert said in log_on(practice, "tidewater").answer.text
    assert log_on(practice, "tidewater").answer.url.path == "/Intake"


@pytest.mark.parametrize(
    ("slug", "bad", "locked"),
    [
        ("tidewater", "We do not recognize this user ID", "This user ID is locked."),
        ("cascadia", "Wrong user name or password.", "This user name is blocked."),
    ],
)
def test_lock_after_three_failures(practice, slug, bad, locked):
    said = [log_on(practice, slug, "wrong").answer.text for _ in range(3)]
    assert bad in said[1]
    assert locked in said[2]


@pytest.mark.parametrize("kind", ["drop_reply", "end_session"])
def test_faults_at_the_post(practice, kind):
    visitor = log_on(practice, "tidewater")
    practice.fault("tidewater", kind, at="submit")
    if kind == "drop_reply":
        with pytest.raises(ConnectionError):
            hand_in(visitor, "tidewater")
    else:
        assert hand_in(visitor, "tidewater").url.path == "/Account/LogOn"
    assert practice.overall()["accepted"] == (kind == "drop_reply")
