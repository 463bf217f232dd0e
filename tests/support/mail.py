"""Gives the tests real SMTP servers, which keep every mail as the bytes that arrived."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.management import call_command

from tests.support.ports import free_port


@dataclass(frozen=True)
class Received:
    """One mail as it arrived: its envelope and its bytes, with the line ends of the wire (CRLF)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


class OldServer(SMTP):
    """A server from before 8BITMIME: it neither offers nor takes 8-bit data."""

    async def push(self, status):
        """Send a line of an answer, but never the offer of 8BITMIME."""
        if status not in ("250-8BITMIME", "250 8BITMIME"):
            await super().push(status)


@dataclass
class SmtpServer:
    """A real SMTP server on 127.0.0.1 that may be stopped and started, and answers as the test wants.

    `answers` maps "MAIL", "RCPT" or "DATA" to a list of replies ("451 4.3.0 Try again later"), each used once and then
    dropped; a command without a reply left is accepted. `received` holds what was accepted, in order.
    """

    eight_bit: bool = True
    answers: dict[str, list[str]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    controller: Controller | None = None

    @property
    def url(self):
        """The EMAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?timeout=5"

    def start(self):
        """Listen, on the same port as before."""
        self.controller = ServerInThread(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        """Listen no more: connections are refused until the next start."""
        if self.controller:
            self.controller.stop()
            self.controller = None

    def to(self, address):
        """Return the mails that arrived for `address`, in order."""
        return [mail for mail in self.received if address in mail.recipients]

    def reply(self, command):
        """Return the reply that the test prepared for `command`, or None."""
        waiting = self.answers.get(command)
        return waiting.pop(0) if waiting else None

    # What aiosmtpd calls:

    async def handle_MAIL(self, server, session, envelope, address, mail_options):  # noqa: N802
        """Answer MAIL FROM."""
        reply = self.reply("MAIL")
        if not reply:
            envelope.mail_from = address
        return reply or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        """Answer RCPT TO."""
        reply = self.reply("RCPT")
        if not reply:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Keep the mail, unless a reply is prepared or an old server is given 8-bit data."""
        if reply := self.reply("DATA"):
            return reply
        if not self.eight_bit and not envelope.original_content.isascii():
            return "554 5.6.1 This server takes 7-bit data only"
        self.received.append(
            Received(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.original_content)),
        )
        return "250 OK"


class ServerInThread(Controller):
    """Runs the server in a thread beside the test."""

    def factory(self):
        """Return the protocol of one connection."""
        protocol = SMTP if self.handler.eight_bit else OldServer
        return protocol(self.handler, **self.SMTP_kwargs)


@dataclass
class Mailbox:
    """One person's mails as they reached a server, each read once."""

    server: SmtpServer
    address: str
    read: int = 0

    def new(self):
        """Send what waits in the outbox, and return the mails that came since the last look."""
        call_command("run_worker", once=True)
        mails = [mail.message for mail in self.server.to(self.address)]
        new, self.read = mails[self.read :], len(mails)
        return new


def link_in(mail, page):
    """Return the address of one of our pages ("confirm", "my", "join") in a mail's text part."""
    return re.search(rf"http://\S+/{page}/[\w-]+/", mail.get_body(("plain",)).get_content())[0]


@pytest.fixture
def make_smtp_server(settings):
    """A function `(**fields of SmtpServer) -> SmtpServer` that starts a server; the site sends to the newest."""
    from pxp.settings import mailer_from_url  # only now: settings are read once, after the database is started

    with ExitStack() as running:

        def make(**fields):
            server = SmtpServer(**fields)
            server.start()
            running.callback(server.stop)
            settings.MAILERS = {"default": mailer_from_url(server.url)}
            return server

        yield make


@pytest.fixture
def smtp_server(make_smtp_server):
    """A real SMTP server that takes every mail, and that the site sends to."""
    return make_smtp_server()
