"""From a recording to the step lists of a profile, with a reason for everything that was decided."""

from collections.abc import Mapping

from carriers.profile import SitePage
from carriers.recordings.addresses import Addresses
from carriers.recordings.credentials import CODE, TypedCredentials, read_credentials
from carriers.recordings.draft import Draft, Remark
from carriers.recordings.fields import is_certifying, is_cookie_banner
from carriers.recordings.parts import Parts, cut
from carriers.recordings.recording import Action, Alternatives, Recording
from carriers.recordings.scrub import Scrubber
from carriers.recordings.step_maker import StepMaker
from carriers.recordings.step_writer import StepWriter
from carriers.steps import ClickStep, ExpectStep, GotoStep, ReadStep, Step, UploadStep, WaitForStep, selectors_of

_TO_COMPLETE = (
    Remark("find_invoice", 0, "Not recorded: how an invoice is found in the site's list, and how an empty list looks."),
    Remark("read_result", 0, "Not recorded: where the carrier's decision stands."),
)


def draft_profile(recording: Recording, known: Mapping[str, str]) -> Draft:
    """Turn a recording into step lists.

    `known` is the placeholder name by the text that stands for it, as in {'INV-1': 'invoice_number'}: numbers that the
    firm knows, found in `recording.typed_texts()`.
    """
    parts = cut(recording)
    typed = read_credentials(parts.login)
    scrubber = Scrubber({**known, **typed.plain}, typed.secrets)
    addresses = Addresses(recording.actions)
    login = _login(parts, typed, scrubber, addresses)
    upload = _upload(parts, scrubber, addresses)
    logout = StepWriter(StepMaker("logout", scrubber, addresses))
    for action in parts.logout:
        if action.kind != "goto":
            logout.write(_start(parts, addresses, action.number))
        logout.write(action)
    logout.finish()
    pages = _pages(parts, login, upload)
    writers = (login, upload, logout)
    left_out = (*recording.left_out, *parts.left_out, *(one for writer in writers for one in writer.left_out))
    return Draft(
        title="Recording" if scrubber.is_secret(recording.title) else recording.title[:80],
        tool=recording.tool,
        origin=addresses.origin,
        hosts=addresses.hosts,
        credentials=typed.fields,
        pages=pages,
        login=tuple(login.steps),
        upload=tuple(upload.steps),
        logout=tuple(logout.steps),
        left_out=tuple(sorted(left_out, key=lambda one: one.number)),
        remarks=(
            *(one for writer in writers for one in writer.maker.remarks),
            *_whole(parts, addresses),
            *_TO_COMPLETE,
        ),
    )


def _login(parts: Parts, typed: TypedCredentials, scrubber: Scrubber, addresses: Addresses) -> StepWriter:
    code_at = frozenset(number for number, name in typed.names.items() if name == CODE)
    writer = StepWriter(StepMaker("login", scrubber, addresses, credentials=typed.names, code_at=code_at))
    for action in parts.login:
        writer.write(action)
    if not parts.login:
        writer.maker.remark(0, "No log-in was recorded. Record it once more from a new private window.")
    elif not isinstance(writer.steps[0] if writer.steps else None, GotoStep):
        writer.steps.insert(0, GotoStep(verb="goto", label="Open the site", value="/"))
        writer.maker.remark(
            0, "The recording did not open the site, so the log-in starts at '/'. Check that it leads there."
        )
    writer.finish()
    return writer


def _upload(parts: Parts, scrubber: Scrubber, addresses: Addresses) -> StepWriter:
    commits = _commits(parts.upload)
    writer = StepWriter(
        StepMaker("upload", scrubber, addresses, keeps_text=bool(parts.login), commits_at=frozenset(commits))
    )
    if parts.upload and parts.upload[0].kind != "goto":
        writer.write(_start(parts, addresses, parts.upload[0].number))
        writer.maker.remark(
            0, "The upload starts where the log-in ended, as other work may come between. Check the address."
        )
    for action in parts.upload:
        writer.write(action)
    writer.finish()
    _say_what_is_missing(writer, commits)
    return writer


