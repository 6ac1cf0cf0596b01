"""How a carrier that tells its decisions by e-mail writes them: one mail an invoice, or a digest of several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from sandbox.portals.bill import dollars
from sandbox.portals.markup import Html, fill
from sandbox.portals.review import APPROVED, DISPUTED, REDUCED, REJECTED
from sandbox.portals.store import Post
from sandbox.portals.wording import written_at
from sandbox.portals.world import Carrier, Mail

_RESULT = {
    APPROVED: "Approved",
    REDUCED: "Approved with adjustments",
    DISPUTED: "Under dispute",
    REJECTED: "Returned unpaid",
}
_OUTCOME = {APPROVED: "Paid in full", REDUCED: "Reduced", DISPUTED: "Disputed", REJECTED: "Returned"}
_NOTHING_LINE = "None"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it is put into an envelope; `html` alone, `text` alone, or both."""

    subject: str
    text: str = ""
    html: str = ""


def letter_of(carrier: Carrier, mail: Mail, posts: Sequence[Post], at_ms: int) -> Letter:
    """Write the decisions of some posts, all of one layout."""
    return _LAYOUTS[mail.layout_of(posts[0].decision or "")](carrier, posts, at_ms)


def enveloped(letter: Letter, mail: Mail, message_id: str, date: str, verdict: str) -> EmailMessage:
    """Return the message as it lies in the firm's mailbox; `verdict` is what the firm's own server found, pass or fail.

    The headers above `From` are those that the receiving server adds.
    """
    message = EmailMessage(policy=SMTP)
    message["Return-Path"] = f"<bounces@{mail.domain}>"
    message["Authentication-Results"] = (
        f"{mail.receiving_server}; dkim={verdict} header.d={mail.domain} header.s=s1; "
        f"spf={verdict} smtp.mailfrom=bounces@{mail.domain}"
    )
    message["Received"] = f"from out1.{mail.domain} by {mail.receiving_server} with ESMTPS; {date}"
    message["From"] = f"{mail.name} <{mail.sender}>"
    message["To"] = mail.to
    message["Subject"] = letter.subject
    message["Date"] = date
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.text:
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
    else:
        message.set_content(letter.html, subtype="html")
    return message


def _plain(carrier: Carrier, posts: Sequence[Post], at_ms: int) -> Letter:
    """Write one invoice as plain text, line by line."""
    post = posts[0]
    result = _RESULT[post.decision or ""]
    lines = "\n".join(f"  Line {number:<6}{amount:>12}   {reason}" for number, amount, reason in _cuts(post))
    text = fill(
        "mail/plain.txt",
        carrier=Html(carrier.name),
        carrier_in_capitals=Html(carrier.name.upper()),
        number=Html(post.invoice_number),
        claim=Html(post.claim_number),
        matter=Html(post.matter_id),
        received=written_at(post.at_ms)[:10],
        completed=written_at(at_ms)[:10],
        billed=dollars(post.total_cents),
        result=result,
        approved=dollars(_approved_cents(post)),
        receipt=Html(post.receipt or ""),
        lines=Html(lines or f"  {_NOTHING_LINE}"),
    )
    return Letter(f"Invoice {post.invoice_number} - Review Complete - {result.upper()}", text=text)


def _table(carrier: Carrier, posts: Sequence[Post], at_ms: int) -> Letter:  # noqa: ARG001 - as the other layouts
    """Write one invoice as an HTML mail with a table of its reduced lines, and no plain text beside it."""
    post = posts[0]
    cuts = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in (number, reason, amount))}</tr>\n"
        for number, amount, reason in _cuts(post)
    )
    html = fill(
        "mail/table.html",
        carrier=carrier.name,
        number=post.invoice_number,
        claim=post.claim_number,
        outcome=_OUTCOME[post.decision or ""],
        billed=dollars(post.total_cents),
        allowed=dollars(_approved_cents(post)),
        cuts=Html(cuts),
    )
    return Letter(f"Explanation of Reductions: {post.invoice_number} ({post.claim_number})", html=html)


def _digest(carrier: Carrier, posts: Sequence[Post], at_ms: int) -> Letter:
    """Write several invoices as one mail, the same table as text and as HTML."""
    cells = [
        (
            post.invoice_number,
            post.claim_number,
            dollars(post.total_cents),
            dollars(_approved_cents(post)),
            _OUTCOME[post.decision or ""],
        )
        for post in posts
    ]
    text_rows = "\n".join(f"{a:<15} {b:<19} {c:>13} {d:>13}  {e}" for a, b, c, d, e in cells)
    html_rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in cells)
    day, count = written_at(at_ms)[:10], f"{len(posts)} invoice{'s' if len(posts) > 1 else ''}"
    given = {"carrier": Html(carrier.name), "day": day, "count": count}
    return Letter(
        f"{carrier.name}: {count} processed {day}",
        text=fill("mail/digest.txt", rows=Html(text_rows), **given),
        html=fill("mail/digest.html", rows=Html(html_rows), **given | {"carrier": carrier.name}),
    )


_LAYOUTS: Mapping[str, Callable[[Carrier, Sequence[Post], int], Letter]] = {
    "plain": _plain,
    "table": _table,
    "digest": _digest,
}
LAYOUTS = tuple(_LAYOUTS)


def _approved_cents(post: Post) -> int:
    return 0 if post.decision == REJECTED else post.total_cents - post.reduction_cents


def _cuts(post: Post) -> list[tuple[str, str, str]]:
    """Return line, amount and reason of everything the carrier took off, or of what kept it from reading further."""
    if post.problems:
        return [(str(one.line or "-"), dollars(0), one.text) for one in post.problems]
    return [(line.line_number, dollars(-line.reduction_cents), line.reasons) for line in post.lines if line.reasons]
