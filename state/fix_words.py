"""What a finding's ready fix does, in the words on its button."""

from decimal import Decimal

from core.money import as_dollars, line_amount
from models.enums import EntryKind
from services.rules.finding_fixes import ReadyFix
from state.words import units

_PLAIN = {"write_off": "Write off", "split": "Propose a split…"}


def fix_words(fix: ReadyFix | None, *, kind: EntryKind | None, whole_amount: Decimal) -> str:
    """Return the button's words, '' for no fix; `whole_amount` is what the line bills without an adjustment."""
    if fix is None:
        return ""
    if fix.kind == "set_code":
        return f"Move to {fix.code}"
    if fix.value is None:
        return _PLAIN.get(fix.kind, "")
    if fix.kind == "cut_units":
        return f"Bill {units(fix.value)} h" if kind is EntryKind.FEE else f"Bill {fix.value.normalize():f} units"
    return f"Cut to {as_dollars(fix.value)}" if fix.kind == "cut_rate" else _reduced(fix.value, whole_amount)


def _reduced(amount: Decimal, whole: Decimal) -> str:
    percent = round(amount * 100 / whole) if whole else 0
    # Only the percent that leads to this very cent is named.
    if percent and line_amount(whole, Decimal(percent) / 100) == amount:
        return f"Reduce to {percent} % ({as_dollars(amount)})"
    return f"Reduce to {as_dollars(amount)}"
