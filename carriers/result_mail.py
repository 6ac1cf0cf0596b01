"""From a result mail to what it says of invoices, by the patterns of a profile. Trust is judged elsewhere."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

from carriers.outcomes import amount_of, findings_of
from carriers.result_channel import MailPattern, ResultMail
from carriers.result_outcomes import ResultOutcome, ResultReading, told_result

_ROWS = frozenset({"tr", "p", "div", "h1", "h2", "h3", "h4", "li", "table", "ul", "ol", "br", "body"})
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "head", "title"})


def read_result_mail(mail: ResultMail, message: EmailMessage) -> ResultReading:
    """Read a mail by the first pattern whose subject fits and that finds an invoice in it."""
    subject, text = " ".join(str(message["Subject"] or "").split()), mail_text(message)
    known = {word.lower(): kind for word, kind in mail.decisions.items()}
    for pattern in mail.patterns:
        head = re.search(pattern.subject, subject)
        found = list(re.finditer(pattern.invoice, text)) if head else []
        if head and found:
            return _reading(pattern, head, found, text, known)
    return ResultReading(unclear=(f"No layout of the profile fits the mail '{subject}'.",))


def mail_text(message: EmailMessage) -> str:
    """Return the plain part, or else the HTML part as text: one line a row or block, cells joined by ' | '."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    if part.get_content_subtype() == "html":
        parser = _Rows()
        parser.feed(content)
        parser.close()
        return "\n".join(parser.lines())
    return "\n".join(line.replace("\N{NO-BREAK SPACE}", " ").rstrip() for line in content.splitlines())


def _reading(
    pattern: MailPattern,
    head: re.Match[str],
    found: list[re.Match[str]],
    text: str,
    known: dict[str, ResultOutcome],
) -> ResultReading:
    results, unclear = [], []
    ends = [match.start() for match in found[1:]] + [len(text)]
    for match, end in zip(found, ends, strict=True):
        said = {name: value.strip() for name, value in (head.groupdict() | match.groupdict()).items() if value}
        told = told_result(said, known, findings_of(_rows_of(pattern, said, text[match.end() : end])), amount_of)
        if isinstance(told, str):
            unclear.append(told)
        else:
            results.append(told)
    return ResultReading(tuple(results), tuple(unclear))


def _rows_of(pattern: MailPattern, said: dict[str, str], rest: str) -> list[dict[str, str]]:
    rows = [{"message": said["reason"]}] if "reason" in said else []
    for match in re.finditer(pattern.line, rest) if pattern.line else ():
        line = match.groupdict()
        rows.append({
            "line_item_number": (line.get("line") or "").strip(),
            "message": (line.get("reason") or "").strip(),
            "reduction": (line.get("amount") or "").strip(),
        })  # fmt: skip
    return rows


class _Rows(HTMLParser):
    """Collects the text of an HTML mail, row by row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = [[""]]
        self._unseen = 0

    def lines(self) -> list[str]:
        """Return what was collected; rows without text are left out."""
        rows = ([" ".join(cell.split()) for cell in row] for row in self._rows)
        return [" | ".join(cell for cell in row if cell) for row in rows if any(row)]

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        self._unseen += tag in _UNSEEN
        if tag in _ROWS:
            self._rows.append([""])
        elif tag in _CELLS:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """End a row, so that what follows it stands apart."""
        self._unseen -= tag in _UNSEEN
        if tag in _ROWS:
            self._rows.append([""])

    def handle_data(self, data: str) -> None:
        """Add text to the cell at hand."""
        if not self._unseen:
            self._rows[-1][-1] += data
