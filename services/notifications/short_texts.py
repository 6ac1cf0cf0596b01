"""A message for a phone, in one text, and for a chat, in Slack's own marks."""

from typing import Any

from services.notifications.digests import Digest, Group

_LONGEST_TEXT = 300
_LONGEST_BLOCK = 2900
_MOST_BLOCKS = 40


def phone_text(digest: Digest) -> str:
    """Return a text: what it is about and one address, of the row when there is one notice."""
    url = digest.first.url if digest.count == 1 else digest.url
    room = _LONGEST_TEXT - len(url) - len("Billing: . ")
    subject = digest.subject if len(digest.subject) <= room else f"{digest.subject[: room - 1]}…"
    return f"Billing: {subject}. {url}"


def chat_blocks(digest: Digest) -> list[dict[str, Any]]:
    """Return the message as blocks: a heading and a list of links for each kind."""
    blocks: list[dict[str, Any]] = []
    for group in digest.groups:
        blocks += [_section(text) for text in _parts(group)]
    return blocks[:_MOST_BLOCKS]


def plain_blocks(text: str) -> list[dict[str, Any]]:
    """Return one paragraph."""
    return [_section(escaped(text))]


def escaped(text: str) -> str:
    """Return a text in which Slack sees no marks: no link, no mention, no '@channel'."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Stars, underscores and backquotes mark only at a word's edge; a zero-width space takes that from them.
    return "".join(f"\u200b{letter}" if letter in "*_~`" else letter for letter in plain)


def _parts(group: Group) -> list[str]:
    """Return the text of a group in parts that each fit into a block."""
    lines = [f"*{escaped(group.counted)}*"]
    lines += [f"• <{line.url}|{escaped(line.title)}>  {escaped(line.hint)}" for line in group.lines]
    if group.more:
        lines.append(f"<{group.more_url}|and {group.more:,} more>")
    parts = [""]
    for line in lines:
        if len(parts[-1]) + len(line) > _LONGEST_BLOCK:
            parts.append("")
        parts[-1] += f"\n{line}" if parts[-1] else line
    return parts


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
