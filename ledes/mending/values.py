"""One value made fit, where that changes neither its meaning nor a word of it."""

from typing import Final

from ledes.characters import NoAsciiTwinError, is_clean, transliterate
from ledes.mending.days import plain_day
from ledes.mending.numbers import plain_number
from ledes.pipe.layout import Field
from ledes.texts import is_free_text

_KINDS: Final = frozenset({"F", "E", "IF", "IE"})
_TYPE: Final = "EXP/FEE/INV_ADJ_TYPE"


def mend_value(text: str, field: Field) -> tuple[str, str]:
    """Return the value as LEDES wants it and why that is the same; the value itself and '' when it may not be touched.

    Numbers, ids and codes lose spaces around them and the word NULL; only free texts have characters replaced.
    """
    reasons: list[str] = []
    mended = _without_padding(_with_twins(text, field, reasons), reasons)
    if _is_null(mended, field):
        mended = ""
        reasons.append("The word NULL stands for an empty value.")
    return _typed(mended, field, reasons), " ".join(reasons)


def _with_twins(text: str, field: Field, reasons: list[str]) -> str:
    if not is_free_text(field.name) or is_clean(text):
        return text
    try:
        mended, _ = transliterate(text)
    except NoAsciiTwinError:
        return text
    reasons.append("Characters that LEDES cannot carry have these ASCII twins.")
    return mended


def _without_padding(text: str, reasons: list[str]) -> str:
    mended = text.strip()
    if mended != text:
        reasons.append("Spaces around a value mean nothing.")
    return mended


def _is_null(text: str, field: Field) -> bool:
    """Tell the word NULL; a person may well be called Null, so a name must be in capitals to count."""
    return text in {"NULL", "null"} or (text.upper() == "NULL" and not is_free_text(field.name))


def _typed(text: str, field: Field, reasons: list[str]) -> str:
    if field.name == _TYPE and text not in _KINDS and text.upper() in _KINDS:
        reasons.append("The type of a line is written in capitals.")
        return text.upper()
    if field.type == "date" and (day := plain_day(text)) is not None:
        reasons.append("The same day as YYYYMMDD.")
        return day
    number = plain_number(text) if field.is_figure else None
    if number is None or number == text:
        return text
    reasons.append("The same amount in plain digits.")
    return number
