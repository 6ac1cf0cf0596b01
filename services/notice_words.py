"""What a notice says and where it leads: the same words in the bell, in a mail and in a chat."""

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from core.clock import today
from models.enums import NoticeKind
from services.notices import NoticeRow

Words = tuple[str, str]


def words_of(row: NoticeRow) -> Words:
    """Return a notice's title and the sentence below it."""
    title, hint = _WORDS[row.kind](row)
    return f"{title[:1].upper()}{title[1:]}", hint


def path_of(row: NoticeRow) -> str:
    """Return the portal's own path to the record, as in '/submissions/7'."""
    if row.kind in {NoticeKind.PAGE_DRIFT, NoticeKind.SITE_AWAY}:
        return f"/carriers/{row.subject_id}/profile"
    if row.kind is NoticeKind.MAILING_STOPPED:
        return f"/mail?search={quote(row.look_for)}"
    if row.kind is NoticeKind.CUT_OFF_NEAR:
        return "/billing/calendar" if row.occasion.endswith("/billing") else "/"
    if row.kind in _FIXED:
        return _FIXED[row.kind]
    if row.kind is NoticeKind.MENTIONED and row.subject_type in _COMMENTED:
        return f"{_COMMENTED[row.subject_type]}/{row.subject_id}#comments"
    page = row.page_id or row.subject_id
    return _PATHS.get(row.subject_type, _list_of)(row, page)


def _list_of(row: NoticeRow, _page: int) -> str:
    return f"/carriers?search={quote(row.look_for)}" if row.look_for else "/notifications"


_FIXED = {NoticeKind.ATTESTATION_WAITS: "/attest", NoticeKind.WORK_GIVEN_ON: "/notifications"}
# Where the comments on a record stand, when that is not where its other notices lead.
_COMMENTED = {"proforma": "/proforma", "invoice": "/invoices"}
_PATHS: dict[str, Callable[[NoticeRow, int], str]] = {
    "submission": lambda _row, page: f"/submissions/{page}",
    "invoice": lambda _row, page: f"/rejections/{page}",
    "proforma": lambda _row, page: f"/proforma/{page}",
    "proforma_line": lambda _row, page: f"/proforma/{page}",
    "matter": lambda _row, page: f"/matters/{page}",
    "comment": lambda _row, _page: "/review",
    "split_proposal": lambda _row, _page: "/attest",
    "report": lambda _row, page: f"/reports/{page}",
    "user": lambda _row, _page: "/notifications/deliveries",
}


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _day_of(row: NoticeRow) -> date | None:
    """Return the day that an occasion begins with, as in '2026-11-28/3'."""
    try:
        return date.fromisoformat(row.occasion.partition("/")[0])
    except ValueError:
        return None


def _account_stopped(row: NoticeRow) -> Words:
    return f"{row.subject} stopped", "Its files wait until somebody has seen to it."


def _carrier_stopped(row: NoticeRow) -> Words:
    return f"{row.subject} stopped", "Its site looks different; its files wait."


def _password_expires(row: NoticeRow) -> Words:
    on = date.fromisoformat(row.occasion.partition("/")[0])
    verb = "ended" if on < today() else "ends today," if on == today() else "ends"
    return f"The password of {row.subject} {verb} {_day(on)}", "Change it on the site and store the new one here."


def _appeal_due(row: NoticeRow) -> Words:
    on = date.fromisoformat(row.occasion.partition("/")[0])
    return f"Last day to appeal {row.subject}: {_day(on)}", "Appeal, correct it, or accept the cut before then."


def _appeal_expired(row: NoticeRow) -> Words:
    return f"The appeal of {row.subject} ran out", "It was drafted and not sent in time; the cut stands."


def _cut_to_approve(row: NoticeRow) -> Words:
    return f"Approve a write-off on {row.subject}", "Somebody proposes to give up what the carrier cut."


def _rejection_handed_on(row: NoticeRow) -> Words:
    return f"The rejection of {row.subject} is yours", "It was handed on to you: correct it, appeal, or accept the cut."


def _doubt_assigned(row: NoticeRow) -> Words:
    return f"You decide about {row.subject}", "Its file is in doubt: look whether the site has it."


def _doubt_overdue(row: NoticeRow) -> Words:
    return f"Nobody decided about {row.subject}", "Its file is in doubt and the deadline has passed."


def _page_drift(row: NoticeRow) -> Words:
    if row.occasion.endswith("-breaks"):
        return f"Uploads to {row.subject} will fail", "A page of its site looks different; the nightly walk shows it."
    return f"A page of {row.subject} looks different", "Every step still finds what it needs; look and accept it."


def _site_away(row: NoticeRow) -> Words:
    return f"The site of {row.subject} could not be reached", "The nightly walk tries again every night."


