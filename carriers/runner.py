"""`SiteSession`: one signed-in visit to a site that places many files, each at most once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from carriers.errors import (
    BrowserLostError,
    DuplicateAtSiteError,
    FileRefusedError,
    PageChangedError,
    ReceiptMissingError,
    SessionEndedError,
    SiteError,
)
from carriers.evidence import EvidenceSink, Recorder
from carriers.exchange import Credentials, LoginJournal, OutgoingFile, SiteDecision, SiteReceipt
from carriers.forms.lane import FormLane, LiveBrowser
from carriers.login import StoredLogin, written_down
from carriers.outcomes import amount_of, findings_of
from carriers.page import Page
from carriers.player import Player
from carriers.plays import Play
from carriers.profile import CarrierProfile
from core.errors import InvalidInputError
from core.ids import sha256_hex
from core.money import as_text

T = TypeVar("T")
_LISTING = "The site's list"
_ANSWERS = (FileRefusedError, DuplicateAtSiteError)


class SiteSession:
    """Signs in when first needed, again once when the site ended the session, and with a new browser after a crash.

    Nothing is ever repeated once a commit click was made: from there on every failure but the site's own refusal is
    ReceiptMissingError, and only the site's list can tell what happened.

    With `may_use_forms`, and where the profile asks for it too, steps are played by forms once they are learnt: `lane`
    is what plays them.
    """

    def __init__(
        self,
        browser: LiveBrowser,
        profile: CarrierProfile,
        base_url: str,
        credentials: Credentials,
        one_time_code: Callable[[], str],
        evidence: EvidenceSink,
        journal: LoginJournal | None = None,
        *,
        may_use_forms: bool = False,
    ) -> None:
        self._browser = browser
        self._site = profile.site
        self._login = StoredLogin.of(profile.site, credentials)
        self._journal = journal

        def recorder(page: Page) -> Recorder:
            return Recorder(page, evidence, profile.site, self._login.hidden)

        self._proof = recorder(browser)
        player = Player(browser, profile.site, base_url, self._proof, one_time_code)
        self._by_browser = player
        self.lane: FormLane | None = None
        if may_use_forms and profile.site.form_lane:
            self.lane = FormLane(
                browser, player, profile.site, base_url, recorder=recorder, one_time_code=one_time_code
            )
        self._player = self.lane or player
        self._signed_in = False
        self._just_listed: tuple[str, Mapping[str, str] | None] | None = None

    def login(self) -> None:
        """Sign in, unless signed in already. Tried once only, so that no account is locked.

        Raises:
            SiteError: what the site said: a wrong password, a locked account, maintenance and so on.
        """
        if self._signed_in:
            return
        with written_down(self._journal) as begin:
            self._player.play("login", Play(self._login.typing(begin)))
        self._signed_in = True

    def find_invoice(self, file: OutgoingFile) -> SiteReceipt | None:
        """Look for the file on the site; None when it is not there or was never submitted.

        Raises:
            DuplicateAtSiteError: the number is there with another amount or checksum.
        """
        return self._within_session(lambda: self._find(file))

    def keep_listing(self, file: OutgoingFile) -> None:
        """Keep a picture of the site's list as it is shown now, as proof of whether the file is in it.

        Raises:
            SiteError: what the site said instead of its list.
        """
        self._within_session(lambda: self._capture_list(file))

    def upload(self, file: OutgoingFile, *, before_commit: Callable[[str], None]) -> SiteReceipt:
        """Place the file and return the site's receipt.

        `before_commit(label)` is called right before every click that cannot be taken back; when it raises, nothing is
        clicked. A file that the site already holds unsubmitted is finished instead of sent again.

        Raises:
            FileRefusedError: with the site's findings.
            ReceiptMissingError: clicked, and no receipt was seen.
            SiteError: anything else, before a click.
        """
        if sha256_hex(file.content) != file.sha256:
            message = "The file is not the one that was checked. Nothing was sent; make the file again."
            raise InvalidInputError(message, invoice_number=file.invoice_number)
        return self._within_session(lambda: self._send(file, before_commit))

    def read_result(self, file: OutgoingFile) -> SiteDecision:
        """Read the carrier's decision as the site shows it now."""
        return self._within_session(lambda: self._decision(file))

    def logout(self) -> None:
        """Sign out, when signed in."""
        if self._signed_in:
            self._signed_in = False
            self._player.play("logout", Play(self._login.plain))

    def close(self) -> None:
        """Let go of connections of its own; the browser is the caller's."""
        if self.lane is not None:
            self.lane.close()

    def _within_session(self, work: Callable[[], T]) -> T:
        self._sign_in()
        try:
            return work()
        except SessionEndedError:
            self._signed_in = False
        except BrowserLostError:
            self._start_over()
        self._sign_in()
        return work()

    def _sign_in(self) -> None:
        try:
            self.login()
        except BrowserLostError:
            self._start_over()
            self.login()

    def _start_over(self) -> None:
        self._signed_in = False
        self._browser.restart()

    def _find(self, file: OutgoingFile) -> SiteReceipt | None:
        row = self._listed(file)
        self._just_listed = (file.sha256, row)
        if row is None or row["status"] in self._site.unfinished_statuses:
            return None
        return SiteReceipt(row["receipt"], row["status"], row.get("sha256") or None)

    def _capture_list(self, file: OutgoingFile) -> None:
        self._by_browser.play("find_invoice", Play(self._values(file)))
        self._proof.about(file.invoice_number)
        self._proof.capture("listing", _LISTING)

    def _listed(self, file: OutgoingFile) -> Mapping[str, str] | None:
        """Return the site's row of this file, finished or not."""
        play = Play(self._values(file))
        self._player.play("find_invoice", play)
        rows = [row for row in play.tables["invoices"] if self._counts(row, file)]
        if not rows:
            return None
        if any(not self._is_same(row, file) for row in rows):
            raise DuplicateAtSiteError(self._site.title, rows[0]["status"], invoice_number=file.invoice_number)
        finished = [row for row in rows if row["status"] not in self._site.unfinished_statuses]
        row = (finished or rows)[0]
        if finished and not row["receipt"]:
            raise PageChangedError(self._site.title, "receipt in the list", evidence="find_invoice")
        return row

    def _counts(self, row: Mapping[str, str], file: OutgoingFile) -> bool:
        superseded = bool(row["receipt"]) and row["receipt"] in file.superseded_receipts
        ignored = row["status"] in self._site.ignored_statuses
        return row["invoice_number"] == file.invoice_number and not superseded and not ignored

    @staticmethod
    def _is_same(row: Mapping[str, str], file: OutgoingFile) -> bool:
        shown = row.get("sha256", "").lower()
        return amount_of(row["amount"]) == file.total and (not shown or shown == file.sha256)

    def _send(self, file: OutgoingFile, before_commit: Callable[[str], None]) -> SiteReceipt:
        play = Play(self._values(file), _files(file), before_commit)
        try:
            self._place(file, play)
        except _ANSWERS:
            raise
        except SiteError as unclear:
            if not play.committed:
                raise
            self._signed_in = self._signed_in and not isinstance(unclear, SessionEndedError | BrowserLostError)
            if "receipt" in play.read:
                return _receipt(play)
            raise ReceiptMissingError(self._site.title, unclear.site_text, cause=unclear.code) from unclear
        return _receipt(play)

    def _place(self, file: OutgoingFile, play: Play) -> None:
        if not self._site.steps.submit:
            self._player.play("upload", play)
            return
        row = self._row_for(file)
        if row is not None and row["status"] not in self._site.unfinished_statuses:
            play.read["receipt"] = row["receipt"]
            return
        self._player.play("upload" if row is None else "resume", play)
        self._player.play("submit", play)

    def _row_for(self, file: OutgoingFile) -> Mapping[str, str] | None:
        """Return the row that `find_invoice` saw a moment ago, or look again; a row is used once."""
        just_listed, self._just_listed = self._just_listed, None
        if just_listed is not None and just_listed[0] == file.sha256:
            return just_listed[1]
        return self._listed(file)

    def _decision(self, file: OutgoingFile) -> SiteDecision:
        play = Play(self._values(file))
        self._player.play("read_result", play)
        said = play.read["decision"]
        if said not in self._site.decisions:
            raise PageChangedError(self._site.title, f"decision '{said}'", evidence="read_result")
        findings = [found for found in findings_of(play.tables.get("findings", ())) if found.message != "-"]
        approved = amount_of(play.read.get("approved_amount", ""))
        return SiteDecision(self._site.decisions[said], approved, tuple(findings))

    def _values(self, file: OutgoingFile) -> dict[str, str]:
        pdf = {"pdf_file": file.pdf.file_name} if file.pdf else {}
        return {
            **self._login.plain,
            **pdf,
            "invoice_number": file.invoice_number,
            "client_code": file.client_code,
            "matter": file.matter,
            "claim_number": file.claim_number,
            "file_name": file.file_name,
            "ledes_file": file.file_name,
            "sha256": file.sha256,
            "total": as_text(file.total),
        }


def _files(file: OutgoingFile) -> dict[str, bytes]:
    pdf = {"{pdf_file}": file.pdf.content} if file.pdf else {}
    return {"{ledes_file}": file.content, **pdf}


def _receipt(play: Play) -> SiteReceipt:
    return SiteReceipt(play.read["receipt"], play.read.get("site_text", ""), play.read.get("sha256"))
