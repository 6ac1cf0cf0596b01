"""What was typed while signing in, as declared credentials: no text that was typed there is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from carriers.profile import CredentialField
from carriers.recordings.fields import credential_name, login_purpose
from carriers.recordings.recording import Action

CODE = "totp"


@dataclass(frozen=True)
class TypedCredentials:
    """The log-in's fields.

    Attributes:
        names: credential by the number of the recorded step; CODE where a one-time code was typed.
        secrets: the texts that may not be kept; `plain` is the placeholder name by typed text.
    """

    fields: tuple[CredentialField, ...]
    names: dict[int, str]
    secrets: frozenset[str]
    plain: dict[str, str]


def read_credentials(login: Sequence[Action]) -> TypedCredentials:
    """Name every text that was typed while signing in."""
    fields: dict[str, CredentialField] = {}
    names: dict[int, str] = {}
    by_value: dict[str, str] = {}
    typed = [action for action in login if action.kind == "fill"]
    for at, action in enumerate(typed):
        field = _field(action, by_value, fields, is_last=at == len(typed) - 1)
        fields.setdefault(field.name, field)
        names[action.number] = field.name
        if field.kind != "one_time_code":
            by_value.setdefault(action.value, field.name)
    kinds = {name: field.kind for name, field in fields.items()}
    texts = [(a.value, names[a.number]) for a in typed if a.value]
    return TypedCredentials(
        fields=tuple(fields.values()),
        names=names,
        secrets=frozenset(text for text, name in texts if kinds[name] != "plain"),
        plain={text: name for text, name in texts if kinds[name] == "plain"},
    )


def _field(
    action: Action, by_value: dict[str, str], fields: dict[str, CredentialField], *, is_last: bool
) -> CredentialField:
    purpose = login_purpose(action, after_secret=any(f.kind == "secret" for f in fields.values()))
    if purpose == "code":
        return CredentialField(name=CODE, label="One-time code", kind="one_time_code")
    if action.value in by_value:
        return fields[by_value[action.value]]
    if purpose == "user" and "username" not in fields:
        return CredentialField(name="username", label="User name", kind="plain")
    if "password" not in fields and (purpose == "secret" or is_last):
        return CredentialField(name="password", label="Password", kind="secret")
    name = _free_name(credential_name(action), fields)
    return CredentialField(name=name, label=name.replace("_", " ").capitalize(), kind="secret")


def _free_name(wanted: str, fields: dict[str, CredentialField]) -> str:
    name = wanted if wanted not in {"username", "password", CODE} else f"{wanted}_other"
    while name in fields:
        name += "_more"
    return name
