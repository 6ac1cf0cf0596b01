"""A finding's ready fix as it is stored: its kind and its values, amounts as text."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from guidelines.fixes import CutAmount, CutRate, CutUnits, Fix, SetCode, Split, WriteOff

_KINDS: Mapping[str, type[Any]] = {
    "cut_rate": CutRate,
    "cut_units": CutUnits,
    "cut_amount": CutAmount,
    "write_off": WriteOff,
    "set_code": SetCode,
    "split": Split,
}
_NAMES = {fix: name for name, fix in _KINDS.items()}
_DECIMALS = frozenset({"unit_cost", "units", "amount"})


@dataclass(frozen=True)
class ReadyFix:
    """A fix as screens show it: its kind, the dollars or units it leaves, the code and why, or the texts of a split."""

    kind: str
    value: Decimal | None = None
    code: str = ""
    reason: str = ""
    parts: tuple[str, ...] = ()

    @property
    def is_one_click(self) -> bool:
        """Whether it is carried out at once; a split asks the line's timekeeper first."""
        return self.kind != "split"


def stored_fix(fix: Fix | None) -> dict[str, Any] | None:
    """Return a fix as JSON: {'kind': 'cut_rate', 'unit_cost': '285.00'}; None stays None."""
    if fix is None:
        return None
    values = {field.name: getattr(fix, field.name) for field in fields(fix)}
    return {"kind": _NAMES[type(fix)], **{name: _plain(value) for name, value in values.items()}}


def read_fix(stored: Mapping[str, Any] | None) -> Fix | None:
    """Return what `stored_fix` wrote."""
    if stored is None:
        return None
    values = {name: _value(name, value) for name, value in stored.items() if name != "kind"}
    fix: Fix = _KINDS[stored["kind"]](**values)
    return fix


def ready_fix(stored: Mapping[str, Any] | None) -> ReadyFix | None:
    """Return what `stored_fix` wrote, for those who show it."""
    if stored is None:
        return None
    value = next((Decimal(stored[name]) for name in _DECIMALS if name in stored), None)
    texts = {name: stored[name] for name in ("code", "reason") if name in stored}
    return ReadyFix(stored["kind"], value, parts=tuple(stored.get("parts", ())), **texts)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def _value(name: str, value: object) -> object:
    if name in _DECIMALS:
        return Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value
