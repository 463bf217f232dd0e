"""Checks whether other servers will trust our mails: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489)."""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.resolver
from django.utils.translation import gettext as _
from dns.resolver import Resolver

# DKIM selectors of the big providers. Selectors are chosen freely, so no list is complete.
USUAL_SELECTORS = (
    "default",
    "mail",
    "dkim",
    "s1",
    "s2",
    "selector1",
    "selector2",
    "google",
    "k1",
    "k2",
    "k3",
    "pm",
    "mg",
)


class NoNetwork(Exception):
    """No name server answers."""


@dataclass(frozen=True)
class Finding:
    """The result of one look-up: whether it is right, and what to do if not."""

    name: str
    is_in_order: bool
    words: str


def check_domain(
    domain: str, *, selectors: Sequence[str] = USUAL_SELECTORS, resolver: Resolver | None = None
) -> list[Finding]:
    """Look a sender's domain up; return the findings for SPF, DKIM and DMARC.

    Args:
        domain: of the From address, ASCII.
        selectors: names under which to look for the DKIM key.
        resolver: a `dns.resolver.Resolver`; by default the system's.

    Raises NoNetwork when no name server answers.
    """
    resolver = resolver or dns.resolver.get_default_resolver()
    return [_spf(domain, resolver), _dkim(domain, selectors, resolver), _dmarc(domain, resolver)]


def _spf(domain: str, resolver: Resolver) -> Finding:
    records = [text for text in _texts(domain, resolver) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        words = _("Nobody is named as allowed to send for %(domain)s. Ask your mail provider for the SPF record.")
    elif len(records) > 1:
        words = _("%(domain)s has more than one SPF record, so none of them counts. Leave one.")
    elif records[0].rstrip().endswith("+all"):
        words = _("The SPF record of %(domain)s allows everyone to send. End it with -all or ~all.")
    else:
        return Finding("SPF", True, _("%(domain)s names who may send for it.") % {"domain": domain})
    return Finding("SPF", False, words % {"domain": domain})


def _dkim(domain: str, selectors: Sequence[str], resolver: Resolver) -> Finding:
    for selector in selectors:
        for text in _texts(f"{selector}._domainkey.{domain}", resolver):
            tags = _tags(text)
            if tags.get("p"):
                words = _("%(domain)s has a key for signatures, named %(selector)s.")
                return Finding("DKIM", True, words % {"domain": domain, "selector": selector})
            if "p" in tags:
                words = _("The key %(selector)s of %(domain)s was withdrawn. Ask your mail provider for a new one.")
                return Finding("DKIM", False, words % {"domain": domain, "selector": selector})
    words = _("No key for signatures was found at %(domain)s. If your provider gave you its name, add --selector NAME.")
    return Finding("DKIM", False, words % {"domain": domain})


def _dmarc(domain: str, resolver: Resolver) -> Finding:
    # The policy may be at the organisation's domain: example.org covers mail.example.org (RFC 7489 §6.6.3).
    parts = domain.split(".")
    for start in range(max(1, len(parts) - 1)):
        name = ".".join(parts[start:])
        records = [text for text in _texts(f"_dmarc.{name}", resolver) if _tags(text).get("v") == "DMARC1"]
        if len(records) == 1 and _tags(records[0]).get("p") in ("none", "quarantine", "reject"):
            return Finding("DMARC", True, _("%(domain)s says what to do with false mails.") % {"domain": name})
    words = _("%(domain)s does not say what to do with false mails. Many servers want at least: v=DMARC1; p=none")
    return Finding("DMARC", False, words % {"domain": domain})


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _texts(name: str, resolver: Resolver) -> list[str]:
    """The TXT records of a name; none when there is no such name."""
    try:
        answer = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException:
        raise NoNetwork from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
