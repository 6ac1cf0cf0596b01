"""One site's clerk: checks log-ins, judges files, hands out receipts. Knows nothing of pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import pyotp

from sandbox.portals.bill import Bill, Finding, to_cents
from sandbox.portals.checks import check_bill
from sandbox.portals.clock import SiteClock
from sandbox.portals.faults import FaultBoard, FaultKind, PageKind
from sandbox.portals.reader import extension, read_file
from sandbox.portals.readers.reading import Reading
from sandbox.portals.receipts import receipt_for
from sandbox.portals.review import REJECTED, Review, review_bill
from sandbox.portals.sessions import Sessions
from sandbox.portals.store import REFUSED, STAGED, Login, NewPost, Post, Store
from sandbox.portals.world import Account, Carrier, Site, World

Check = Callable[[Bill], list[Finding]]
FAILURES_UNTIL_LOCK = 3
_STEP_SECONDS = 30


class SignIn(StrEnum):
    """How a step of a log-in went."""

    OK = "ok"
    BAD = "bad"
    LOCKED = "locked"
    EXPIRED = "expired"
    USED_CODE = "used_code"


@dataclass(slots=True)
class Desk:
    """Everything a site's pages need."""

    site: Site
    world: World
    store: Store
    faults: FaultBoard
    clock: SiteClock
    sessions: Sessions
    processing_ms: int
    now: Callable[[], float]

    @property
    def carriers(self) -> list[Carrier]:
        """Return the carriers this site serves."""
        return [self.world.carriers[slug] for slug in self.site.carriers]

    def sign_in(self, username: str, password: str) -> tuple[SignIn, Account | None]:
        """Check user name and password; the account is given with OK only."""
        account = self.site.account(username)
        if account is None:
            return SignIn.BAD, None
        login = self.store.login(self.site.slug, account.username)
        if login.is_locked or self._has(FaultKind.LOCKED):
            return SignIn.LOCKED, None
        if password != account.password:
            return self._failed(account, login), None
        if self._has(FaultKind.EXPIRED_PASSWORD):
            return SignIn.EXPIRED, None
        self.store.save_login(self.site.slug, account.username, replace(login, failures=0))
        return SignIn.OK, account

    def check_code(self, account: Account, code: str) -> SignIn:
        """Check a one-time code (RFC 6238, one step of tolerance); a step is good once."""
        login = self.store.login(self.site.slug, account.username)
        if login.is_locked:
            return SignIn.LOCKED
        step = self._step_of(account, code)
        if step is None:
            return self._failed(account, login)
        if step <= login.last_step:
            return SignIn.USED_CODE
        self.store.save_login(self.site.slug, account.username, Login(last_step=step))
        return SignIn.OK

    def receive(
        self,
        account: Account,
        carrier: Carrier,
        file_name: str,
        data: bytes,
        also: Check | None = None,
        *,
        judges_later: bool = False,
    ) -> Post:
        """Judge a file and keep it: refused with findings, or staged and ready to be accepted.

        `also` is a check of the site's own, of a bill that could be read. A site that `judges_later` takes every bill
        that can be read, and tells with its decision what was wrong with it.
        """
        reading = _judge(file_name, data, carrier, self.world)
        if also is not None and reading.bill is not None:
            reading.findings += also(reading.bill)
        entry = self._entry(account, carrier, file_name, data, reading)
        if judges_later and reading.bill is not None:
            entry = replace(entry, status=STAGED)
        return self.kept(self.store.add(entry))

    def accept(self, post: Post) -> Post:
        """Take a staged file: receipt now, decision after the site's delay."""
        carrier = self.world.carriers[post.carrier]
        reading = read_file(self.store.data(post.id), carrier.file_format, carrier.habits)
        if reading.bill is None:
            raise ValueError(post.id)
        now, delay = self.clock.now_ms(), self.site.decision_delay_seconds
        self.store.accept(
            post.id,
            receipt=receipt_for(self.site.slug, post.id, now),
            decide_ms=None if delay is None else now + round(delay * 1000),
            review=Review(REJECTED, ()) if post.problems else review_bill(reading.bill, carrier),
        )
        return self.kept(post.id)

    def breaches(self, post: Post) -> int:
        """Return how many lines of a kept file go against the carrier's guidelines."""
        carrier = self.world.carriers[post.carrier]
        bill = read_file(self.store.data(post.id), carrier.file_format).bill
        return sum(bool(line.reasons) for line in review_bill(bill, carrier).lines) if bill else 0

    def kept(self, post_id: int) -> Post:
        """Return a post known to be there."""
        post = self.store.post(post_id, self.site.slug)
        if post is None:
            raise KeyError(post_id)
        return post

    def is_processing(self, post: Post) -> bool:
        """Say whether the site still pretends to think about a file."""
        return self.clock.now_ms() < post.at_ms + self.processing_ms

    def _entry(self, account: Account, carrier: Carrier, file_name: str, data: bytes, reading: Reading) -> NewPost:
        now = self.clock.now_ms()
        late = self.faults.take(self.site.slug, FaultKind.DELAY_LISTING, PageKind.LIST)
        entry = NewPost(
            site=self.site.slug,
            carrier=carrier.slug,
            client_id=carrier.client_id,
            account=account.username,
            file_name=file_name,
            data=data,
            status=REFUSED if reading.findings else STAGED,
            at_ms=now,
            visible_ms=now + round((self.site.listing_delay_seconds + (late.seconds if late else 0)) * 1000),
            invoice_number=reading.invoice_number,
            findings=tuple(reading.findings),
        )
        bill = reading.bill
        if bill is None:
            return entry
        return replace(
            entry, matter_id=bill.matter_id, claim_number=bill.claim_number, total_cents=to_cents(bill.total)
        )

    def _has(self, kind: FaultKind) -> bool:
        return self.faults.take(self.site.slug, kind, PageKind.LOGIN) is not None

    def _failed(self, account: Account, login: Login) -> SignIn:
        limit = self.faults.peek(self.site.slug, FaultKind.LOCK_AFTER_FAILURES, PageKind.LOGIN)
        failures = login.failures + 1
        is_locked = failures >= (limit.left if limit and limit.left else FAILURES_UNTIL_LOCK)
        self.store.save_login(self.site.slug, account.username, Login(failures, is_locked, login.last_step))
        return SignIn.LOCKED if is_locked else SignIn.BAD

    def _step_of(self, account: Account, code: str) -> int | None:
        """Return the time step a code belongs to, or None."""
        totp = pyotp.TOTP(account.totp or "")
        current = int(self.now()) // _STEP_SECONDS
        near = (current, current - 1, current + 1)
        return next((step for step in near if totp.generate_otp(step) == code.strip().replace(" ", "")), None)


def _judge(file_name: str, data: bytes, carrier: Carrier, world: World) -> Reading:
    reading = read_file(data, carrier.file_format, carrier.habits)
    ending = extension(carrier.file_format)
    if not file_name.lower().endswith(ending):
        reading.findings.insert(0, Finding(None, "", f"Only files named {ending} are accepted."))
    elif carrier.file_name and not re.fullmatch(carrier.file_name, file_name):
        text = f"The file name {file_name} is not in the form this client requires."
        reading.findings.insert(0, Finding(None, "", text))
    if reading.bill is not None:
        reading.findings += check_bill(reading.bill, carrier, world)
    return reading
