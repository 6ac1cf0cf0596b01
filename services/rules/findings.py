"""What a carrier will say about a bill's lines before it sees them: its guidelines, its codes, and LEDES itself."""

from collections.abc import Iterator, Sequence

from carriers.profile import CarrierProfile
from guidelines.bill import Bill
from guidelines.engine import RuleBook
from guidelines.exceptions import GrantedException
from guidelines.fixes import CodeField, SetCode
from guidelines.history import History
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Action
from ledes.characters import NoAsciiTwinError, is_clean, transliterate
from ledes.utbms import CodeKind
from ledes.utbms.carrier_suggestions import suggest_for

CODE_NOT_TAKEN = "code_not_taken"
CHARACTERS = "characters"
NO_HISTORY = History()
_CODES: tuple[tuple[CodeKind, CodeField], ...] = (
    ("task", "task_code"),
    ("activity", "activity_code"),
    ("expense", "expense_code"),
)


_MOST_BOOKS = 64
_made: dict[int, tuple[CarrierProfile, "CarrierBook"]] = {}


def book_of(profile: CarrierProfile) -> "CarrierBook":
    """Return a profile made ready, the same for the very same profile."""
    known = _made.get(id(profile))
    if known is not None and known[0] is profile:
        return known[1]
    book = CarrierBook(profile)
    if len(_made) >= _MOST_BOOKS:
        _made.clear()
    # The profile is kept beside its book, so that its identity is not given to another.
    _made[id(profile)] = (profile, book)
    return book


class CarrierBook:
    """A carrier's profile made ready for any number of bills."""

    def __init__(self, profile: CarrierProfile) -> None:
        self._codes = profile.codes
        self._is_plain_text = not profile.format.dialect.is_xml
        self._rules = RuleBook(profile.guidelines)

    def findings(
        self,
        lines: Sequence[GuidelineLine],
        *,
        bill: Bill,
        history: History = NO_HISTORY,
        permissions: Sequence[GrantedException] = (),
    ) -> list[GuidelineFinding]:
        """Return every finding; `line_key` tells which line, '' the bill as a whole."""
        found = self._rules.check(lines, bill=bill, history=history, exceptions=permissions)
        for line in lines:
            found += self._code_findings(line)
            if self._is_plain_text and not is_clean(line.narrative):
                found += _character_findings(line)
        return found

    def _code_findings(self, line: GuidelineLine) -> Iterator[GuidelineFinding]:
        for kind, field in _CODES:
            code = getattr(line, field)
            refusal = self._codes.refusal(code, kind, line.worked_on) if code else None
            if refusal:
                fix = self._other_code(line, kind, field)
                yield GuidelineFinding(CODE_NOT_TAKEN, Action.BLOCK, line.key, refusal, CODE_NOT_TAKEN, fix)

    def _other_code(self, line: GuidelineLine, kind: CodeKind, field: CodeField) -> SetCode | None:
        """Propose what the carrier takes in its place, else the likeliest code by the narrative; nothing by default."""
        if newer := self._codes.replacement(getattr(line, field), kind, line.worked_on):
            return SetCode(field, newer.code, f"this carrier takes {newer.code} ({newer.label}) in its place.")
        found = suggest_for(self._codes, line.narrative, kind=kind, on=line.worked_on, limit=1)
        return SetCode(field, found[0].code, found[0].reason) if found else None


def _character_findings(line: GuidelineLine) -> Iterator[GuidelineFinding]:
    try:
        transliterate(line.narrative)
    except NoAsciiTwinError as homeless:
        yield GuidelineFinding(CHARACTERS, Action.BLOCK, line.key, homeless.user_message, CHARACTERS)
