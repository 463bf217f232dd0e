"""Interprets a mail server's refusal: what caused it, and so what happens to the mail (RFC 5321 §4.2, RFC 3463)."""

import enum
import re


class Cause(enum.Enum):
    """Why a server did not accept a mail."""

    ADDRESS = enum.auto()  # no mail will ever arrive at it
    MAIL = enum.auto()  # only this mail, permanently
    MOMENT = enum.auto()  # common and temporary
    FULL = enum.auto()  # the mailbox is full: perhaps temporary, and only its owner can help
    OTHER = enum.auto()  # about us, or the server's rules: perhaps temporary, but organisers should know


def find_cause(command: str, code: int, text: str) -> Cause:
    """Return the Cause of a refusal.

    Marking a good address costs a person all further mail, so it needs proof; an unclear refusal is OTHER.

    Args:
        command: at which it came: HELO (or before it), MAIL, RCPT, DATA, or END, after the mail's last byte.
        code: the reply code, 400 or more.
        text: the reply after the code, its lines separated by a newline.
    """
    words = _ADDRESSES.sub("", text)
    if code < 500:
        return Cause.OTHER if _BLAMES_US.search(words) and not _GREYLISTS.search(words) else Cause.MOMENT
    status = _status(text)
    if status in _MAIL or status.startswith("5.6.") or (not status and code == 552 and _TOO_BIG.search(words)):
        return Cause.MAIL
    if command in ("HELO", "MAIL"):
        return Cause.OTHER
    if status == "5.2.2" or (status in _MAY_BE_FULL and _FULL.search(words)):
        return Cause.FULL
    return Cause.ADDRESS if _is_about_address(command, code, status, words) else Cause.OTHER


def is_about_address(reply: str, *, is_sure: bool) -> bool:
    """Whether a reply that a mail provider passes on, most often without its command, says that no mail will arrive.

    Where no code can be read in it, `is_sure` counts (what the provider says itself), unless the words speak of us or
    of something that passes.
    """
    if found := _CODE.search(reply):
        return find_cause("RCPT", int(found["code"]), found["text"]) is Cause.ADDRESS
    if found := _STATUS_ALONE.search(reply):
        return find_cause("RCPT", int(f"{found[0][0]}50"), reply[found.start() :]) is Cause.ADDRESS
    return is_sure and not _BLAMES_US.search(reply) and not _MAY_PASS.search(reply)


def _is_about_address(command: str, code: int, status: str, words: str) -> bool:
    if status == "5.4.1":  # Microsoft 365 says so of an address that its customer does not have
        return bool(_MICROSOFT.search(words))
    # Checked first, because servers also use the codes of an unknown mailbox for such reasons.
    if _BLAMES_US.search(words) or _MAY_PASS.search(words):
        return False
    if status in _ADDRESS:
        return True
    if status and status not in _SAYS_NOTHING:
        return False
    if _NO_SUCH_ADDRESS.search(words):
        return True
    # After the mail a bare code is most often about what the mail contains.
    return not status and command == "RCPT" and code in (550, 551, 553)


def _status(text: str) -> str:
    """Return the enhanced status code of a reply: at the start of a line, or at the end as qmail writes it; or ""."""
    found = _STATUS.search(text)
    return (found["first"] or found["last"]) if found else ""


_STATUS = re.compile(
    r"^\#?(?P<first>[245]\.\d{1,3}\.\d{1,3})(?![.\d]) | \(\#(?P<last>[245]\.\d{1,3}\.\d{1,3})\)",
    re.MULTILINE | re.VERBOSE,
)
_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
_MAIL = {"5.2.3", "5.3.4"}
_CODE = re.compile(r"(?<![\w.])(?P<code>[45]\d\d)(?![\w.])[ -]*(?P<text>.*)", re.DOTALL)
_STATUS_ALONE = re.compile(r"(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?![.\d])")
_MAY_BE_FULL = {"", "4.2.2", "5.1.1", "5.2.0", "5.2.1"}
_SAYS_NOTHING = {"5.0.0", "5.1.0", "5.5.0"}  # then the text counts

# Without addresses: one may be policy@spamhaus.example.
_ADDRESSES = re.compile(r"<[^>\s]+@[^>]*>|[^\s<>]+@[^\s<>]+")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_BLAMES_US = _words(
    r"""
    \b(sender|helo|ehlo|policy|policies|reputation|authenticat\w+|unauthenticated|spf|dkim|dmarc|ptr|complaints?)\b
    | reverse\W(dns|hostname) | \br?dns\b.*\b(fail|lookup) | \bfqdn\b | fully.qualified
    | \brelay(ing)?\W+(access\W+)?(is\W+)?(denied|not|prohibited) | \b(not|unable\Wto|cannot|no)\W+relay | rcpthosts
    | (block|black|deny)\W?list | \b(dns|r|u)bl\b | spam | \bblocked\W+(using|by|due|because|for|see|http)
    | \bbl(oc)?ked\W*-\W*see | \b(banned|prohibit(ed|ion)|denied|forbidden)\b | client\Whost | \bvirus\b
    """
)
_MAY_PASS = _words(
    r"""
    \b(over)?\W?quota\b | \bfull\b | \brate\b | \blimit(s|ed|ing)?\b | exceed | too\W(many|much|fast|quickly|often)
    | tempora | try\W(it\W)?again | \blater\b | thrott | defer | \bfrequency\b
    """
)
_FULL = _words(r"\b(mailbox|inbox|user|recipient|account|quota)\b.{0,60}\b(full|quota|exceeded)\b | \bover\W?quota\b")
_GREYLISTS = _words(r"gr[ae]y\W?list")
_TOO_BIG = _words(r"\bsize\b | too\W(big|large|long)")
_NO_SUCH_ADDRESS = _words(
    r"""
    \b(unknown|invalid|no\Wsuch|nonexistent|non.existent|not\Wa\Wvalid)\W+(local\W)?(user|recipient|mailbox|address|account)
    | \b(user|recipient|mailbox|address|account)\W+(is\W|was\W|has\Wbeen\W)?
      (unknown|invalid|unavailable|disabled|inactive|suspended|not\W(found|valid|known)|rejected)
    | \b(does\Wnot|doesn.t)\W(exist|have\Wan?\W.*account) | no\Wmailbox
    """
)
_MICROSOFT = _words(r"^recipient\Waddress\Wrejected:\Waccess\Wdenied | ^5\.4\.1\Wrecipient\Waddress\Wrejected")
