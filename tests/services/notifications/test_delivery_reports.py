"""Reports as mail servers write them: whom, whether for good, why, and about which mail; and what is none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivery_reports import ReportAction, read_delivery_report

REPORTS = Path(__file__).parent / "reports"
ADDRESS, MESSAGE_ID = "ann.reyes@hwr.example", "<Zk3_x-9@hwr.example>"


def sample(name: str, address: str = ADDRESS, message_id: str = MESSAGE_ID) -> bytes:
    text = (REPORTS / f"{name}.eml").read_text(encoding="utf-8")
    text = text.replace("{address}", address).replace("{message_id}", message_id)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("postfix-failed", "5.1.1", "User unknown in local recipient table"),
        ("exchange-failed", "5.1.10", "RecipientNotFound"),
        ("gmail-failed", "5.1.1", "does not exist"),
        ("sendmail-failed", "5.2.1", "is disabled"),
        ("exim-plain-failed", "5.0.0", "No such user here"),
        ("qmail-failed", "5.1.1", "unknown user"),
        ("international-failed", "5.1.1", "Unbekannter Empfänger"),
    ],
)
def test_read_a_failure_for_good(name, status, said):
    report = read_delivery_report(sample(name))
    assert report is not None
    assert MESSAGE_ID in report.message_ids
    [one] = report.recipients
    assert (one.address, one.action, one.status) == (ADDRESS, ReportAction.FAILED, status)
    assert one.is_permanent
    assert one.is_about(ADDRESS.upper())
    assert said in one.text
    assert one.sentence.startswith(status)
    assert "\n" not in one.sentence


@pytest.mark.parametrize(
    ("name", "action", "status"),
    [
        ("postfix-delayed", ReportAction.DELAYED, "4.4.1"),
        ("postfix-expired", ReportAction.FAILED, "4.4.1"),
        ("postfix-delivered", ReportAction.DELIVERED, "2.1.5"),
    ],
)
def test_read_what_is_no_failure_for_good(name, action, status):
    report = read_delivery_report(sample(name))
    assert report is not None
    [one] = report.recipients
    assert (one.action, one.status, one.is_permanent) == (action, status, False)
    assert report.message_ids == (MESSAGE_ID,)


@pytest.mark.parametrize("name", ["out-of-office", "read-receipt"])
def test_read_no_report_in_other_answers(name):
    assert read_delivery_report(sample(name)) is None


def test_read_whom_a_mail_was_forwarded_to():
    raw = sample("postfix-failed", address="private@elsewhere.example")
    original = b"Original-Recipient: rfc822;private@elsewhere.example\r\n"
    [one] = read_delivery_report(raw.replace(original, b"")).recipients
    assert not one.is_about(ADDRESS)
    first = f"Original-Recipient: rfc822;{ADDRESS}\r\n".encode()
    [one] = read_delivery_report(raw.replace(original, first)).recipients
    assert one.is_about(ADDRESS)


def test_read_a_report_on_several_recipients():
    raw = sample("postfix-failed").replace(
        b"\r\n--4XyZ0.1764425520/mx.hwr.example\r\nContent-Description: Undelivered",
        b"\r\nFinal-Recipient: rfc822; bob@hwr.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
        b"\r\n--4XyZ0.1764425520/mx.hwr.example\r\nContent-Description: Undelivered",
    )
    found = read_delivery_report(raw)
    assert [one.address for one in found.recipients] == [ADDRESS, "bob@hwr.example"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff\xfe", b"Subject: hello\r\n\r\nhello", b"Content-Type: multipart/report\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n\r\n\r\nAction: exploded\r\n\r\n",
        b"Content-Type: message/global-delivery-status\r\n\r\n\xff\xff\r\n\r\nAction: failed",
        b"X-Failed-Recipients: , ,\r\n\r\nhello",
    ],
)  # fmt: skip
def test_read_nothing_in_what_is_broken(raw):
    assert read_delivery_report(raw) is None


NAMES = sorted(path.stem for path in REPORTS.glob("*.eml"))


@given(st.sampled_from(NAMES), st.data())
def test_read_damaged_reports_without_an_error(name, data):
    raw = bytearray(sample(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["cut", "byte", "double"]))
        if change == "cut":
            del raw[at : at + data.draw(st.integers(1, 400))]
        elif change == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        else:
            raw[at:at] = raw[: data.draw(st.integers(1, 300))]
        if not raw:
            raw = bytearray(b"x")
    found = read_delivery_report(bytes(raw))
    assert found is None or (found.message_ids and found.recipients)
