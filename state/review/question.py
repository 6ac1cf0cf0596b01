"""What a question before an edit is made of: its words and its fields, in one form for all of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Option:
    """One choice of a field."""

    value: str
    label: str


@dataclass(frozen=True)
class EditField:
    """One field; `kind` is 'decimal', 'text', 'area', 'date', 'choice', 'code' or 'tick'. A code names its list."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    is_required: bool = False
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """What is asked; `asks_matter` when another matter has to be chosen first."""

    kind: str = ""
    title: str = ""
    text: str = ""
    action: str = ""
    tone: str = "iris"
    asks_matter: bool = False
    fields: tuple[EditField, ...] = ()
