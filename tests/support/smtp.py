"""A real SMTP server that misbehaves on command: silence, a dropped connection, any reply at any point."""

import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy

DROP = "drop"  # close the line without a word
HANG = "hang"  # keep the line open and say nothing

OFFERS = ("SIZE 10000000",)  # an old server: neither 8BITMIME nor SMTPUTF8


@dataclass(frozen=True)
class Arrived:
    """One mail that the server answered with 250: its envelope, its bytes, and the connection that brought it."""

    sender: str
    recipient: str
    raw: bytes
    connection: int

    @property
    def message(self):
        """The mail, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers as `script(command, argument, mail)` says; None is the everyday answer.

    Args:
        script: called with "CONNECT", "EHLO", "MAIL", "RCPT", "DATA" and "END" (after the mail's last byte), the rest
            of the line, and the session so far; returns a reply such as "451 4.3.0 Later", DROP, HANG, or None.
        offers: the extensions it names.
        tls: a server-side ssl.SSLContext for STARTTLS.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, script=None, *, offers=OFFERS, tls=None, port=0):
        super().__init__(("127.0.0.1", port), Session)
        self.script = script or (lambda command, argument, session: None)
        self.offers = offers
        self.tls = tls
        self.arrived = []
        self.commands = []
        self.connections = 0
        self.stopped = threading.Event()
        self.lock = threading.Lock()

    @property
    def port(self):
        """The port it listens on."""
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Say nothing: clients that break off are what these tests are about."""

    def recipients(self):
        """Return who got mail, in order."""
        return [mail.recipient for mail in self.arrived]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True

    def handle(self):
        """Talk until QUIT or the end of the connection."""
        with self.server.lock:
            self.server.connections += 1
            self.number = self.server.connections
        self.sender = self.recipient = ""
        if not self.answer("CONNECT", "", "220 ready"):
            return
        while line := self.rfile.readline():
            command, _, argument = line.decode("latin-1").strip().partition(" ")
            self.server.commands.append(line.decode("latin-1").strip())
            if not getattr(self, f"on_{command.lower()}", self.on_other)(argument):
                return

    def answer(self, command, argument, everyday):
        """Say what the script wants, else the everyday reply. Returns whether the connection stays open."""
        reply = self.server.script(command, argument, self) or everyday
        if reply == HANG:
            self.server.stopped.wait()
        if reply in (HANG, DROP):
            self.request.shutdown(socket.SHUT_RDWR)
            return False
        self.last = reply
        self.wfile.write(f"{reply}\r\n".encode(errors="surrogateescape"))  # "\udce9" is the byte E9
        return not reply.startswith("421")

    def on_ehlo(self, argument):
        """Greet and name the extensions."""
        offers = list(self.server.offers)
        if self.server.tls and not isinstance(self.request, ssl.SSLSocket):
            offers.append("STARTTLS")
        lines = ["127.0.0.1", *offers]
        everyday = "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)
        return self.answer("EHLO", argument, everyday)

    def on_starttls(self, argument):
        """Go on in TLS."""
        self.wfile.write(b"220 go\r\n")
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        return True

    def on_auth(self, argument):
        """Take any password unless the script objects."""
        return self.answer("AUTH", argument, "235 welcome")

    def on_mail(self, argument):
        """Begin a mail."""
        self.sender, self.recipient = argument[argument.index("<") + 1 : argument.index(">")], ""
        return self.answer("MAIL", argument, "250 ok")

    def on_rcpt(self, argument):
        """Note the recipient, if the script takes it."""
        address = argument[argument.index("<") + 1 : argument.index(">")]
        is_open = self.answer("RCPT", address, "250 ok")
        if is_open and self.last.startswith("25"):
            self.recipient = address
        return is_open

    def on_data(self, argument):
        """Read the mail, and keep it if the script takes it."""
        everyday = "354 go on" if self.recipient else "503 nobody to send to"
        if not self.answer("DATA", self.recipient, everyday) or not self.last.startswith("354"):
            return self.last.startswith("354") or not self.last.startswith("421")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b"."))
        mail = Arrived(self.sender, self.recipient, b"".join(lines), self.number)
        is_open = self.answer("END", self.recipient, "250 taken")
        if is_open and self.last.startswith("25"):
            with self.server.lock:
                self.server.arrived.append(mail)
        return is_open

    def on_rset(self, argument):
        """Forget the mail begun."""
        self.sender = self.recipient = ""
        return self.answer("RSET", argument, "250 ok")

    def on_quit(self, argument):
        """End."""
        self.wfile.write(b"221 bye\r\n")
        return False

    def on_other(self, argument):
        """Refuse what it does not know."""
        return self.answer("OTHER", argument, "502 what?")
