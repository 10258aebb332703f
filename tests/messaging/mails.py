"""Letters that come in, as mail servers and people's programs write them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from takeroot.accounts.models import Centre, Party
from takeroot.messaging.models import Letter
from takeroot.messaging.services import write_letter
from tests.cast import house_of


def a_letter(centre: Centre, *, kind: str = "note", email: str = "amina@people.example") -> Letter:
    """A letter of ours to somebody, sent."""
    with house_of(centre):
        party = Party(centre=centre, kind="person", name="Amina Example", email=email)
        party.save(force_insert=True)
        letter = write_letter(party=party, kind=kind, subject="A question", body="Hello?")
        assert letter is not None
        return Letter.objects.select_related("party", "centre").get(pk=letter.pk)


def answer_to(
    letter: Letter, text: str, *, to: str = "centre@takeroot.example", **headers: Any
) -> bytes:
    """A person's answer, as programs write it: with the letter quoted below."""
    mail = EmailMessage()
    heads = {
        "From": "Amina Example <amina@people.example>",
        "To": to,
        "Subject": f"Re: {letter.subject}",
        "Date": "Mon, 02 Mar 2026 15:30:00 -0400",
        "Message-ID": f"<{abs(hash(text))}@people.example>",
        "In-Reply-To": f"<{letter.pk}@takeroot>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in heads.items():
        if value:
            mail[name] = value
    mail.set_content(f"{text}\n\nOn Mon, Mar 2, 2026 at 9:00 AM the centre wrote:\n> Hello?\n")
    return mail.as_bytes()


def postfix(letter: Letter, *, to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return f"""Return-Path: <>
From: MAILER-DAEMON@mail.takeroot.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: answers@takeroot.example
Auto-Submitted: auto-replied
Message-Id: <20260302.{letter.pk.hex[:6]}{status}@mail.takeroot.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ.1772460000/mail.takeroot.example"

This is a MIME-encapsulated message.

--4XyZ.1772460000/mail.takeroot.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.takeroot.example.

<{to}>: host mx.people.example[203.0.113.9] said: 550 {status} <{to}>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)

--4XyZ.1772460000/mail.takeroot.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.takeroot.example
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; answers@takeroot.example
Arrival-Date: Mon,  2 Mar 2026 15:00:00 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.people.example
Diagnostic-Code: smtp; 550 {status} <{to}>: Recipient address rejected

--4XyZ.1772460000/mail.takeroot.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Takeroot <answers@takeroot.example>
To: {to}
Subject: A question
Message-ID: <{letter.pk}@takeroot>

Hello?

--4XyZ.1772460000/mail.takeroot.example--
""".encode()


def exchange(letter: Letter, *, to: str) -> bytes:
    """Microsoft's: HTML beside the report, the returned letter's head alone."""
    return f"""From: <postmaster@people.example>
To: <answers@takeroot.example>
Date: Mon, 2 Mar 2026 15:01:02 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_000_exchange_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-CA
Message-ID: <exchange-{letter.pk.hex[:8]}@people.example>
In-Reply-To: <{letter.pk}@takeroot>
References: <{letter.pk}@takeroot>
Subject: Undeliverable: A question
Auto-Submitted: auto-replied

--_000_exchange_
Content-Type: multipart/alternative; boundary="_001_exchange_"

--_001_exchange_
Content-Type: text/plain; charset="us-ascii"

Your message to {to} couldn't be delivered.
--_001_exchange_
Content-Type: text/html; charset="us-ascii"

<html><body><p>Your message couldn't be delivered.</p></body></html>
--_001_exchange_--

--_000_exchange_
Content-Type: message/delivery-status

Reporting-MTA: dns;YT1PR01MB0000.CANPRD01.PROD.OUTLOOK.EXAMPLE
Received-From-MTA: dns;mail.takeroot.example
Arrival-Date: Mon, 2 Mar 2026 15:01:00 +0000

Final-Recipient: rfc822;{to}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP
X-Display-Name: Amina Example

--_000_exchange_
Content-Type: text/rfc822-headers

Message-ID: <{letter.pk}@takeroot>
From: Takeroot <answers@takeroot.example>
To: <{to}>
Subject: A question

--_000_exchange_--
""".encode()


def gmail(letter: Letter, *, to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """As the large free mail services write them: pictures inside, codes in the diagnostics."""
    return f"""Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@mailservice.example>
To: answers@takeroot.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{letter.pk}@takeroot>
In-Reply-To: <{letter.pk}@takeroot>
X-Failed-Recipients: {to}
Message-ID: <{letter.pk.hex[:10]}.{action}.GMR@mx.mailservice.example>
Date: Mon, 02 Mar 2026 07:02:00 -0800 (PST)
Content-Type: multipart/report; boundary="00000000aa"; report-type=delivery-status

--00000000aa
Content-Type: multipart/related; boundary="00000000bb"

--00000000bb
Content-Type: text/html; charset="UTF-8"

<html><body><h2>Address not found</h2></body></html>
--00000000bb
Content-Type: image/png; name="icon.png"
Content-Disposition: attachment; filename="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--00000000bb--

--00000000aa
Content-Type: message/delivery-status

Reporting-MTA: dns; mailservice.example
Arrival-Date: Mon, 02 Mar 2026 07:01:59 -0800 (PST)
X-Original-Message-ID: <{letter.pk}@takeroot>

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.mailservice.example.
Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist.
Last-Attempt-Date: Mon, 02 Mar 2026 07:02:00 -0800 (PST)

--00000000aa
Content-Type: message/rfc822

To: {to}
From: Takeroot <answers@takeroot.example>
Subject: A question
Message-ID: <{letter.pk}@takeroot>

Hello?
--00000000aa--
""".encode()
