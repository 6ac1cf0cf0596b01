"""UTBMS: code lists, classifications, a carrier's own sets, and codes suggested from a narrative."""

from ledes.utbms.lists import CodeKind, UtbmsCode, codes, is_activity, is_expense, is_kind, is_task, lookup

__all__ = ["CodeKind", "UtbmsCode", "codes", "is_activity", "is_expense", "is_kind", "is_task", "lookup"]