def _proforma_waits(row: NoticeRow) -> Words:
    return f"{row.subject} waits for your review", "Its proforma was sent to you."


def _proforma_forwarded(row: NoticeRow) -> Words:
    if row.occasion.endswith("-back"):
        return f"{row.subject} is back with you", "Whom you forwarded its proforma to gave it back."
    return f"{row.subject} was forwarded to you", "Review its proforma in place of the one who had it."


def _proforma_reminder(row: NoticeRow) -> Words:
    on = _day_of(row)
    due = f" by {_day(on)}" if on else ""
    return f"{row.subject} still waits for your review{due}", "Approve its proforma, or return it with a note."


def _proforma_escalated(row: NoticeRow) -> Words:
    return f"{row.subject} has waited too long", "Its reviewer has not answered, so it was put before you."


def _proforma_returned(row: NoticeRow) -> Words:
    return f"{row.subject} was returned", "The attorney's note stands on the proforma."


def _approval_waits(row: NoticeRow) -> Words:
    return f"{row.subject} waits for your approval", "It is above a limit, so a second person decides."


def _attestation_waits(row: NoticeRow) -> Words:
    return (
        f"An entry of yours on {row.subject} waits for your word",
        "Somebody proposes a change; only you can attest it.",
    )


def _work_given_on(row: NoticeRow) -> Words:
    return (
        f"Work under your name is a colleague's: {row.subject}",
        "A colleague attested it as theirs. Was it yours, tell the attorney, who can take the step back.",
    )


def _mailing_stopped(row: NoticeRow) -> Words:
    if row.occasion.endswith("-bounced"):
        return f"The mail of {row.subject} came back", "A mail server returned it; see what it said."
    return f"The mail of {row.subject} stopped", "It was refused, or it may have left; see what is to be done."


def _mentioned(row: NoticeRow) -> Words:
    return f"You were mentioned on {row.subject}", "The comment stands beside the line."


def _cut_off_near(row: NoticeRow) -> Words:
    on = _day_of(row)
    when = _day(on) if on else "near"
    if row.occasion.endswith("yours/billing"):
        return f"Cut-off {when}: time is still missing, yours too", "The calendar names who has not released it."
    if row.occasion.endswith("billing"):
        return f"Cut-off {when}: time is still missing", "The calendar names who has not released it."
    return f"Release your time: cut-off {when}", "You have drafts of the month that is billed next."


def _hold_ends(row: NoticeRow) -> Words:
    if row.subject_type == "matter":
        return f"The hold of {row.subject} has ended", "The next billing run bills it, with what the hold kept back."
    return f"The hold of {row.subject} has ended", "It is back in review, with new days to look at it."


def _report_ready(row: NoticeRow) -> Words:
    return f"{row.subject} is ready", "It went to your mailbox; open it to read or download it."


def _address_bounces(row: NoticeRow) -> Words:
    return f"Mail to {row.subject} comes back", "No more mail goes there until the address is mended."


_WORDS: dict[NoticeKind, Callable[[NoticeRow], Words]] = {
    NoticeKind.ACCOUNT_STOPPED: _account_stopped,
    NoticeKind.CARRIER_STOPPED: _carrier_stopped,
    NoticeKind.PASSWORD_EXPIRES: _password_expires,
    NoticeKind.APPEAL_DUE: _appeal_due,
    NoticeKind.APPEAL_EXPIRED: _appeal_expired,
    NoticeKind.CUT_TO_APPROVE: _cut_to_approve,
    NoticeKind.REJECTION_HANDED_ON: _rejection_handed_on,
    NoticeKind.DOUBT_ASSIGNED: _doubt_assigned,
    NoticeKind.DOUBT_OVERDUE: _doubt_overdue,
    NoticeKind.PAGE_DRIFT: _page_drift,
    NoticeKind.SITE_AWAY: _site_away,
    NoticeKind.PROFORMA_WAITS: _proforma_waits,
    NoticeKind.PROFORMA_FORWARDED: _proforma_forwarded,
    NoticeKind.PROFORMA_REMINDER: _proforma_reminder,
    NoticeKind.PROFORMA_ESCALATED: _proforma_escalated,
    NoticeKind.PROFORMA_RETURNED: _proforma_returned,
    NoticeKind.APPROVAL_WAITS: _approval_waits,
    NoticeKind.ATTESTATION_WAITS: _attestation_waits,
    NoticeKind.WORK_GIVEN_ON: _work_given_on,
    NoticeKind.MENTIONED: _mentioned,
    NoticeKind.MAILING_STOPPED: _mailing_stopped,
    NoticeKind.HOLD_ENDS: _hold_ends,
    NoticeKind.CUT_OFF_NEAR: _cut_off_near,
    NoticeKind.REPORT_READY: _report_ready,
    NoticeKind.ADDRESS_BOUNCES: _address_bounces,
}
