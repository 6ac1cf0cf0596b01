"""What a carrier will say about a proforma's lines before it sees them: its guidelines, its codes, and LEDES itself."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from carriers.profile import CarrierProfile, Codes
from core.errors import InvalidInputError
from guidelines.engine import check
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Action
from ledes.characters import NoAsciiTwinError, is_clean, transliterate

CODE_NOT_TAKEN = "code_not_taken"
CHARACTERS = "characters"


def findings_of(
    profile: CarrierProfile, lines: Sequence[GuidelineLine], *, invoice_date: date
) -> list[GuidelineFinding]:
    """Return every finding; `line_key` tells which line."""
    found = check(profile.guidelines, lines, invoice_date=invoice_date)
    for line in lines:
        found += _code_findings(profile.codes, line)
        if not is_clean(line.narrative):
            found += _character_findings(line)
    return found


def suggestion(
    profile: CarrierProfile, lines: Sequence[GuidelineLine], *, line_key: str, rule: str, invoice_date: date
) -> Decimal:
    """Return the units that a rule would leave on a line; 0 = write the line off.

    Raises:
        InvalidInputError: the rule suggests nothing for this line, or does not find it any more.
    """
    for found in check(profile.guidelines, lines, invoice_date=invoice_date):
        if (found.line_key, found.rule) == (line_key, rule) and found.suggested_units is not None:
            return found.suggested_units
    raise InvalidInputError("There is no ready fix for this finding any more. Nothing was changed; edit the line.")


def _code_findings(codes: Codes, line: GuidelineLine) -> Iterator[GuidelineFinding]:
    pairs = ((codes.task, line.task_code), (codes.activity, line.activity_code), (codes.expense, line.expense_code))
    for allowed, code in pairs:
        if code and allowed is not None and code not in allowed:
            sentence = f"This carrier does not take code {code}. Choose one of its list."
            yield GuidelineFinding(CODE_NOT_TAKEN, Action.BLOCK, line.key, sentence)


def _character_findings(line: GuidelineLine) -> Iterator[GuidelineFinding]:
    try:
        transliterate(line.narrative)
    except NoAsciiTwinError as homeless:
        yield GuidelineFinding(CHARACTERS, Action.BLOCK, line.key, homeless.user_message)
