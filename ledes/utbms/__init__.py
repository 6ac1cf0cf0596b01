"""UTBMS: code lists, classifications, a carrier's own sets, and codes suggested from a narrative."""

from ledes.utbms.carrier_suggestions import suggest_for
from ledes.utbms.code_set import CodeChoice, CodeSet, CustomCode
from ledes.utbms.lists import CodeKind, UtbmsCode, codes, is_activity, is_expense, is_kind, is_task, lookup
from ledes.utbms.suggestions import Suggestion, suggest

__all__ = [
    "CodeChoice",
    "CodeKind",
    "CodeSet",
    "CustomCode",
    "Suggestion",
    "UtbmsCode",
    "codes",
    "is_activity",
    "is_expense",
    "is_kind",
    "is_task",
    "lookup",
    "suggest",
    "suggest_for",
]
