"""Fixtures for real SMTP servers, which keep the bytes of every mail."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from django.core.management import call_command

from tests.support.ports import free_port
from tests.support.smtp import Arrived, ScriptedServer


@dataclass
class SmtpServer:
    """A ScriptedServer on 127.0.0.1 that may be stopped and started, and answers as the test wants.

    `answers` maps "MAIL", "RCPT" or "END" (after the mail's last byte) to a list of replies ("451 4.3.0 Try again
    later"), each used once; a command without a reply left is accepted. `received` holds what was accepted, in order.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    received: list[Arrived] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self):
        """The EMAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?timeout=30"

    def start(self):
        """Listen, on the same port as before."""
        server = ScriptedServer(self.reply, port=self.port)
        server.arrived = self.received
        self.running.enter_context(server)

    def stop(self):
        """Listen no more: connections are refused until the next start."""
        self.running.close()

    def to(self, address):
        """Return the mails that arrived for `address`, in order."""
        return [mail for mail in self.received if mail.recipient == address]

    def reply(self, command, argument, session):
        """Return the reply that the test prepared for `command`, or None."""
        waiting = self.answers.get(command)
        return waiting.pop(0) if waiting else None


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
