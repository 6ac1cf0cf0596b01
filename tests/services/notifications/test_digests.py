"""What messages say: by kind with counts, a link to each row, safe in HTML and chat, short on a phone, no narrative."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from adapters.mailer import OutboxMailer
from core.clock import now
from core.errors import InvalidInputError
from core.settings import Settings
from models.enums import NoticeKind
from services.notices import NoticeRow
from services.notifications.digests import MOST_LINES, compose
from services.notifications.mails import Reader, digest_mail, new_message_id, self_test_mail
from services.notifications.short_texts import chat_blocks, escaped, phone_text, plain_blocks

K = NoticeKind
URL = "https://billing.hwr.example"
SETTINGS = Settings(public_url=URL)
READER = Reader(
    "Ann Reyes",
    "ann@hwr.example",
    f"{URL}/unsubscribe/all-token",
    (("Proformas to review", f"{URL}/unsubscribe/kind-token"),),
    f"{URL}/unsubscribe/one-click-token",
)


def row(number: int = 7, kind: NoticeKind = K.PROFORMA_WAITS, subject: str = "2026-0012 Baker v. Hale") -> NoticeRow:
    return NoticeRow(number, kind, "proforma", number, subject, "", "x", now(), None, number)


def mail(*rows: NoticeRow, reader: Reader = READER):
    return digest_mail(compose(rows, URL), reader, "<1@hwr.example>", SETTINGS)


def parts(message):
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


def test_compose_groups_by_kind_with_counts_the_most_pressing_first():
    digest = compose([row(1, K.MENTIONED), row(2), row(3), row(4, K.PROFORMA_ESCALATED)], URL)
    assert [group.counted for group in digest.groups] == [
        "2 proformas to review",
        "1 proforma that waited too long",
        "1 comment for you",
    ]
    assert digest.subject == "2 proformas to review, 1 proforma that waited too long, 1 comment for you"


def test_compose_one_notice_says_it_in_the_subject():
    digest = compose([row()], URL)
    assert digest.subject == "2026-0012 Baker v. Hale waits for your review"
    assert digest.first.url == f"{URL}/proforma/7"


def test_compose_names_three_kinds_and_counts_the_rest():
    kinds = [K.PROFORMA_WAITS, K.PROFORMA_RETURNED, K.MENTIONED, K.HOLD_ENDS, K.REPORT_READY]
    digest = compose([row(number, kind) for number, kind in enumerate(kinds, 1)], URL)
    assert digest.subject.endswith(", 2 more")


def test_compose_shows_some_of_many_and_leads_to_the_rest():
    digest = compose([row(number) for number in range(1, 41)], URL)
    [group] = digest.groups
    assert (len(group.lines), group.more, group.counted) == (MOST_LINES, 40 - MOST_LINES, "40 proformas to review")
    assert group.more_url == f"{URL}/notifications?kind=proforma_waits"


def test_mail_says_the_same_in_text_and_html():
    message = mail(row(1), row(2, K.MENTIONED))
    for body in parts(message):
        for words in ("2 things for you", f"{URL}/proforma/1", f"{URL}/proforma/2", "waits for your review"):
            assert words in body
        assert f"{URL}/unsubscribe/all-token" in body
        assert f"{URL}/unsubscribe/kind-token" in body
    assert "1 proforma to review" in parts(message)[1]
    assert "1 PROFORMA TO REVIEW" in parts(message)[0]


def test_mail_text_reads_well_line_by_line():
    text, _ = parts(mail(row()))
    assert text.splitlines()[:7] == [
        "One thing for you",
        "",
        "1 PROFORMA TO REVIEW",
        "",
        "* 2026-0012 Baker v. Hale waits for your review",
        "  Its proforma was sent to you.",
        f"  {URL}/proforma/7",
    ]


def test_mail_escapes_what_stands_in_names():
    _, html = parts(mail(row(subject='2026-0013 <script>alert(1)</script> & "Sons"')))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_mail_needs_no_pictures_and_knows_light_and_dark():
    _, html = parts(mail(row()))
    assert "<img" not in html
    assert "url(" not in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert '<html lang="en">' in html


def test_mail_links_lead_nowhere_but_to_the_portal():
    for body in parts(mail(row(1), row(2, K.MENTIONED))):
        assert set(re.findall(r"https?://[^/\"\s]+", body)) == {URL}


def test_mail_is_ended_by_one_click():
    message = mail(row())
    assert message["List-Unsubscribe"] == f"<{URL}/unsubscribe/one-click-token>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_says_that_a_machine_wrote_it():
    message = mail(row())
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_mail_keeps_its_subject_on_one_line():
    message = mail(row(subject="2026-0014 A\r\nBcc: eve@evil.example\r\n" + "long " * 60))
    assert "\n" not in message["Subject"]
    assert len(message["Subject"]) <= 150
    assert "Bcc" not in message


def test_mail_to_no_address_is_refused():
    with pytest.raises(InvalidInputError, match="The notice stands in the portal"):
        mail(row(), reader=Reader("Ann", "no address", URL))


def test_mail_to_a_name_of_any_letters_arrives_whole(tmp_path):
    reader = Reader("Zoë, 'Ann' <Reyes> \"漢\"", "ann@hwr.example", URL)
    OutboxMailer(tmp_path).send(mail(row(subject="2026-0015 Müller·Krüger"), reader=reader))
    [path] = tmp_path.glob("*.eml")
    found = message_from_bytes(path.read_bytes(), policy=default)
    assert found["To"].addresses[0].addr_spec == "ann@hwr.example"
    assert "Müller·Krüger waits" in found["Subject"]
    assert "Müller·Krüger" in parts(found)[0]


def test_test_mail_is_short_and_has_nothing_to_end():
    message = self_test_mail(READER, "<1@hwr.example>", SETTINGS)
    assert "This is the test that you asked for." in parts(message)[0]
    assert "List-Unsubscribe" not in self_test_mail(Reader("Ann", "a@b.example", URL), "<1@x>", SETTINGS)


def test_message_ids_are_never_guessed():
    found = {new_message_id(SETTINGS) for _ in range(100)}
    assert len(found) == 100
    assert all(re.fullmatch(r"<[\w-]{43}@hwr\.example>", one) for one in found)


def test_phone_text_leads_to_the_row_of_one_and_to_the_list_of_many():
    assert phone_text(compose([row()], URL)) == (
        f"Billing: 2026-0012 Baker v. Hale waits for your review. {URL}/proforma/7"
    )
    assert phone_text(compose([row(1), row(2)], URL)) == f"Billing: 2 proformas to review. {URL}/notifications"


def test_phone_text_is_short_whatever_the_name():
    text = phone_text(compose([row(subject="2026-0012 " + "x" * 500)], URL))
    assert len(text) <= 300
    assert text.endswith(f"…. {URL}/proforma/7")


def test_chat_blocks_link_each_row_under_its_kind():
    [block] = chat_blocks(compose([row()], URL))
    assert block["text"]["text"].splitlines() == [
        "*1 proforma to review*",
        f"• <{URL}/proforma/7|2026-0012 Baker v. Hale waits for your review>  Its proforma was sent to you.",
    ]


def test_chat_blocks_know_no_marks_in_names():
    [block] = chat_blocks(compose([row(subject="<!channel> *Baker* & <https://evil.example|Co>")], URL))
    text = block["text"]["text"]
    assert "<!channel>" not in text
    assert "&lt;!channel&gt;" in text
    assert text.count("<") == 1
    assert escaped("a_b").replace("\u200b", "") == "a_b"


def test_chat_blocks_stay_within_what_slack_takes():
    many = [row(number, kind, "n" * 150) for kind in NoticeKind for number in range(1, 31) if kind is not K.APPEAL_DUE]
    blocks = chat_blocks(compose([one for one in many if one.kind is not K.PASSWORD_EXPIRES], URL))
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks)
    assert plain_blocks("a < b")[0]["text"]["text"] == "a &lt; b"
