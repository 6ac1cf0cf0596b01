"""A draft's patterns tried on one pasted mail, in a process of its own: a pattern that never ends is ended.

`python -m carriers.mail_trial` reads a `Trial` as JSON and writes a `Reading` as JSON.
"""

import subprocess
import sys
from decimal import Decimal
from email import message_from_string
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from carriers.exchange import SiteFinding
from carriers.mail_trust import judge
from carriers.result_channel import ResultMail
from carriers.result_mail import read_result_mail
from carriers.result_outcomes import ToldResult
from core.errors import InvalidInputError

LONGEST = 400_000
_SECONDS = 8.0
_ROOT = Path(__file__).resolve().parents[1]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trial(_Plain):
    """What is tried: the rules, a mail as its source or its mere text, and our own mail server's name."""

    rules: ResultMail
    mail: str
    subject: str = ""
    authserv_id: str


class ReadResult(_Plain):
    """What the mail says of one invoice, as text; '' where it says nothing."""

    invoice_number: str
    outcome: str
    word: str
    approved: str = ""
    billed: str = ""
    paid: str = ""
    paid_on: str = ""
    reference: str = ""
    reasons: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class Reading(_Plain):
    """What came of it. `trust` is why a mail like this would not count, '' when it would; None of a mere text."""

    sender: str = ""
    trust: str | None = None
    layout: str = ""
    results: tuple[ReadResult, ...] = ()
    unclear: tuple[str, ...] = ()


def try_mail(trial: Trial) -> Reading:
    """Read the mail in a process of its own, for some seconds at most.

    Raises:
        InvalidInputError: it took longer, or the mail cannot be read at all.
    """
    command = [sys.executable, "-m", "carriers.mail_trial"]
    try:
        done = subprocess.run(
            command,
            input=trial.model_dump_json(),
            capture_output=True,
            text=True,
            cwd=_ROOT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        message = (
            f"A pattern was still searching this mail after {_SECONDS:.0f} seconds and was stopped. Nothing was "
            "changed; make it more exact, as [^|]* in place of .*, before it is put in force."
        )
        raise InvalidInputError(message) from late
    if done.returncode:
        raise InvalidInputError("This mail cannot be read; it breaks the rules of mails. Nothing was changed.")
    return Reading.model_validate_json(done.stdout)


def read_trial(trial: Trial) -> Reading:
    """Read the mail by the first layout that finds an invoice in it."""
    message, is_source = _message(trial)
    verdict = judge(message, dkim_domain=trial.rules.dkim_domain, authserv_id=trial.authserv_id) if is_source else None
    found = read_result_mail(trial.rules, message)
    layout = next((one.name for one in trial.rules.patterns if _fits(trial.rules, one.name, message)), "")
    trust = None
    if verdict is not None:
        trust = verdict.why_not
        if not trust and verdict.sender != trial.rules.sender.lower():
            trust = f"It comes from {verdict.sender}, not from {trial.rules.sender}."
    return Reading(
        sender=verdict.sender if verdict is not None else "",
        trust=trust,
        layout=layout,
        results=tuple(_said(one) for one in found.results),
        unclear=found.unclear,
    )


def _message(trial: Trial) -> tuple[EmailMessage, bool]:
    """Return the mail, and whether it was pasted with its head."""
    message = message_from_string(trial.mail.lstrip(), policy=modern)
    if message["From"] and message["Subject"]:
        return message, True
    plain = EmailMessage(policy=modern)
    plain["Subject"] = " ".join(trial.subject.split())
    plain.set_content(trial.mail)
    return plain, False


def _fits(rules: ResultMail, name: str, message: EmailMessage) -> bool:
    alone = rules.model_copy(update={"patterns": tuple(one for one in rules.patterns if one.name == name)})
    read = read_result_mail(alone, message)
    return bool(read.results) or any(not one.startswith("No layout") for one in read.unclear)


def _said(one: ToldResult) -> ReadResult:
    return ReadResult(
        invoice_number=one.invoice_number,
        outcome=one.outcome.value,
        word=one.decision_word,
        approved=_amount(one.approved_amount),
        billed=_amount(one.billed_amount),
        paid=_amount(one.paid_amount),
        paid_on=one.paid_on,
        reference=one.reference,
        reasons=tuple(_reason(said) for said in one.findings),
        unread=one.unread,
    )


def _reason(said: SiteFinding) -> str:
    line = f"Line {said.line_item_number}: " if said.line_item_number else ""
    cut = f", {_amount(said.reduction)} taken off" if said.reduction is not None else ""
    return f"{line}{said.message}{cut}"


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


if __name__ == "__main__":
    sys.stdout.write(read_trial(Trial.model_validate_json(sys.stdin.read())).model_dump_json())
