"""What mail servers say when they refuse, word for word, and what becomes of the mail: on real SMTP connections.

The texts are those of real servers, with other names and addresses in them.
"""

import pytest

from registration.mail.delivery import Delivery, DeliveryError, Refused, ServerDown, TryLater
from registration.status import MailFault
from tests.support.smtp import ScriptedServer

# What becomes of the mail.
MARKS = "given up, and the address is marked"
DIES = "given up, and the address is not marked"
OURS = "tried again, and organisers are told"
LATER = "tried again"
FULL = "tried again, and organisers are told whose mailbox is full"
STOPS = "no mail leaves for now, and organisers are told"
PAUSES = "no mail leaves for now"

US = "hello@pxp.example.org"
ADA = "ada@example.org"

CASES = [
    # The greeting and HELO: all about us.
    ("CONNECT", "554 5.7.1 192.0.2.7 is listed by zen.spamhaus.org", STOPS),
    ("CONNECT", "554-gmx.example.net\r\n554-No SMTP service\r\n554 Bad DNS PTR resource record.", STOPS),
    ("CONNECT", "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to user complaints", STOPS),
    ("CONNECT", "421 4.3.2 try later", PAUSES),
    ("HELO", "504 5.5.2 <7f3a9c>: Helo command rejected: need fully-qualified hostname", STOPS),
    ("HELO", "550 5.7.1 Helo command rejected: invalid name", STOPS),
    ("HELO", "451 4.3.0 later", PAUSES),
    # MAIL: about us too, but for a mail that is too big or that no server could carry.
    ("MAIL", "550 5.7.1 not you", STOPS),
    ("MAIL", "550 5.1.1 unknown", STOPS),
    ("MAIL", "553 5.1.8 <hello@pxp.example.org>: Sender address rejected: Domain not found", STOPS),
    ("MAIL", "550 5.4.5 Daily user sending limit exceeded. For more information go to 550 5.4.5 gsmtp", STOPS),
    ("MAIL", "552 5.2.2 The sender is over quota", STOPS),
    ("MAIL", "552 sending quota exceeded", STOPS),
    ("MAIL", "530 5.7.0 Must issue a STARTTLS command first", STOPS),
    ("MAIL", "552 5.3.4 Message size exceeds fixed limit", DIES),
    ("MAIL", "552 message too big", DIES),
    ("MAIL", "555 5.6.7 SMTPUTF8 needed", DIES),
    ("MAIL", "451 4.3.0 later", LATER),
    ("MAIL", "421 4.7.0 busy", PAUSES),
    # RCPT: this person's address does not work.
    ("RCPT", "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking", MARKS),
    ("RCPT", "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown in relay recipient table", MARKS),
    ("RCPT", "550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist", MARKS),
    ("RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", MARKS),
    ("RCPT", "550 5.1.2 <ada@example.org>: Recipient address rejected: Domain not found", MARKS),
    ("RCPT", "501 5.1.3 Bad recipient address syntax", MARKS),
    ("RCPT", "550 5.1.6 recipient no longer on server", MARKS),
    ("RCPT", "556 5.1.10 Recipient address has null MX", MARKS),
    ("RCPT", "550 5.2.1 The email account that you tried to reach is disabled", MARKS),
    ("RCPT", "550 5.4.1 Recipient address rejected: Access denied. [AM7.prod.protection.outlook.com]", MARKS),
    ("RCPT", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)", MARKS),
    ("RCPT", "550 #5.1.0 Address rejected.", MARKS),
    ("RCPT", "550 sorry, no mailbox here by that name (#5.1.1)", MARKS),
    ("RCPT", "550 user unknown", MARKS),
    ("RCPT", "550 <ada@example.org>: Recipient address rejected: User unknown in relay recipient table", MARKS),
    ("RCPT", "550", MARKS),
    ("RCPT", "550 Invalid User", MARKS),
    ("RCPT", "550 Message was not accepted -- invalid mailbox. Local mailbox is unavailable: account blocked", MARKS),
    ("RCPT", "551 User not local", MARKS),
    ("RCPT", "553 mailbox name not allowed", MARKS),
    ("RCPT", "554 30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30).", MARKS),
    # RCPT: it is about us, or it may pass.
    ("RCPT", "504 5.5.2 <7f3a9c>: Helo command rejected: need fully-qualified hostname", OURS),
    ("RCPT", "504 <7f3a9c>: Helo command rejected: need fully-qualified hostname", OURS),
    ("RCPT", "550 <7f3a9c>: HELO name is not mine to know", OURS),
    ("RCPT", "550 5.1.7 <hello@pxp.example.org>: Sender address rejected: undeliverable address", OURS),
    ("RCPT", "550 5.1.8 <hello@pxp.example.org>: Sender address rejected: Domain not found", OURS),
    ("RCPT", "550 5.1.2 Sender domain does not resolve", OURS),
    (
        "RCPT",
        "550-Verification failed for <hello@pxp.example.org>\r\n550-No Such User Here\r\n550 Sender verify failed",
        OURS,
    ),
    ("RCPT", "550 JunkMail rejected - mail.example.org [192.0.2.7] is in an RBL", OURS),
    ("RCPT", "550 Blocked - see https://www.spamcop.net/bl.shtml?192.0.2.7", OURS),
    ("RCPT", "550 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", OURS),
    ("RCPT", "550 5.1.1 Mail refused: 192.0.2.7 is on a blocklist", OURS),
    (
        "RCPT",
        "550 5.7.1 Unfortunately, messages from [192.0.2.7] weren't sent. Your network is on our block list",
        OURS,
    ),
    ("RCPT", "550 5.7.606 Access denied, banned sending IP [192.0.2.7]", OURS),
    ("RCPT", "550 5.7.1 <ada@example.org>: Recipient address rejected: Access denied", OURS),
    ("RCPT", "554 5.7.1 <ada@example.org>: Relay access denied", OURS),
    ("RCPT", "550 relay not permitted", OURS),
    ("RCPT", "550 we do not relay", OURS),
    ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", OURS),
    ("RCPT", "550 Administrative prohibition", OURS),
    ("RCPT", "550 Access denied", OURS),
    ("RCPT", "550 rejected for policy reasons", OURS),
    ("RCPT", "550 SPF check failed", OURS),
    ("RCPT", "550 reverse DNS lookup failed", OURS),
    ("RCPT", "550 Domain frequency limited", OURS),
    ("RCPT", "550 5.4.5 Daily sending quota exceeded", OURS),
    ("RCPT", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more", OURS),
    ("RCPT", "552 5.2.2 The email account that you tried to reach is over quota", FULL),
    ("RCPT", "550 5.2.2 mailbox full", FULL),
    ("RCPT", "550 mailbox full", FULL),
    ("RCPT", "552 over quota", FULL),
    ("RCPT", "550 4.2.2 mailbox full", FULL),
    ("RCPT", "552 5.2.0 Quota exceeded (mailbox for user is full)", FULL),
    ("RCPT", "550 5.1.1 <ada@example.org>: Recipient's mailbox is full", FULL),
    ("RCPT", "550 5.7.1 Your account's sending quota is exceeded", OURS),
    ("RCPT", "550 temporarily unavailable, come back", OURS),
    ("RCPT", "550 5.5.0 Service refuse. Veuillez essayer plus tard.", OURS),
    ("RCPT", "554 5.4.4 unable to route", OURS),
    ("RCPT", "571 5.7.1 no", OURS),
    ("RCPT", "530 5.7.0 Authentication required", STOPS),
    ("RCPT", "552 5.2.3 Message length exceeds the limit of this mailbox", DIES),
    # 4xx passes by itself; organisers hear of it only where the server names us.
    ("RCPT", "450 4.2.0 <ada@example.org>: Recipient address rejected: Greylisted", LATER),
    ("RCPT", "451 4.7.1 Sender not known yet, greylisting in action", LATER),
    ("RCPT", "450 4.1.1 <ada@example.org>: unverified address", LATER),
    ("RCPT", "450 5.1.1 <ada@example.org>: User unknown", LATER),
    ("RCPT", "452 4.2.2 mailbox full", LATER),
    ("RCPT", "452 4.5.3 too many recipients", LATER),
    ("RCPT", "450 4.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.7]", OURS),
    ("RCPT", "450 4.1.8 <hello@pxp.example.org>: Sender address rejected: Domain not found", OURS),
    ("RCPT", "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to user complaints", OURS),
    # The address itself may hold a word that blames.
    ("RCPT policy@spamhaus.example.org", "550 <policy@spamhaus.example.org>: user unknown", MARKS),
    # DATA.
    ("DATA", "550 5.1.1 unknown user", MARKS),
    ("DATA", "550 no", OURS),
    ("DATA", "554 5.7.1 no", OURS),
    ("DATA", "451 4.3.0 later", LATER),
    # After the mail's last byte. A bare code is then more often about the mail.
    ("END", "550 5.1.1 unknown user", MARKS),
    ("END", "554 delivery error: dd This user doesn't have a yahoo.example account", MARKS),
    ("END", "550 5.4.5 Daily user sending limit exceeded", OURS),
    ("END", "554 5.2.0 STOREDRV.Deliver.Exception", OURS),
    ("END", "552 5.2.2 over quota", FULL),
    ("END", "550 5.7.26 This mail has been blocked because the sender is unauthenticated.", OURS),
    ("END", "550-5.7.26 Unauthenticated email is not accepted due to\r\n550 5.7.26 the domain's DMARC policy", OURS),
    ("END", "554 Message not allowed - [PH01] Email not accepted for policy reasons.", OURS),
    ("END", "550 High probability of spam", OURS),
    ("END", "550 rejected", OURS),
    ("END", "554 transaction failed", OURS),
    ("END", "550 5.0.0 refused", OURS),
    ("END", "552 5.3.4 too big", DIES),
    ("END", "552 sorry, that message size exceeds my databytes limit (#5.3.4)", DIES),
    ("END", "552 message size exceeds limit", DIES),
    ("END", "552 5.2.3 message too long for this mailbox", DIES),
    ("END", "554 5.6.0 malformed header", DIES),
    ("END", "451 4.7.1 later", LATER),
]


def script_for(command, reply):
    """Return a script that gives one reply to a command; HELO means EHLO and, after its refusal, HELO."""
    commands = {"HELO": ("EHLO", "OTHER")}.get(command, (command,))
    return lambda asked, argument, session: reply if asked in commands else None


def fate(error):
    """What becomes of a mail that ended with this error, in the words of the table."""
    match error:
        case Refused():
            return MARKS if error.is_address else DIES
        case TryLater():
            return {"": LATER, MailFault.SERVER: OURS, MailFault.MAILBOX: FULL}[error.fault]
        case ServerDown():
            return STOPS if error.is_fault else PAUSES


@pytest.mark.parametrize("offers", [(), ("PIPELINING",)], ids=["", "pipelining"])
@pytest.mark.parametrize(("asked", "reply", "expected"), CASES)
def test_refusal_ends_as_its_fault_deserves(asked, reply, expected, offers):
    command, _, recipient = asked.partition(" ")
    recipient = recipient or ADA

    with ScriptedServer(script_for(command, reply), offers=offers) as server:
        delivery = Delivery({"host": "127.0.0.1", "port": server.port, "timeout": 5})
        with pytest.raises(DeliveryError) as caught:
            delivery.send(b"Subject: x\r\n\r\nx\r\n", sender=US, recipient=recipient)
        delivery.close()

    assert fate(caught.value) == expected
    assert recipient not in str(caught.value)
