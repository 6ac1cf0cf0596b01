"""Result mails of a draft: each field refused by its name, and a pasted mail read as it would be."""

import time
from typing import Any

import pytest

from carriers import mail_trial
from carriers.mail_trial import Trial, read_trial
from carriers.profile import load_profile
from carriers.seeds import seed_profiles
from core.errors import DeniedError, InvalidInputError
from core.settings import Settings
from models.enums import Role
from services.sites import profile_mails
from services.sites.profile_mails import Layout
from tests.builders import actor

HEAD = {
    "sender": "results@beacon.example",
    "dkim_domain": "Beacon.example",
    "approved": "Approved",
    "reduced": "Cut\nReduced",
}
LAYOUT = {
    "name": "Decisions",
    "subject": "^Decisions of ",
    "invoice": r"(?P<invoice_number>\S+) was (?P<decision>\w+) at (?P<amount>\$[\d,.]+)",
    "line": r"Line (?P<line>\d+): (?P<reason>.+) (?P<amount>-\$[\d,.]+)",
}
TEXT = "2026-000007 was Cut at $1,200.50\nLine 2: Travel is not paid -$80.00\n2026-000008 was Approved at $10.00\n"
SOURCE = (
    "Authentication-Results: mx.hwr.example; dkim=pass header.d=beacon.example\n"
    "From: Beacon <results@beacon.example>\nSubject: Decisions of today\nContent-Type: text/plain\n\n" + TEXT
)
SETTINGS = Settings(mail_authserv_id="mx.hwr.example")


def described() -> dict[str, Any]:
    seeded = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    return profile_mails.with_layout(profile_mails.with_mail_head(seeded, HEAD), LAYOUT)


def tried(draft: dict[str, Any], mail: str, subject: str = "") -> profile_mails.Reading:
    return profile_mails.try_mail(actor(Role.ADMIN), draft, mail=mail, subject=subject, settings=SETTINGS)


def test_mails_stand_in_the_draft_as_typed_and_make_a_whole_profile():
    draft = described()
    mail = load_profile(draft).result_channel.mail
    assert mail is not None
    assert (mail.sender, mail.dkim_domain) == ("results@beacon.example", "beacon.example")
    assert {word: kind.value for word, kind in mail.decisions.items()} == {
        "Approved": "approved", "Cut": "reduced", "Reduced": "reduced",
    }  # fmt: skip
    head = profile_mails.mail_head(draft)
    assert {kind: words for kind, _, words in head.words}["reduced"] == "Cut\nReduced"
    assert profile_mails.layouts_of(draft) == [Layout(**LAYOUT)]


def test_layouts_are_changed_in_their_place_and_removed():
    draft = profile_mails.with_layout(described(), {**LAYOUT, "name": "Second", "line": ""})
    draft = profile_mails.with_layout(draft, {**LAYOUT, "name": "First"}, at=0)
    assert [one.name for one in profile_mails.layouts_of(draft)] == ["First", "Second"]
    assert [one.name for one in profile_mails.layouts_of(profile_mails.without_layout(draft, 0))] == ["Second"]


def test_nothing_typed_means_that_no_mails_are_read():
    draft = profile_mails.with_mail_head(profile_mails.without_layout(described(), 0), {})
    assert draft["result_channel"]["mail"] is None
    assert load_profile(draft).result_channel.kind == "at_once"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sender": "beacon"}, "Sender: “beacon” is no mail address"),
        ({"dkim_domain": "beacon"}, "Signed by: “beacon” is no domain"),
        ({"rejected": "cut"}, "Words: “cut” stands for two outcomes"),
    ],
)
def test_head_that_is_not_understood_is_named(changes: dict[str, str], said: str):
    with pytest.raises(InvalidInputError, match=said):
        profile_mails.with_mail_head({}, {**HEAD, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Layout: must not be empty"),
        ({"subject": "("}, "Subject: is not a regular expression"),
        ({"invoice": r"(?P<invoice_number>\S+)"}, "Each invoice: 'Decisions' lacks the group decision"),
        ({"invoice": r"(?P<total>\S+)"}, "Each invoice: has the group total, which is not one of"),
        ({"line": r"(?P<line>\d+)"}, "Each line of an invoice: must have the group 'reason'"),
    ],
)
def test_layout_that_is_not_understood_is_named(changes: dict[str, str], said: str):
    with pytest.raises(InvalidInputError) as refused:
        profile_mails.with_layout({}, {**LAYOUT, **changes})
    assert said in refused.value.user_message


def test_a_pasted_source_is_read_and_its_signature_judged():
    read = tried(described(), SOURCE)
    assert (read.layout, read.trust, read.sender) == ("Decisions", "", "results@beacon.example")
    assert [(one.invoice_number, one.outcome, one.approved) for one in read.results] == [
        ("2026-000007", "reduced", "1,200.50"), ("2026-000008", "approved", "10.00"),
    ]  # fmt: skip
    assert read.results[0].reasons == ("Line 2: Travel is not paid, 80.00 taken off",)


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (SOURCE.replace("dkim=pass", "dkim=fail"), "did not find the signature of beacon.example good"),
        (SOURCE.replace("results@", "offers@"), "It comes from offers@beacon.example, not from results@beacon.example"),
        (SOURCE.replace("mx.hwr.example", "mx.other.example"), "says nothing about its signature"),
    ],
)
def test_a_mail_that_would_not_count_is_read_and_says_why(mail: str, said: str):
    trial = Trial(rules=profile_mails.mail_rules(described()), mail=mail, authserv_id="mx.hwr.example")
    read = read_trial(trial)
    assert len(read.results) == 2
    assert said in (read.trust or "")


def test_a_mere_text_is_read_under_its_subject_and_not_judged():
    trial = Trial(
        rules=profile_mails.mail_rules(described()), mail=TEXT, subject="Decisions of today", authserv_id="mx"
    )
    assert (len(read_trial(trial).results), read_trial(trial).trust) == (2, None)
    other = read_trial(trial.model_copy(update={"subject": "Lunch"}))
    assert (other.results, other.layout) == ((), "")
    assert "No layout of the profile fits" in other.unclear[0]


def test_a_draft_that_is_not_whole_says_what_is_missing():
    with pytest.raises(
        InvalidInputError, match="enter the domain that signs, a layout, the carrier's words, and keep it"
    ):
        tried({"result_channel": {"mail": {"sender": "a@b.example"}}}, TEXT)


def test_a_pattern_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail_trial, "_SECONDS", 2.0)
    endless = {**LAYOUT, "invoice": r"(?P<invoice_number>(?:\w+\s?)+)!(?P<decision>x)"}
    draft = profile_mails.with_layout(profile_mails.with_mail_head({}, HEAD), endless)
    begun = time.monotonic()
    with pytest.raises(InvalidInputError, match="was still searching this mail"):
        tried(draft, "word " * 40, "Decisions of today")
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("mail", ["", " \n", "x" * (mail_trial.LONGEST + 1)])
def test_try_wants_one_mail_of_a_sensible_size(mail: str):
    with pytest.raises(InvalidInputError, match="Paste one mail"):
        tried(described(), mail)


def test_try_is_the_administrators():
    with pytest.raises(DeniedError):
        profile_mails.try_mail(actor(Role.BILLER), described(), mail=TEXT, subject="", settings=SETTINGS)
