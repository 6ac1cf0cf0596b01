"""The sites' outgoing mail: a decision that is published by e-mail goes into a Maildir folder, once."""

from collections.abc import Iterator, Sequence
from email.utils import formatdate
from itertools import groupby
from mailbox import Maildir
from pathlib import Path

from sandbox.portals.clock import SiteClock
from sandbox.portals.faults import FaultBoard, FaultKind, PageKind
from sandbox.portals.mail import enveloped, letter_of
from sandbox.portals.store import Post, Store
from sandbox.portals.world import Carrier, Mail, World

DIGEST = "digest"


class PostOffice:
    """Writes the mails of every carrier that has an address to send from. One thread uses it."""

    def __init__(self, folder: Path, world: World, store: Store, faults: FaultBoard, clock: SiteClock) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._box = Maildir(folder, create=True)
        self._world, self._store, self._faults, self._clock = world, store, faults, clock

    def deliver_due(self, *, at_once: bool = False) -> int:
        """Mail the decisions that are published and not mailed yet; digests only when their time has come, or at once.

        Returns how many mails were written.
        """
        written = 0
        for carrier in self._world.carriers.values():
            if carrier.mail is None:
                continue
            for posts in self._mails(carrier, carrier.mail, at_once=at_once):
                self._send(carrier, carrier.mail, posts)
                written += 1
        return written

    def _mails(self, carrier: Carrier, mail: Mail, *, at_once: bool) -> Iterator[list[Post]]:
        """Yield the posts of each mail: one by one, or all of a digest together."""
        now = self._clock.now_ms()
        due = sorted(self._store.unmailed(carrier.slug, now), key=lambda post: mail.layout_of(post.decision or ""))
        for layout, posts in groupby(due, key=lambda post: mail.layout_of(post.decision or "")):
            waiting = list(posts)
            if layout != DIGEST:
                yield from ([post] for post in waiting)
            elif at_once or now >= min(post.decide_ms or 0 for post in waiting) + mail.digest_seconds * 1000:
                yield waiting

    def _send(self, carrier: Carrier, mail: Mail, posts: Sequence[Post]) -> None:
        now, site = self._clock.now_ms(), posts[0].site
        letter = letter_of(carrier, mail, posts, now)
        message_id = f"<{posts[0].id:08d}.{now}@{mail.domain}>"
        verdict = "fail" if self._faults.take(site, FaultKind.FORGED_MAIL, PageKind.RESULT) else "pass"
        message = enveloped(letter, mail, message_id, formatdate(now / 1000), verdict)
        copies = 2 if self._faults.take(site, FaultKind.REPEATED_MAIL, PageKind.RESULT) else 1
        for _ in range(copies):
            self._box.add(message.as_bytes())
        self._store.mark_mailed([post.id for post in posts], message_id, now)
