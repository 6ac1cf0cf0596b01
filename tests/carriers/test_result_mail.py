"""What the practice carriers' mails say is read by the patterns of their seeded profiles; other mails are not."""

from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from email.utils import formatdate

import pytest

from carriers.exchange import SiteFinding
from carriers.profile import InvalidProfileError, load_profile
from carriers.result_mail import mail_text, read_result_mail
from carriers.result_outcomes import ResultOutcome
from carriers.seeds import seed_profiles
from sandbox.portals.bill import Finding
from sandbox.portals.mail import enveloped, letter_of
from sandbox.portals.review import Review, ReviewedLine
from sandbox.portals.sample_world import sample_world
from sandbox.portals.store import NewPost, Store
from sandbox.portals.world import parse_world

TIDEWATER, CASCADIA = "tidewater-marine", "cascadia-farm-mutual"
AT_MS = 1_795_000_000_000
CUT = "Timekeeper rate exceeds the negotiated rate of $250.00/hr"


@pytest.fixture
def told(tmp_path):
    """Return the mail that a carrier writes about invoices of $1,500.00, decided so."""
    store, world = Store(tmp_path), parse_world(sample_world())

    def written(slug, *decisions, cut=0, problems=()):
        carrier = world.carriers[slug]
        posts = [_post(store, slug, f"INV-{at}", decision, cut, problems) for at, decision in enumerate(decisions, 1)]
        letter = letter_of(carrier, carrier.mail, posts, AT_MS)
        return enveloped(letter, carrier.mail, "<1@x.example>", formatdate(AT_MS / 1000), "pass")

    yield written
    store.close()


def _post(store, slug, number, decision, cut, problems):
    new = NewPost(
        "site", slug, "CLIENT", "me", f"{number}.txt", b"", "staged", AT_MS, AT_MS, number, "2024-1", "TM.1", 150_000,
        tuple(problems),
    )  # fmt: skip
    post_id = store.add(new)
    line = ReviewedLine("3", date(2026, 10, 15).isoformat(), "Work", 150_000, cut, CUT if cut else "")
    store.accept(post_id, receipt="R-1", decide_ms=AT_MS, review=Review(decision, (line,)))
    return store.post(post_id, "site")


def read(slug, message):
    return read_result_mail(seed_profiles()[slug].result_channel.mail, message)


@pytest.mark.parametrize("slug", [TIDEWATER, CASCADIA])
@pytest.mark.parametrize("kind", [ResultOutcome.APPROVED, ResultOutcome.REDUCED, ResultOutcome.DISPUTED])
def test_read_what_a_carrier_decided(told, slug, kind):
    reading = read(slug, told(slug, kind.value, cut=0 if kind is ResultOutcome.APPROVED else 4_000))
    [said] = reading.results
    assert (said.invoice_number, said.outcome, reading.unclear) == ("INV-1", kind, ())
    if kind is ResultOutcome.APPROVED:
        assert (said.approved_amount, said.findings) == (Decimal("1500.00"), ())
    else:
        assert said.approved_amount == Decimal("1460.00")
        assert said.findings == (SiteFinding("3", "", CUT, Decimal("40.00")),)


@pytest.mark.parametrize("slug", [TIDEWATER, CASCADIA])
def test_read_why_a_file_was_returned(told, slug):
    problem = Finding(None, "CLIENT_MATTER_ID", "Claim number X does not match matter 2024-1.")
    [said] = read(slug, told(slug, "rejected", problems=[problem])).results
    assert (said.outcome, said.approved_amount) == (ResultOutcome.REJECTED, Decimal(0))
    assert said.findings == (SiteFinding(None, "", problem.text),)


def test_read_every_invoice_of_a_digest_from_its_text_or_its_table(told):
    message = told(CASCADIA, "approved", "approved", "approved")
    assert [one.invoice_number for one in read(CASCADIA, message).results] == ["INV-1", "INV-2", "INV-3"]
    html = EmailMessage()
    html.set_content(message.get_body(("html",)).get_content(), subtype="html")
    assert "INV-2 | TM.1 | $1,500.00 | $1,500.00 | Paid in full" in mail_text(html).splitlines()


def test_read_nothing_from_a_mail_of_another_layout(told):
    reading = read(TIDEWATER, told(CASCADIA, "approved"))
    assert reading.results == ()
    assert reading.unclear[0].startswith("No layout of the profile fits the mail 'Cascadia Farm Mutual: 1 invoice")


def test_read_says_which_word_it_does_not_know(told):
    message = told(TIDEWATER, "approved")
    message.set_content(message.get_content().replace("Approved\n", "Escalated\n"))
    reading = read(TIDEWATER, message)
    assert reading.results == ()
    assert "'Escalated' about invoice 'INV-1'" in reading.unclear[0]


def test_text_of_html_leaves_styles_out_and_joins_cells():
    message = EmailMessage()
    message.set_content(
        "<html><head><title>x</title><style>p {}</style></head><body><p>Dear&nbsp;Counsel,<br>see below</p>"
        "<table><tr><td>A</td><td></td><td> b  c </td></tr></table></body></html>",
        subtype="html",
    )
    assert mail_text(message).splitlines() == ["Dear Counsel,", "see below", "A | b c"]


def test_text_of_a_mail_without_a_body_is_empty():
    message = EmailMessage()
    message.add_attachment(b"x", maintype="application", subtype="pdf")
    assert mail_text(message) == ""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"subject": "("}, "is not a regular expression"),
        ({"invoice": "(?P<who>x)"}, "has the group who, which is not one of"),
        ({"invoice": "(?P<decision>x)"}, "lacks the group invoice_number"),
        ({"line": "(?P<line>x)"}, "must have the group 'reason'"),
    ],
)
def test_load_names_what_is_wrong_with_a_pattern(change, problem):
    broken = seed_profiles()[TIDEWATER].model_dump(mode="json")
    broken["result_channel"]["mail"]["patterns"][0] |= change
    with pytest.raises(InvalidProfileError) as invalid:
        load_profile(broken)
    assert any(problem in what and "result_channel.mail.patterns.0" in where for where, what in invalid.value.problems)


def test_load_wants_mails_described_where_they_are_the_channel():
    broken = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    broken["result_channel"] |= {"kind": "e_mail"}
    with pytest.raises(InvalidProfileError, match="wants a description of its mails"):
        load_profile(broken)


def test_channel_never_looks_on_a_site_that_mails():
    channels = {slug: profile.result_channel for slug, profile in seed_profiles().items()}
    assert channels[TIDEWATER].look_after_ms() is None
    assert channels["summit-national"].look_after_ms(0.5) == 30_000
