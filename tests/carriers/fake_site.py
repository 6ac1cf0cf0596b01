"""A classic carrier site in memory, seen through the runner's page door: real code without a browser or a socket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from carriers.errors import BrowserLostError
from carriers.exchange import OutgoingFile
from carriers.page import NO_OTHER_ROWS, Element, Look, Match, NotClickedError, OtherRows, Snapshot, Target
from carriers.steps import RowField
from core.crypto import Secret
from core.money import to_decimal

BASE_URL = "http://harbor.localhost:8800"
CREDENTIALS = {"username": Secret("hwr-billing"), "password": Secret("S3cret&Word")}
CONTENT = b"LEDES1998B[]\r\n"
DETAIL_LINK = (
    "xpath///table[@id='invoiceTable']//tr[td[contains(@class,'col-number') and normalize-space()='INV-1']]//a"
)
ACCEPTED = (
    "xpath///div[@id='resultPanel' and contains(@class,'alert-success')]"
    "[.//span[@id='resultInvoice' and normalize-space()='INV-1']]"
)

View = dict[str, str]


def outgoing(**changes) -> OutgoingFile:
    """Return a file as the ledger would hand it over."""
    facts = {
        "invoice_number": "INV-1",
        "client_code": "HARBOR",
        "matter": "2024-00017",
        "claim_number": "HM-0001",
        "file_name": "INV-1.txt",
        "content": CONTENT,
        "sha256": sha256(CONTENT).hexdigest(),
        "total": to_decimal("1250.00"),
    }
    return OutgoingFile(**(facts | changes))


@dataclass
class Captures:
    """An evidence sink that remembers."""

    kept: list[tuple[str, str, str]] = field(default_factory=list)

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        assert png
        self.kept.append((kind, label, html))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind, label) for kind, label, _ in self.kept]


@dataclass
class FakeSite:
    """Harbor's pages by address; the attributes switch what it does wrong."""

    password: str = "S3cret&Word"
    posts: list[bytes] = field(default_factory=list)
    logins: int = 0
    restarts: int = 0
    resend_forbidden: int = 0
    windows_closed: int = 0
    refusal: list[dict[str, str]] = field(default_factory=list)
    listed: list[dict[str, str]] = field(default_factory=list)
    decision: str = "Pending"
    drop_reply: bool = False
    is_down: bool = False
    is_layout_changed: bool = False
    sends_elsewhere: bool = False
    covers_button: bool = False
    drawn_anew: int = 0
    buttons: int = 1
    sessions_to_end: int = 0
    crashes: int = 0
    covered: OtherRows = NO_OTHER_ROWS
    _signed_in: bool = False
    _path: str = ""
    _fields: dict[str, str] = field(default_factory=dict)
    _chosen: bytes = b""
    _result: str = ""

    def open(self, url: str) -> None:
        self._path = url.removeprefix(BASE_URL)
        self._result = ""

    def look(self, targets: Sequence[Target]) -> Look:
        if self.crashes:
            self.crashes -= 1
            raise BrowserLostError("Harbor")
        if self._result == "dropped":
            return Look("", 0, failed_to_load=True, matches=(None,) * len(targets))
        url = "http://evil.example/" if self.sends_elsewhere else BASE_URL + self._path
        view = self._view()
        return Look(
            url,
            503 if self.is_down else 200,
            failed_to_load=False,
            matches=tuple(_match(view, t, self) for t in targets),
        )

    def click(self, element: Element) -> None:
        if self.covers_button:
            raise NotClickedError("covered")
        if self.drawn_anew and element == "#btnUpload":
            self.drawn_anew -= 1
            raise NotClickedError("stale")
        clicks: dict[str, Callable[[], None]] = {
            "#btnLogin": self._log_in,
            "#btnUpload": self._post,
            DETAIL_LINK: lambda: self.open(BASE_URL + "/Invoices/Detail/1"),
        }
        clicks[str(element)]()

    def fill(self, element: Element, text: str) -> None:
        self._fields[str(element)] = text

    def choose(self, element: Element, value: str) -> bool:
        return False

    def check(self, element: Element, *, on: bool) -> None:
        self._fields[str(element)] = str(on)

    def attach(self, element: Element, file_name: str, content: bytes) -> None:
        self._chosen = content

    def rows(self, row_selectors: Sequence[str], columns: Mapping[RowField, str]) -> list[dict[str, str]]:
        if "errorList" in row_selectors[0]:
            return self.refusal
        if "lineTable" in row_selectors[0]:
            return [{"line_item_number": "2", "reduction": "$40.00", "message": "Rate exceeds $250.00/hr"}]
        return self.listed

    def enter_frame(self, element: Element | None) -> None:
        self._fields["frame"] = str(element)

    def switch_window(self, which: str) -> bool:
        return which == "main"

    def close_other_windows(self) -> None:
        self.windows_closed += 1

    def answer_dialog(self, *, accept: bool) -> bool:
        return accept

    def forbid_resend(self) -> None:
        self.resend_forbidden += 1

    def snapshot(self, masked: Sequence[str], others: OtherRows = NO_OTHER_ROWS) -> Snapshot:
        self.covered = others
        return Snapshot(b"png", f"<html>{self._path} {self.password.replace('&', '&amp;')}</html>")

    def restart(self) -> None:
        self.restarts += 1
        self._signed_in = False

    def _log_in(self) -> None:
        self.logins += 1
        self._signed_in = self._fields["#txtPassword"] == self.password
        self._path = "/Home" if self._signed_in else "/Login?wrong"

    def _post(self) -> None:
        self.posts.append(self._chosen)
        self._result = "dropped" if self.drop_reply else "refused" if self.refusal else "accepted"

    def _view(self) -> View:
        if self._path == "/Invoices/Upload" and self.sessions_to_end:
            self.sessions_to_end -= 1
            self._signed_in = False
        if not self._signed_in:
            return _LOGIN | (
                {"#loginError": "The user name or password is incorrect."} if "wrong" in self._path else {}
            )
        if self._result:
            return _RESULTS[self._result]
        return self._signed_in_view()

    def _signed_in_view(self) -> View:
        if self._path == "/Invoices/Upload":
            button = "#sendNow" if self.is_layout_changed else "#btnUpload"
            return {"form#uploadForm": "", "#fileLedes": "", button: "Upload"}
        if self._path.startswith("/Invoices/Detail"):
            return {"div#invoiceDetail": "", "#invoiceStatus": self.decision, "#approvedAmount": "$1,210.00"}
        if self._path.startswith("/Invoices"):
            return {"form#searchForm": ""} | (_FOUND if self.listed else _NOTHING)
        return {"div#welcome": "Welcome"}


_LOGIN: View = {"form#loginForm": "", "#txtUserName": "", "#txtPassword": "", "#btnLogin": "Log In"}
_FOUND: View = {"table#invoiceTable tr.invoice-row": "", DETAIL_LINK: "INV-1"}
_NOTHING: View = {"p#noRecords": "No invoices found."}
_RESULTS: dict[str, View] = {
    "accepted": {
        ACCEPTED: "",
        "#receiptNumber": "HMV-2026-000001",
        "#resultTitle": "Invoice accepted",
    },
    "refused": {"div#resultPanel.alert-danger": "Invoice rejected"},
}


def _match(view: View, target: Target, site: FakeSite) -> Match | None:
    if target.selectors == ("html",):
        return Match("html", "html", 1, "")
    for selector in target.selectors:
        if selector in view and (not target.texts or any(t in view[selector] for t in target.texts)):
            return Match(selector, selector, site.buttons if selector == "#btnUpload" else 1, view[selector])
    return None
