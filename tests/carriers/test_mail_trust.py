"""A From counts only by the word of our own mail server on the signature of the carrier's domain."""

import pytest

from carriers.mail_trust import judge, sender_of
from tests.builders import result_mail

OWN = "mx.hwr.example"


def verdict_on(*verdicts: str, **mail):
    message = result_mail("x", verdict="", **mail)
    for verdict in verdicts:
        message["Authentication-Results"] = verdict
    return judge(message, dkim_domain="carrier.example", authserv_id=OWN)


@pytest.mark.parametrize(
    "verdict",
    [
        "mx.hwr.example; dkim=pass header.d=carrier.example",
        'MX.HWR.example 1; spf=fail; DKIM=Pass (2048-bit key; "x") header.i=@x header.d=Carrier.Example',
        "mx.hwr.example;  dkim=fail header.d=list.example;  dkim=pass header.d=carrier.example header.s=s1",
        "mx.hwr.example; dkim/1 = pass (a (nested) comment) header.d = carrier.example",
    ],
)
def test_judge_trusts_our_servers_good_word(verdict):
    assert verdict_on(verdict).is_trusted


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ([], "says nothing about its signature"),
        (["mx.evil.example; dkim=pass header.d=carrier.example"], "says nothing"),
        (["mx.hwr.example.evil.example; dkim=pass header.d=carrier.example"], "says nothing"),
        (["evil mx.hwr.example; dkim=pass header.d=carrier.example"], "says nothing"),
        (["mx.hwr.example; spf=pass smtp.mailfrom=carrier.example"], "says nothing"),
        (["mx.hwr.example; none"], "says nothing"),
        (["mx.hwr.example; dkim=fail header.d=carrier.example"], "(dkim: fail)"),
        (["mx.hwr.example; dkim=none"], "(dkim: none)"),
        (["mx.hwr.example; dkim=passed header.d=carrier.example"], "(dkim: passed)"),
        (["mx.hwr.example; dkim=pass header.d=evil.example"], "signed by evil.example, not by carrier.example"),
        (["mx.hwr.example; dkim=pass header.d=carrier.example.evil.example"], "not by carrier.example"),
        (["mx.hwr.example; dkim=pass header.d=evilcarrier.example"], "not by carrier.example"),
        (["mx.hwr.example; dkim=pass header.from=carrier.example"], "did not find"),
        (["mx.hwr.example; dmarc=pass header.d=carrier.example; dkim=fail"], "(dkim: fail)"),
        (['mx.hwr.example; dkim=fail reason="; dkim=pass header.d=carrier.example"'], "(dkim: fail)"),
        (["mx.hwr.example; dkim=fail (; dkim=pass header.d=carrier.example)"], "(dkim: fail)"),
        (["mx.hwr.example; dkim=fail (; dkim=pass header.d=carrier.example"], "not understood"),
    ],
)
def test_judge_trusts_nothing_else(verdicts, why):
    found = verdict_on(*verdicts)
    assert not found.is_trusted
    assert why in found.why_not


def test_judge_believes_the_topmost_header_of_our_server_and_none_that_the_mail_brought_along():
    good, bad = (
        "mx.hwr.example; dkim=pass header.d=carrier.example",
        "mx.hwr.example; dkim=fail header.d=carrier.example",
    )
    assert not verdict_on(bad, good).is_trusted
    assert verdict_on(good, bad).is_trusted
    assert verdict_on("mx.hwr.example; spf=pass", good).is_trusted


def test_judge_wants_one_sender():
    message = result_mail("x")
    del message["From"]
    assert judge(message, dkim_domain="carrier.example", authserv_id=OWN).why_not == (
        "It has not exactly one sender in its From."
    )
    message["From"] = "a@carrier.example, b@evil.example"
    assert sender_of(message) == ""


def test_sender_is_the_address_and_never_the_name_beside_it():
    assert sender_of(result_mail("x", sender="Someone@Evil.example")) == "someone@evil.example"
    message = result_mail("x")
    message.replace_header("From", '"results@carrier.example" <b@evil.example>')
    assert sender_of(message) == "b@evil.example"
