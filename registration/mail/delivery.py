"""Hands rendered mails to the mail server (SMTP, RFC 5321), and reports one of four results.

Sent: `send` returns. Otherwise it raises `Refused` (for good), `TryLater` (this mail, not now) or `ServerDown` (no mail
at all, now). The bytes are sent unchanged; they are ASCII, so any server accepts them.
"""

# mypy: no-strict-optional
# `smtp` is there during a conversation.

import email.policy
import re
import smtplib
import ssl
from collections.abc import Callable
from email.header import Header
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from registration.addresses import ascii_domain
from registration.mail.refusals import Cause, find_cause
from registration.status import MailFault


class DeliveryError(Exception):
    """The server did not accept a mail. The text says why, for organisers, without anybody's address."""


class Refused(DeliveryError):
    """The server will never accept this mail. With `is_address`, because of the recipient's address."""

    def __init__(self, reason: str, *, is_address: bool = False) -> None:
        super().__init__(reason)
        self.is_address = is_address


class TryLater(DeliveryError):
    """The server did not accept this mail now. With `may_have_arrived`, nobody knows whether it did.

    With a `fault` (a MailFault) retries alone may not help: organisers should know.
    """

    def __init__(self, reason: str, *, may_have_arrived: bool = False, fault: str = "") -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived
        self.fault = fault


class ServerDown(DeliveryError):
    """The server accepts no mail from us now: unreachable, silent, wrong password, no TLS, sender not allowed.

    With `began`, we had logged in and begun a mail: then that mail may be the cause. With `is_fault` organisers should
    know.
    """

    def __init__(self, reason: str, *, began: bool = False, is_fault: bool = False) -> None:
        super().__init__(reason)
        self.began = began
        self.is_fault = is_fault


class _OurHeaders(email.policy.EmailPolicy):
    """Headers as Python writes them, but for two things.

    Python 3.13 makes an encoded word of an address that is longer than a line, and no program finds a link in it. And
    it creates a class, parses and folds for each header of each part of each mail: a fifth of the time for a mail.
    """

    def header_max_count(self, name: str) -> int | None:
        """Return how many headers of this name a mail may have."""
        return _max_count(name)

    def header_store_parse(self, name: str, value: str) -> tuple[str, Any]:
        """Return the parsed header to keep in a message; one of our own making, on one line, stays as it is."""
        if name.lower() in _ON_ONE_LINE and len(value.splitlines()) == 1:
            return name, value
        if hasattr(value, "name") or not _is_in_many_mails(name, value):
            return super().header_store_parse(name, value)
        return _parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as bytes, one with a link on a single line."""
        if name.lower() in _ON_ONE_LINE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if _is_in_many_mails(name, value):
            return _fold(name, value)
        return super().fold_binary(name, value)


# No out-of-office replies, please (RFC 3834 §5); Exchange and Outlook listen to a header of their own (MS-OXCMAIL).
NO_ANSWER = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
_ON_ONE_LINE = {"list-unsubscribe", "message-id"}
_SAME_IN_MANY_MAILS = {
    "auto-submitted",
    "content-disposition",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "list-unsubscribe-post",
    "mime-version",
    "reply-to",
    "subject",
    "x-auto-response-suppress",
}


def _is_in_many_mails(name: str, value: str) -> bool:
    return name.lower() in _SAME_IN_MANY_MAILS


@lru_cache(maxsize=100)
def _max_count(name: str) -> int | None:
    return email.policy.EmailPolicy.header_max_count(_ASCII, name)


@lru_cache(maxsize=100)
def _parse(name: str, value: Any) -> tuple[str, Any]:
    return email.policy.EmailPolicy.header_store_parse(_ASCII, name, value)


@lru_cache(maxsize=100)
def _fold(name: str, value: str) -> bytes:
    if name.lower() == "subject" and not value.isascii():
        # Python 3.13 may write the blank between a plain and an encoded word twice: readers see two.
        words = Header(str(value), "utf-8", maxlinelen=_ASCII.max_line_length, header_name=name)
        return f"{name}: {words.encode(linesep=_ASCII.linesep)}{_ASCII.linesep}".encode("ascii")
    return email.policy.EmailPolicy.fold_binary(_ASCII, name, value)


# CRLF lines and only ASCII: any server accepts the mail, also one without 8BITMIME. A line with an encoded word has at
# most 76 characters (RFC 2047 §2).
_ASCII = _OurHeaders(linesep="\r\n", cte_type="7bit", max_line_length=76)


def to_bytes(message: EmailMessage) -> bytes:
    """Return a Django EmailMessage as bytes, each line with its CRLF."""
    return message.message(policy=_ASCII).as_bytes()


def _decode(reply: bytes) -> str:
    try:
        return reply.decode()
    except UnicodeDecodeError:  # older servers
        return reply.decode("latin-1")


class _Reply(Exception):
    """A reply that ends the conversation about one mail, and the command that it answered."""

    def __init__(self, command: str, code: int, text: bytes) -> None:
        super().__init__(command, code, text)
        self.command, self.code = command, code
        self.text = _decode(text)


class _Dropped(Exception):
    """The connection broke or timed out, and at which command."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


