"""Platform 4 as a visitor meets it: frames, a window for the file, typed numbers, Latin-1, sessions that run out."""

import pytest

from sandbox.portals.sample_world import PASSWORD, USERNAME, sample_ledes
from tests.sandbox.visitors import form_token

SITES = {
    "laurentian": ("laurentian-mutual", "LAUREN"),
    "redwood": ("redwood-assurance", "REDWD"),
    "blueridge": ("blue-ridge-casualty", "BLURDG"),
}


def log_on(practice, slug, password=PASSWORD):
    visitor = practice.visitor(slug)
    visitor.answer = visitor.post("/desk/logon", data={"userid": USERNAME, "passwd": password})
    return visitor


def attach(visitor, data, name="INV-1001.txt"):
    token = form_token(visitor.get("/desk/attach").text)
    return visitor.post("/desk/attach", data={"token": token}, files={"ledesFile": (name, data)})


def send(visitor, slug, **typed):
    client = SITES[slug][1]
    numbers = {"matterNo": f"{client}-1", "claimNo": f"CLM-{client}-1"} | typed
    return visitor.post("/desk/submit", data={"token": form_token(visitor.get("/desk/attach").text)} | numbers)


@pytest.fixture
def laurentian(practice):
    return log_on(practice, "laurentian")


def test_log_on_opens_frames(laurentian):
    assert laurentian.answer.url.path == "/desk"
    assert '<frame name="work" src="/desk/welcome">' in laurentian.answer.text
    assert "Signed on as <b>hwr-billing</b>" in laurentian.get("/desk/welcome").text


@pytest.mark.parametrize(
    ("slug", "heading", "receipt"),
    [
        ("laurentian", "Facture reçue · Invoice received", "N° LM-"),
        ("redwood", "Invoice received", "RA/000001-"),
        ("blueridge", "Your invoice has been logged", "BRC."),
    ],
)
def test_submit_shows_a_receipt_in_the_words_of_each_site(practice, slug, heading, receipt):
    visitor = log_on(practice, slug)
    assert '<p id="attachedName">INV-1001.txt</p>' in attach(visitor, sample_ledes(SITES[slug][0])).text
    page = send(visitor, slug).text
    assert heading in page
    assert f'<td id="resultReceipt">{receipt}' in page
    assert practice.overall()["accepted"] == 1


def test_pages_are_latin_1(laurentian):
    attach(laurentian, sample_ledes("laurentian-mutual"))
    answer = send(laurentian, "laurentian")
    assert answer.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert "reçue".encode("latin-1") in answer.content
    assert "reçue".encode() not in answer.content


def test_file_alone_is_not_sent(practice, laurentian):
    attach(laurentian, sample_ledes("laurentian-mutual"))
    assert practice.overall()["posts"] == 0
    laurentian.get("/desk/submit")
    assert "No file is attached." in send(laurentian, "laurentian").text
    assert "Choose a file first." in laurentian.post("/desk/attach", data={"token": "guess"}).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"matterNo": "LAUREN-9"}, "Matter number as typed is not the one in the file, LAUREN-1."),
        ({"claimNo": ""}, "Claim number as typed is not the one in the file, CLM-LAUREN-1."),
    ],
)
def test_refuse_numbers_typed_otherwise_than_in_the_file(practice, laurentian, typed, said):
    attach(laurentian, sample_ledes("laurentian-mutual"))
    page = send(laurentian, "laurentian", **typed).text
    assert "Facture refusée" in page
    assert said in page
    assert practice.overall()["refused"] == 1


def test_list_and_detail(laurentian):
    for number in ("INV-1", "INV-2"):
        attach(laurentian, sample_ledes("laurentian-mutual", number))
        send(laurentian, "laurentian")
    page = laurentian.get("/desk/inquiry?invoiceNo=INV-2").text
    assert page.count('<tr class="row">') == 1
    assert 'name="invoiceNo" value="INV-2"' in page
    assert "No invoices on file" in laurentian.get("/desk/inquiry?invoiceNo=INV-3").text
    detail = laurentian.get("/desk/invoice/2").text
    assert '<td id="factStatus">Approved</td>' in detail
    assert laurentian.get("/desk/invoice/9").status_code == 404


def test_post_twice_is_stored_twice(practice, laurentian):
    for _ in range(2):
        attach(laurentian, sample_ledes("laurentian-mutual"))
        send(laurentian, "laurentian")
    assert practice.overall()["duplicates"] == 1


def test_session_ends_after_minutes_without_a_move(practice, laurentian):
    def minutes_pass(minutes):
        practice.control.post("/decisions/release", json={"advance_seconds": 60 * minutes})

    for _ in range(3):
        minutes_pass(9)
        assert "Signed on as" in laurentian.get("/desk/welcome").text
    minutes_pass(11)
    page = laurentian.get("/desk/welcome")
    assert "ended after 10 minutes without activity" in page.text
    assert page.url.path == "/desk/welcome"
    assert laurentian.get("/desk").url.path == "/desk/logon"


def test_ended_session_is_told_inside_the_frame(practice, laurentian):
    practice.fault("laurentian", "end_session", at="submit")
    attach(laurentian, sample_ledes("laurentian-mutual"))
    assert '<p id="sessionEnded"' in send(laurentian, "laurentian").text
    assert practice.overall()["posts"] == 0


def test_change_layout_of_form_and_window(practice, laurentian):
    practice.fault("laurentian", "change_layout", count=0)
    form, window = laurentian.get("/desk/submit").text, laurentian.get("/desk/attach").text
    assert 'id="invoiceForm"' not in form
    assert 'id="attachForm"' not in window
    assert "Transmit to client" in form
    attach(laurentian, sample_ledes("laurentian-mutual"))
    assert "Invoice received" in send(laurentian, "laurentian").text


def test_lost_reply_is_stored(practice, laurentian):
    attach(laurentian, sample_ledes("laurentian-mutual"))
    practice.fault("laurentian", "drop_reply")
    with pytest.raises(ConnectionError):
        send(laurentian, "laurentian")
    assert practice.overall()["accepted"] == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("maintenance", "out of service for nightly maintenance"),
        ("server_error", "Application error 9005"),
        ("challenge", "Type the characters in the picture"),
        ("expired_password", "Your password has expired."),
        ("locked", "Accès bloqué"),
    ],
)
def test_fault_at_log_in_strikes_once(practice, kind, said):
    practice.fault("laurentian", kind, at="login")
    assert said in log_on(practice, "laurentian").answer.text
    assert log_on(practice, "laurentian").answer.url.path == "/desk"


@pytest.mark.parametrize(
    ("slug", "bad", "locked"),
    [
        ("laurentian", "mot de passe incorrect", "Accès bloqué"),
        ("redwood", "Invalid user ID or password.", "User ID revoked after 3 invalid attempts."),
        ("blueridge", "Logon failed.", "Your logon has been suspended."),
    ],
)
def test_lock_after_three_failures(practice, slug, bad, locked):
    said = [log_on(practice, slug, "wrong").answer.text for _ in range(3)]
    assert bad in said[1]
    assert locked in said[2]
    assert locked in log_on(practice, slug).answer.text
