"""What must hold between the parts of a profile, beyond the shape of each part."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carriers.placeholders import FILE_PLACEHOLDERS, HOST_PLACEHOLDERS, names_in
from carriers.steps import (
    CheckStep,
    ClickStep,
    ExpectStep,
    FillStep,
    OtpStep,
    ReadStep,
    ReadTableStep,
    Step,
    StepBase,
    UploadStep,
    selectors_of,
    value_of,
)

if TYPE_CHECKING:
    from carriers.profile import SiteRules, StepListName

LEDES_FILE, PDF_FILE = "{ledes_file}", "{pdf_file}"
_COMMITTING = ("upload", "submit")
EVERY_LIST: tuple["StepListName", ...] = (
    "login",
    "find_invoice",
    "upload",
    "resume",
    "submit",
    "read_result",
    "logout",
)


def check_site(site: "SiteRules") -> None:
    """Refuse a site whose parts do not fit together.

    Raises:
        ValueError: naming every problem and the step where it stands.
    """
    problems = [*_step_problems(site), *_page_problems(site), *_list_problems(site), *_host_problems(site)]
    if problems:
        raise ValueError("; ".join(problems))


def gives_pdf(site: "SiteRules") -> bool:
    """Whether a step gives the PDF of the invoice to the site."""
    return any(isinstance(step, UploadStep) and step.value == PDF_FILE for step in site.steps.upload)


def _step_problems(site: "SiteRules") -> Iterator[str]:
    for name in EVERY_LIST:
        for position, step in enumerate(site.steps.named(name)):
            where = f"steps.{name}[{position}] '{step.label}'"
            yield from (f"{where}: {problem}" for problem in _problems_of(step, name, site))


def _problems_of(step: Step, list_name: str, site: "SiteRules") -> Iterator[str]:
    yield from _placeholder_problems(step, list_name, site)
    if isinstance(step, ExpectStep) and step.page not in site.pages:
        yield f"there is no page '{step.page}'"
    if isinstance(step, ClickStep) and step.commit and list_name not in _COMMITTING:
        yield "a click that cannot be taken back may stand in upload and submit only"
    if isinstance(step, ClickStep | CheckStep) and step.certify and list_name not in _COMMITTING:
        yield "a certification may stand in upload and submit only"
    if isinstance(step, OtpStep) and not any(field.kind == "one_time_code" for field in site.credentials):
        yield "the log-in declares no one-time code"


def _placeholder_problems(step: StepBase, list_name: str, site: "SiteRules") -> Iterator[str]:
    plain = {field.name for field in site.credentials if field.kind == "plain"}
    secret = {field.name for field in site.credentials if field.kind == "secret"}
    known = plain if list_name in {"login", "logout"} else plain | FILE_PLACEHOLDERS
    in_value = known | secret if isinstance(step, FillStep) and list_name == "login" else known
    yield from (f"{{{name}}} is not known here" for name in names_in(value_of(step)) if name not in in_value)
    for selector in selectors_of(step):
        yield from (f"{{{name}}} is not known in a selector here" for name in names_in(selector) if name not in known)


def _page_problems(site: "SiteRules") -> Iterator[str]:
    for name, page in site.pages.items():
        for selector in page.is_here:
            yield from (f"pages.{name}: {{{n}}} is not known" for n in names_in(selector) if n not in FILE_PLACEHOLDERS)


def _host_problems(site: "SiteRules") -> Iterator[str]:
    for pattern in site.allowed_hosts:
        yield from (f"allowed_hosts: {{{n}}} is not known" for n in names_in(pattern) if n not in HOST_PLACEHOLDERS)
        if "*" in pattern.removeprefix("*."):
            yield f"allowed_hosts: '{pattern}' may have '*.' at its start only"


def _list_problems(site: "SiteRules") -> Iterator[str]:
    steps = site.steps
    sending = (*steps.upload, *steps.submit)
    if not any(isinstance(step, UploadStep) and step.value == LEDES_FILE for step in steps.upload):
        yield "steps.upload: no step gives the file to the site"
    if not any(isinstance(step, ClickStep) and step.commit for step in sending):
        yield "steps.upload: no click is marked commit"
    if not any(isinstance(step, ReadStep) and step.into == "receipt" for step in sending):
        yield "steps.upload: the receipt is never read"
    if not any(isinstance(step, ReadStep) and step.into == "decision" for step in steps.read_result):
        yield "steps.read_result: the decision is never read"
    yield from _identity_problems(site)
    yield from _two_commit_problems(site)
    yield from _find_problems(site)


def _identity_problems(site: "SiteRules") -> Iterator[str]:
    for name in _COMMITTING:
        identified = False
        for step in site.steps.named(name):  # type: ignore[arg-type]  # a literal from the tuple above
            identified = identified or isinstance(step, ExpectStep)
            if isinstance(step, ClickStep) and step.commit and not identified:
                yield f"steps.{name} '{step.label}': the page must be expected before a click that cannot be taken back"


def _two_commit_problems(site: "SiteRules") -> Iterator[str]:
    declared = [bool(site.unfinished_statuses), bool(site.steps.resume), bool(site.steps.submit)]
    if any(declared) and not all(declared):
        yield "unfinished_statuses, steps.resume and steps.submit belong together"


def _find_problems(site: "SiteRules") -> Iterator[str]:
    tables = [s for s in site.steps.find_invoice if isinstance(s, ReadTableStep) and s.into == "invoices"]
    if len(tables) != 1:
        yield "steps.find_invoice: exactly one table of invoices must be read"
    for step in tables:
        if step.empty is None:
            yield f"steps.find_invoice '{step.label}': say how an empty list looks, so that a changed page is not one"
        missing = {"invoice_number", "receipt", "amount", "status"} - set(step.table.columns)
        if missing:
            yield f"steps.find_invoice '{step.label}': columns {', '.join(sorted(missing))} are missing"