class Delivery:
    """One connection to the mail server, opened when it is needed and kept for the next mail.

    `options` are those of a MAILERS entry: host, port, username, password, timeout, use_tls, use_ssl.
    """

    def __init__(self, options: Any) -> None:
        self.options = options
        self.smtp: smtplib.SMTP | None = None

    def send(self, raw: bytes, *, sender: str, recipient: str, meanwhile: Callable[[], object] | None = None) -> None:
        """Hand over one mail; return when the server has taken it. Raises DeliveryError.

        Args:
            raw: its bytes, each line with its CRLF.
            sender: a bare address in ASCII, and so `recipient`.
            meanwhile: called without arguments while the server thinks about the first command, before any byte of
                the mail is sent; its exceptions are passed on. It may be called twice, or not at all.
        """
        if not _PLAIN_ADDRESS.fullmatch(recipient):
            raise Refused(_("Mail cannot be sent to this address."), is_address=True)
        try:
            if self.smtp is None or not self._reuse(raw, sender, recipient, meanwhile):
                self._open()
                self._converse(raw, sender, recipient, meanwhile)
        except (_Reply, _Dropped) as end:
            raise self._verdict(end, recipient) from None
        except DeliveryError:
            raise
        except BaseException:
            self.close()  # in the middle of a conversation
            raise

    def _reuse(self, raw: bytes, sender: str, recipient: str, meanwhile: Callable[[], object] | None) -> bool:
        """Use the open connection. Returns False if the server is done with it: too long idle, or enough mails."""
        try:
            self._converse(raw, sender, recipient, meanwhile)
        except (_Reply, _Dropped) as end:
            if not _is_about_connection(end):
                raise
            self.close()
            return False
        return True

    def close(self) -> None:
        """Send QUIT if the server still listens. Never raises."""
        smtp, self.smtp = self.smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except OSError:
                smtp.close()

    def _open(self) -> None:
        options = self.options
        implicit: dict[str, Any] = {"context": ssl.create_default_context()} if options.get("use_ssl") else {}
        make = smtplib.SMTP_SSL if implicit else smtplib.SMTP
        timeout = options.get("timeout") or 20
        try:
            smtp = make(options["host"], _port(options), helo_name(), timeout=timeout, **implicit)
        except (OSError, UnicodeError) as error:  # smtplib's own errors are OSErrors too; a host name may be impossible
            raise _not_open(error) from None
        try:
            if options.get("use_tls"):
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if options.get("username"):
                _log_in(smtp, options["username"], options.get("password") or "")
        except OSError as error:
            smtp.close()
            raise _not_open(error) from None
        except ServerDown:
            smtp.close()
            raise
        self.smtp = smtp

    def _converse(self, raw: bytes, sender: str, recipient: str, meanwhile: Callable[[], object] | None) -> None:
        """MAIL, RCPT, DATA, the mail. Raises _Reply or _Dropped."""
        size = f" SIZE={len(raw)}" if self.smtp.has_extn("size") else ""
        lines = {"MAIL": f"MAIL FROM:<{sender}>{size}", "RCPT": f"RCPT TO:<{recipient}>", "DATA": "DATA"}
        # Pipelined: one round trip instead of three, if the server can (RFC 2920).
        is_pipelined = self.smtp.has_extn("pipelining")
        first = lines.values() if is_pipelined else [lines["MAIL"]]
        self._try("MAIL", self.smtp.send, "".join(f"{line}\r\n" for line in first))
        if meanwhile:
            meanwhile()
        if is_pipelined:
            self._expect_all(lines)
        else:
            self._expect("MAIL", self._try("MAIL", self.smtp.getreply))
            self._expect("RCPT", self._try("RCPT", self.smtp.docmd, lines["RCPT"]))
            self._expect("DATA", self._try("DATA", self.smtp.docmd, "DATA"))
        # Dot stuffing; a single dot ends the mail (RFC 5321 §4.5.2).
        self._try("END", self.smtp.send, raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        usual = self.smtp.sock.gettimeout()
        self.smtp.sock.settimeout(_longest_judgement(usual))
        reply = self._try("END", self.smtp.getreply)
        self.smtp.sock.settimeout(usual)
        self._expect("END", reply)

    def _expect_all(self, commands: Any) -> None:
        """Read the answers to commands that were sent together."""
        replies = {}
        for command in commands:
            replies[command] = self._try(command, self.smtp.getreply)
            if replies[command][0] == 421:
                break  # it hangs up, and answers no more (RFC 5321 §3.8)
        waits_for_mail = "DATA" in replies and _is_good("DATA", replies["DATA"][0])
        for command, reply in replies.items():
            if waits_for_mail and not _is_good(command, reply[0]):
                # It still waits for a mail to nobody; an empty one is refused (RFC 2920 §3.1).
                self._try("DATA", self.smtp.docmd, ".")
            self._expect(command, reply)

    def _try(self, command: str, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except OSError:
            raise _Dropped(command) from None

    def _expect(self, command: str, reply: Any) -> None:
        code, text = reply
        if code == -1:
            raise _Dropped(command)  # no longer SMTP
        if not _is_good(command, code):
            raise _Reply(command, code, text)

    def _verdict(self, end: _Reply | _Dropped, recipient: str) -> Exception:
        """Return the error for the end of a conversation, and reset the connection for the next mail or close it."""
        if isinstance(end, _Dropped):
            self.close()
            if end.command == "MAIL":
                return ServerDown(_("The mail server does not answer."), began=True)
            arrived = end.command == "END"
            return TryLater(_("The connection to the mail server was lost."), may_have_arrived=arrived)
        self._reset(end)
        reason = without_address(_("The mail server said: %(reply)s") % {"reply": f"{end.code} {end.text}"}, recipient)
        cause = find_cause(end.command, end.code, end.text)
        if cause in (Cause.ADDRESS, Cause.MAIL):
            return Refused(reason, is_address=cause is Cause.ADDRESS)
        if _meets_every_mail(end):
            return ServerDown(reason, began=True, is_fault=cause is Cause.OTHER)
        return TryLater(reason, fault=_FAULTS.get(cause, ""))

    def _reset(self, end: _Reply) -> None:
        try:
            if end.code == 421 or self.smtp.rset()[0] != 250:
                self.close()
        except OSError:
            self.close()


_FAULTS = {Cause.OTHER: MailFault.SERVER, Cause.FULL: MailFault.MAILBOX}
# Characters allowed between < and > (RFC 5321 §4.1.2); others would end the command.
_PLAIN_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


def _is_good(command: str, code: int) -> bool:
    """Whether the server goes on, by the first digit of its reply (RFC 5321 §4.2.1)."""
    return code // 100 == (3 if command == "DATA" else 2)


def _is_about_connection(end: _Reply | _Dropped) -> bool:
    """Whether to retry on a new connection. Never after the mail's last byte: it may have arrived."""
    if isinstance(end, _Dropped):
        return end.command == "MAIL"
    return end.code == 421 or (end.command == "MAIL" and end.code < 500)


def _meets_every_mail(end: _Reply) -> bool:
    """Whether a reply that is not about this mail or address would be the same for every other mail."""
    return end.code in (530, 535) or (end.command == "MAIL" and (end.code == 421 or end.code >= 500))


def _longest_judgement(usual: float) -> float:
    """How many seconds to wait for the verdict on a mail: if we hang up early, it arrives once more with each try.

    RFC 5321 §4.5.3.2.6 says ten minutes; our lease is shorter, and half of it may be over.
    """
    return max(usual, min(5 * usual, settings.MAIL_LEASE_SECONDS / 3))


def _log_in(smtp: smtplib.SMTP, username: str, password: str) -> None:
    """Log in. Raises ServerDown if the server offers no way that we know, and what smtplib raises."""
    try:
        smtp.login(username, password)
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except (smtplib.SMTPException, ValueError):  # ValueError: what it asks is not base64
        words = _(
            "The mail server offers no way to log in with a user name and password. "
            "Many offer it only over TLS: then EMAIL_URL begins with smtp+tls:// or smtps://."
        )
        raise ServerDown(words, is_fault=True) from None


def helo_name() -> str:
    """Return our name for HELO (RFC 5321 §4.1.1.1): a container has no usable name.

    MAIL_HELO_NAME, or else the host of SITE_URL in ASCII; an IP address in brackets.
    """
    host = settings.MAIL_HELO_NAME or urlsplit(settings.SITE_URL).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return ascii_domain(host)
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _port(options: Any) -> int:
    return options.get("port") or (465 if options.get("use_ssl") else 587 if options.get("use_tls") else 25)


def _not_open(error: Exception) -> ServerDown:
    """Why no connection could be made, as an error to raise."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words = _("The mail server does not accept our user name and password.")
        return ServerDown(words, is_fault=error.smtp_code >= 500)
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return ServerDown(_("A secure connection (TLS) to the mail server could not be made."), is_fault=True)
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        text = _decode(cast(bytes, error.smtp_error))
        reason = without_address(_("The mail server said: %(reply)s") % {"reply": f"{error.smtp_code} {text}"}, "")
        return ServerDown(reason, is_fault=find_cause("HELO", error.smtp_code, text) is not Cause.MOMENT)
    return ServerDown(_("The mail server cannot be reached."))


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+|https?://\S+")


def without_address(reason: str, address: str) -> str:
    """Return a server's reply without links and the address that it often repeats, cut to 300 characters.

    Control characters go too: PostgreSQL keeps no NUL, and that would end the worker.
    """
    reason = _ADDRESS.sub("[…]", _CONTROL.sub(" ", reason))
    local = address.rpartition("@")[0]
    if local:
        reason = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "[…]", reason, flags=re.IGNORECASE)
    return " ".join(reason.split())[:300]
