"""`takeroot lmtp`: the mail server of this machine hands letters over, one by one (RFC 2033).

What was accepted lies in the inbox, on the disk. Whether it answers anything is found out later,
by the worker: the mail server never waits for the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from takeroot.messaging.inbox import put_in
from takeroot.messaging.mime import MOST_BYTES

ACCEPTED = "250 2.0.0 kept"
DISK = "451 4.3.0 cannot be written now; try again"


class Keeper:
    """Keeps what is handed over."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        to = ", ".join(envelope.rcpt_tos)
        try:
            # To whom it was handed over: the address in the head may be another (a forwarder).
            await asyncio.to_thread(put_in, f"X-Original-To: {to}\r\n".encode() + raw)
        except OSError:
            return DISK
        return ACCEPTED


class NotHere(ValueError):
    """Asked to listen where strangers could reach it."""


def on_loopback(host: str) -> str:
    """The address, if only this machine reaches it; raises NotHere."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotHere(host)
    return host


def serve_lmtp(*, host: str, port: int) -> None:
    """Listen until told to stop."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: LMTP(Keeper(), data_size_limit=MOST_BYTES, enable_SMTPUTF8=True),
            host=on_loopback(host),
            port=port,
        )
        async with server:
            await server.serve_forever()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