def _commits(actions: tuple[Action, ...]) -> list[int]:
    """Return the recorded steps that may be irreversible: every click after the file was chosen."""
    file_at = next((at for at, action in enumerate(actions) if action.kind == "file"), len(actions))
    clicks = [a for a in actions[file_at:] if a.kind == "click" and not is_cookie_banner(a)]
    return [a.number for a in clicks if not is_certifying(a) or a is clicks[-1]]


def _start(parts: Parts, addresses: Addresses, number: int) -> Action:
    """Return how to come to where the log-in ended: other work may come between."""
    last_typed = max((at for at, a in enumerate(parts.login) if a.kind == "fill"), default=0)
    landed = next((a.landed_on for a in reversed(parts.login[last_typed:]) if a.landed_on), "")
    is_ours = bool(landed) and addresses.path_of(landed) is not None
    address = landed if is_ours else f"{addresses.origin}/"
    return Action(number, "goto", "start", value=address)


def _say_what_is_missing(writer: StepWriter, commits: list[int]) -> None:
    if not any(isinstance(step, UploadStep) for step in writer.steps):
        writer.maker.remark(0, "No file was chosen in the recording. Record it again and choose any LEDES file.")
    elif not commits:
        writer.maker.remark(0, "No click followed the file. Add the click that sends it and mark it as final.")
    if len(commits) > 1:
        text = "Every click after the file is marked as final. Unmark those that send nothing."
        writer.maker.remark(0, text)
    if not any(isinstance(step, ReadStep) for step in writer.steps):
        writer.maker.remark(0, "Say where the receipt stands after the file was sent: add a step that reads it.")


def _pages(parts: Parts, login: StepWriter, upload: StepWriter) -> dict[str, SitePage]:
    """Let pages identify themselves by what was touched on them, and expect them."""
    pages: dict[str, SitePage] = {}
    first = next((s for s in login.steps if not isinstance(s, GotoStep) and selectors_of(s)), None)
    if first is not None:
        pages["login"] = _expect_before(login.steps, first, "login", "Log-in page")
        if home := _home(parts, login, upload):
            pages["home"] = SitePage(is_here=home)
            login.steps.append(ExpectStep(verb="expect", label="Signed in", page="home"))
    commit = next((s for s in upload.steps if isinstance(s, ClickStep) and s.commit), None)
    if commit is not None:
        pages["upload"] = _expect_before(upload.steps, commit, "upload", "Upload page")
        upload.maker.remark(
            0, "The page is recognised by its button before the final click. Name something that says more."
        )
    return pages


def _home(parts: Parts, login: StepWriter, upload: StepWriter) -> Alternatives:
    """Return what shows that somebody is signed in: what was waited for, or touched next on the same page."""
    last = login.steps[-1]
    if isinstance(last, WaitForStep) and not last.gone:
        login.steps.pop()
        return last.selectors
    starts_there = bool(parts.upload) and parts.upload[0].kind != "goto"
    after = next((s for s in upload.steps if not isinstance(s, GotoStep)), None)
    if starts_there and isinstance(after, ClickStep) and not after.commit:
        login.maker.remark(
            0, "Signed in is recognised by what was clicked next. Check that only a signed-in person sees it."
        )
        return after.selectors
    if isinstance(last, ClickStep):
        # The upload opens an address: gone there too early, it would cross the log-in's own way to its next page.
        gone = WaitForStep(verb="wait_for", label="Log-in page left", selectors=last.selectors[:1], gone=True)
        login.steps.append(gone)
    login.maker.remark(0, "Say how the page after signing in looks: add a page and a step that expects it.")
    return ()


def _expect_before(steps: list[Step], step: Step, page: str, label: str) -> SitePage:
    steps.insert(steps.index(step), ExpectStep(verb="expect", label=label, page=page))
    selectors: Alternatives = selectors_of(step)
    return SitePage(is_here=selectors)


def _whole(parts: Parts, addresses: Addresses) -> list[Remark]:
    remarks = []
    if addresses.hosts:
        visited = ", ".join(addresses.hosts)
        remarks.append(Remark("site", 0, f"The recording also visited {visited}. Allow a host only if you know it."))
    if not parts.logout:
        remarks.append(Remark("logout", 0, "Not recorded: how to sign out."))
    return remarks
