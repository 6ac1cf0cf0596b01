"""What there is to tell: each kind of notice with its words, whom it concerns, and how e-mail tells it by default."""

from dataclasses import dataclass

from models.enums import NoticeKind, Rhythm, Role

_STAFF = frozenset({Role.BILLER, Role.ATTORNEY, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})
_DESK = frozenset({Role.BILLER, Role.ADMIN})


@dataclass(frozen=True)
class KindFacts:
    """One kind: a count of it reads '1 <one>' or '2 <many>'; `what` says when somebody is told; `roles` may be."""

    one: str
    many: str
    what: str
    roles: frozenset[Role]
    email: Rhythm

    def counted(self, count: int) -> str:
        """Return '1 proforma to review', '2 proformas to review'."""
        return f"{count:,} {self.one if count == 1 else self.many}"

    @property
    def title(self) -> str:
        """The kind as a heading."""
        return f"{self.many[:1].upper()}{self.many[1:]}"


def _plural(noun: str, rest: str, what: str, roles: frozenset[Role], email: Rhythm) -> KindFacts:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}es" if noun.endswith("ss") else f"{noun}s"
    return KindFacts(f"{noun} {rest}", f"{many} {rest}", what, roles, email)


_K, _R = NoticeKind, Rhythm
KINDS: dict[NoticeKind, KindFacts] = {
    _K.PROFORMA_WAITS: _plural("proforma", "to review", "A proforma was sent to you.", _STAFF, _R.HOURLY),
    _K.PROFORMA_FORWARDED: _plural(
        "proforma", "forwarded to you", "Somebody forwarded a proforma to you.", _STAFF, _R.AT_ONCE
    ),
    _K.PROFORMA_REMINDER: _plural(
        "proforma", "due for review", "A proforma still waits for you near its due day.", _STAFF, _R.DAILY
    ),
    _K.PROFORMA_ESCALATED: _plural(
        "proforma", "that waited too long", "A proforma was put before you after its due day.", _STAFF, _R.AT_ONCE
    ),
    _K.PROFORMA_RETURNED: _plural(
        "proforma", "returned", "An attorney sent a proforma back to billing.", _STAFF, _R.HOURLY
    ),
    _K.APPROVAL_WAITS: _plural("approval", "to give", "Something above a limit waits for you.", _STAFF, _R.HOURLY),
    _K.ATTESTATION_WAITS: _plural(
        "entry", "of yours to attest", "Somebody proposes a change of your own entry.", _STAFF, _R.DAILY
    ),
    _K.WORK_GIVEN_ON: _plural(
        "entry", "given to a colleague", "Somebody attested as theirs what was entered under you.", _STAFF, _R.DAILY
    ),
    _K.MENTIONED: _plural("comment", "for you", "Somebody mentioned you in a comment.", _STAFF, _R.HOURLY),
    _K.MAILING_STOPPED: _plural("mail", "that stopped", "An invoice that goes by mail stopped.", _DESK, _R.AT_ONCE),
    _K.CUT_OFF_NEAR: _plural(
        "cut-off", "near", "The day before and on the last day to release time.", _STAFF, _R.DAILY
    ),
    _K.HOLD_ENDS: _plural("hold", "that ended", "What was held is billed again.", _STAFF, _R.DAILY),
    _K.REPORT_READY: _plural("report", "ready", "A report that you asked for is ready.", _STAFF, _R.OFF),
    _K.APPEAL_DUE: _plural(
        "appeal", "with a last day near", "7, 3 and 1 days before the last day to appeal.", _STAFF, _R.DAILY
    ),
    _K.APPEAL_EXPIRED: _plural("appeal", "that ran out", "A drafted appeal was not sent in time.", _STAFF, _R.DAILY),
    _K.CUT_TO_APPROVE: _plural(
        "write-off", "to approve", "Somebody proposes to give up what a carrier cut.", _STAFF, _R.HOURLY
    ),
    _K.REJECTION_HANDED_ON: _plural(
        "rejection", "handed on to you", "Somebody handed a rejection on to you.", _STAFF, _R.HOURLY
    ),
    _K.DOUBT_ASSIGNED: _plural("file", "in doubt for you to decide", "You decide about a file.", _DESK, _R.AT_ONCE),
    _K.DOUBT_OVERDUE: _plural(
        "file", "in doubt past its deadline", "Nobody decided about a file in time.", _DESK, _R.AT_ONCE
    ),
    _K.ACCOUNT_STOPPED: _plural("account", "that stopped", "A site account stopped by itself.", _ADMIN, _R.AT_ONCE),
    _K.CARRIER_STOPPED: _plural("carrier", "that stopped", "A carrier's site looks different.", _ADMIN, _R.AT_ONCE),
    _K.PASSWORD_EXPIRES: _plural(
        "password", "that ends soon", "14, 7, 3 and 1 days before, and on the day.", _ADMIN, _R.DAILY
    ),
    _K.PAGE_DRIFT: _plural(
        "page", "of a site that changed", "The nightly walk found a page that differs.", _ADMIN, _R.DAILY
    ),
    _K.SITE_AWAY: _plural("site", "out of reach", "The nightly walk could not reach a site.", _ADMIN, _R.DAILY),
    _K.ADDRESS_BOUNCES: _plural(
        "address", "that bounces", "A person's mail server sends the portal's mail back.", _ADMIN, _R.DAILY
    ),
}


def kinds_for(roles: frozenset[Role]) -> list[NoticeKind]:
    """Return the kinds that people with these roles may be told of, in the order of the list above."""
    return [kind for kind, facts in KINDS.items() if facts.roles & roles]
