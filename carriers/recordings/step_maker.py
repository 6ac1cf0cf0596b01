"""Makes the step of one recorded action, or says why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from carriers.recordings.addresses import Addresses
from carriers.recordings.document import LONGEST_TEXT
from carriers.recordings.draft import Remark
from carriers.recordings.fields import file_purpose, is_certifying, is_cookie_banner, is_receipt, login_purpose
from carriers.recordings.recording import Action, Alternatives
from carriers.recordings.scrub import Scrubber
from carriers.recordings.selectors import name_in, words_of
from carriers.steps import (
    CheckStep,
    ChooseStep,
    ClickStep,
    DismissStep,
    FillStep,
    GotoStep,
    OtpStep,
    ReadStep,
    Step,
    UploadStep,
    WaitForStep,
)

_USUAL_SECONDS = 10.0
_ANSWER_SECONDS = 30.0
_OF_PROGRAMMERS = frozenset({"btn", "txt", "nav", "lnk", "cmd", "xpath", "css", "div", "span", "id"})
_COMPARING = frozenset({"assertText", "verifyText", "waitForText"})
_PRESSING = frozenset({"keyDown", "type", "sendKeys"})
_LOGIN_ONLY = "a secret or a code may be typed in the log-in only"


class NotCarriedError(Exception):
    """An action that no step can do; the text says why."""


@dataclass
class StepMaker:
    """What the steps of one list need to know.

    Attributes:
        part: the list, as in 'upload'.
        credentials: credential by recorded step; `code_at` are the steps that typed a one-time code.
        keeps_text: whether a typed text that nothing explains may stand as it is.
        commits_at: recorded steps whose click cannot be taken back.
    """

    part: str
    scrubber: Scrubber
    addresses: Addresses
    credentials: Mapping[int, str] = field(default_factory=dict)
    code_at: frozenset[int] = frozenset()
    keeps_text: bool = True
    commits_at: frozenset[int] = frozenset()
    remarks: list[Remark] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def make(self, action: Action, *, is_after_commit: bool) -> Step:
        """Return the step of an action.

        Raises:
            NotCarriedError: there is none.
        """
        seconds = action.seconds or (_ANSWER_SECONDS if is_after_commit else _USUAL_SECONDS)
        if action.kind == "goto":
            return self._goto(action, seconds)
        if action.kind == "dialog":
            return DismissStep(verb="dismiss", label="Answer the question of the browser", accept=action.is_on)
        if action.kind == "key":
            self.remark(action.number, "Enter was pressed. Add a click on the button that it stands for.")
            raise NotCarriedError("a step presses no key; record a click on the button instead")
        found = self.found(action.selectors)
        if action.word in _COMPARING:
            self.remark(action.number, "The element is waited for; the text in it is not compared.")
        if action.kind == "click" and action.word in _PRESSING:
            self.remark(
                action.number, "Enter was pressed, so the button of the form is clicked. Check that it is the one."
            )
        if action.kind in {"wait", "read"}:
            return _look(action, found, seconds, is_after_commit=is_after_commit)
        touch = {"fill": self._fill, "choose": self._choose, "file": self._file, "check": self._check}
        return touch.get(action.kind, self._click)(action, found, seconds)

    def remark(self, number: int, text: str) -> None:
        """Note something that a person should check."""
        self.remarks.append(Remark(self.part, number, text))

    def found(self, selectors: Alternatives) -> Alternatives:
        """Return the selectors that may stand in a step."""
        kept = self.scrubber.selectors(selectors)
        if not kept:
            raise NotCarriedError("what finds its element holds a typed secret")
        return kept

    def _goto(self, action: Action, seconds: float) -> Step:
        path = self.addresses.path_of(action.value)
        if path is None:
            raise NotCarriedError("it opens another host; a step opens addresses of its site only")
        if self.scrubber.is_secret(path):
            raise NotCarriedError("its address holds a typed secret")
        if self.addresses.names_a_visit(action.value):
            self.remark(
                action.number, "Parts of the address that belong to one visit were dropped. Check that it opens."
            )
        known = self.scrubber.replaced(path)
        return GotoStep(verb="goto", label=f"Open {known}"[:80], value=known, timeout_seconds=seconds)

    def _fill(self, action: Action, found: Alternatives, seconds: float) -> Step:
        if action.number in self.code_at:
            return OtpStep(verb="otp", label="Type the one-time code", selectors=found, timeout_seconds=seconds)
        name = self.credentials.get(action.number)
        value = f"{{{name}}}" if name else self._value(action)
        label = _typing(value) if value.startswith("{") else _label("Type into", found)
        return FillStep(verb="fill", label=label[:80], selectors=found, value=value, timeout_seconds=seconds)

    def _value(self, action: Action) -> str:
        if known := self.scrubber.placeholder_of(action.value):
            return known
        if self.scrubber.is_secret(action.value) or login_purpose(action, after_secret=False) in {"secret", "code"}:
            raise NotCarriedError(_LOGIN_ONLY)
        if action.kind == "fill" and (purpose := file_purpose(action)):
            self.remark(action.number, f"By the field's name, what was typed became {{{purpose}}}. Check that it is.")
            return f"{{{purpose}}}"
        return self._literal(action)

    def _literal(self, action: Action) -> str:
        if action.kind == "fill" and not self.keeps_text:
            raise NotCarriedError("no log-in was recorded, so what was typed may be a secret and was not kept")
        if "{" in action.value or "}" in action.value:
            raise NotCarriedError("it types braces, which stand for placeholders here")
        if len(action.value) > LONGEST_TEXT:
            raise NotCarriedError("it types more text than a step may hold")
        self.remark(action.number, "The same is entered for every invoice. If it belongs to one, use a placeholder.")
        return self.scrubber.replaced(action.value)

    def _choose(self, action: Action, found: Alternatives, seconds: float) -> Step:
        value = self._value(action)
        return ChooseStep(
            verb="choose", label=_label("Choose", found), selectors=found, value=value, timeout_seconds=seconds
        )

    def _file(self, action: Action, found: Alternatives, seconds: float) -> Step:
        value: Literal["{ledes_file}", "{pdf_file}"] = "{pdf_file}" if _is_pdf(action.value) else "{ledes_file}"
        if self.part != "upload" or value in self.files:
            raise NotCarriedError("a site is given the LEDES file and the PDF of the invoice, each once")
        self.files.add(value)
        label = f"Choose the {'PDF of the invoice' if value == '{pdf_file}' else 'LEDES file'}"
        return UploadStep(verb="upload", label=label, selectors=found, value=value, timeout_seconds=seconds)

    def _check(self, action: Action, found: Alternatives, seconds: float) -> Step:
        label = _label("Check" if action.is_on else "Clear", found)
        certify = self.part == "upload" and is_certifying(action)
        return CheckStep(
            verb="check", label=label, selectors=found, on=action.is_on, certify=certify, timeout_seconds=seconds
        )

    def _click(self, action: Action, found: Alternatives, seconds: float) -> Step:
        if is_cookie_banner(action):
            return DismissStep(verb="dismiss", label="Close the cookie banner", selectors=found)
        return ClickStep(
            verb="click",
            label="Click the button of the form" if action.word in _PRESSING else _label("Click", found),
            selectors=found,
            commit=action.number in self.commits_at,
            certify=self.part == "upload" and is_certifying(action),
            timeout_seconds=seconds,
        )


def _look(action: Action, found: Alternatives, seconds: float, *, is_after_commit: bool) -> Step:
    if action.is_on and is_after_commit and (action.kind == "read" or is_receipt(action)):
        return ReadStep(verb="read", label="Read the receipt", selectors=found, into="receipt", timeout_seconds=seconds)
    if action.kind == "read":
        raise NotCarriedError("a receipt is read after the click that sends the file")
    label = _label("Wait for" if action.is_on else "Wait for the end of", found)
    return WaitForStep(verb="wait_for", label=label, selectors=found, gone=not action.is_on, timeout_seconds=seconds)


def _is_pdf(name: str) -> bool:
    return name.lower().endswith(".pdf")


def _typing(placeholder: str) -> str:
    name = placeholder.strip("{}")
    return f"Type the {'user name' if name == 'username' else name.replace('_', ' ')}"


def _label(verb: str, selectors: Alternatives) -> str:
    words = [word for word in words_of(selectors[:1]) if word not in _OF_PROGRAMMERS]
    name = name_in(selectors) or " ".join(words) or selectors[0]
    return f"{verb} {name}"[:80].rstrip()
