"""What a carrier will say about a bill's lines before it sees them: its guidelines, its codes, and LEDES itself."""

from collections.abc import Iterator, Sequence
from functools import partial

from carriers.profile import CarrierProfile
from guidelines.bill import Bill
from guidelines.engine import RuleBook
from guidelines.exceptions import GrantedException
from guidelines.history import History
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Action
from ledes.characters import NoAsciiTwinError, is_clean, transliterate
from ledes.utbms import CodeKind

CODE_NOT_TAKEN = "code_not_taken"
CHARACTERS = "characters"
NO_HISTORY = History()
_CODES: tuple[tuple[CodeKind, str], ...] = (
    ("task", "task_code"),
    ("activity", "activity_code"),
    ("expense", "expense_code"),
)


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
                make = partial(GuidelineFinding, CODE_NOT_TAKEN, Action.BLOCK, line.key, rule_id=CODE_NOT_TAKEN)
                yield make(refusal)


def _character_findings(line: GuidelineLine) -> Iterator[GuidelineFinding]:
    try:
        transliterate(line.narrative)
    except NoAsciiTwinError as homeless:
        yield GuidelineFinding(CHARACTERS, Action.BLOCK, line.key, homeless.user_message, CHARACTERS)
