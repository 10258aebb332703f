"""Where letters come in: a maildir folder, filled by the mail server or by `takeroot lmtp`.

A letter leaves the folder only after what it says is stored; whoever dies in between reads it
again, and the database knows it already.
"""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from takeroot.messaging.mime import MOST_BYTES

# Letters that answer nothing of ours: kept aside for a while for the operator, then deleted.
ASIDE = "aside"
KEPT_ASIDE = timedelta(days=14)
AT_ONCE = 200


def open_inbox() -> mailbox.Maildir:
    folder = Path(settings.INBOX)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder, create=True)


def put_in(raw: bytes) -> str:
    """Lay a letter into the inbox, safely on the disk when this returns."""
    return open_inbox().add(raw)


def waiting(box: mailbox.Maildir) -> Iterator[tuple[str, bytes]]:
    """(key, bytes) of what has come in, oldest first; of what is far too large only the beginning,
    so that it is recognized and put aside."""
    for key in sorted(box.keys())[:AT_ONCE]:
        try:
            with box.get_file(key) as handle:
                raw = handle.read(MOST_BYTES + 1)
        except (KeyError, OSError):
            continue  # another worker was quicker
        yield key, raw


def done_with(box: mailbox.Maildir, key: str) -> None:
    box.discard(key)


def put_aside(box: mailbox.Maildir, key: str) -> None:
    """Out of the way, and still there for the operator to look at."""
    message = box.get_message(key) if key in box else None
    if message is not None:
        box.add_folder(ASIDE).add(message)
        box.discard(key)


def forget_aside(box: mailbox.Maildir) -> int:
    """Delete what has lain aside long enough. Returns how many."""
    if ASIDE not in box.list_folders():
        return 0
    folder = box.get_folder(ASIDE)
    limit = (timezone.now() - KEPT_ASIDE).timestamp()
    old = [key for key, message in folder.items() if message.get_date() < limit]
    for key in old:
        folder.discard(key)
    return len(old)
