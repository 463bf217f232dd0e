"""The checks of `manage.py doctor`: each yields a Finding, a sentence about the state and, if it is bad, what to do."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError

from pxp.health import find_database_fault
from pxp.operations import database_faults, machine
from pxp.operations.backups import sealing
from pxp.operations.backups.folder import backups_in
from pxp.operations.notices import list_notices
from pxp.operations.watch import FEWEST_DAYS
from registration.addresses import sender_address
from registration.mail.dns_check import NoNetwork, check_domain

MOST_SECONDS_OFF = 2
FORGED = "203.0.113.9"  # an address for examples (RFC 5737)
PATIENCE = 10  # seconds
SETTINGS_FILE = Path("/etc/pxp.env")  # where deploy/systemd/ reads them


@dataclass(frozen=True)
class Finding:
    """The result of one check: its subject, whether all is well (None: cannot be seen from here), and the sentence."""

    name: str
    is_well: bool | None
    words: str


def examine(*, now):
    """Yield the Findings at the UTC instant `now`, one by one, because some take seconds."""
    yield from settings_of_the_site()
    yield database()
    yield from the_running_site(now)
    yield rights()
    yield disk()
    yield clock()
    yield certificate()
    yield backups(now)
    yield from names()
    yield from proxies()


def settings_of_the_site():
    """Django's own checks for a real site, and the two settings that make trouble visible."""
    try:
        warnings = [warning for warning in run_checks(include_deployment_checks=True) if not warning.is_silenced()]
    except DatabaseError:
        yield Finding("Settings", None, "Django's checks for a real site need a database.")
    else:
        for warning in warnings:
            yield Finding("Settings", False, f"{warning.msg} {warning.hint or ''}".strip())
        if not warnings:
            yield Finding("Settings", True, "Django's checks for a real site find nothing.")
    if not settings.OPERATOR_EMAIL:
        yield Finding("Settings", False, "Nobody is mailed when something is wrong. Set OPERATOR_EMAIL.")


def database():
    """Whether it answers and is up to date."""
    try:
        reason = find_database_fault()
    except DatabaseError as fault:
        reason = database_faults.explain(fault)
    return Finding("Database", not reason, reason or "It answers, and has all migrations.")


def the_running_site(now):
    """The problems that organisers see."""
    try:
        notices = list_notices(now=now)
    except DatabaseError:
        return
    for notice in notices:
        yield Finding("Site", False, notice.words)
    if not notices:
        yield Finding("Site", True, "A worker was seen lately, and nothing is wrong that organisers would see.")


def rights():
    """Whether other users of this machine can read people's data or the key."""
    places = [Path(settings.BACKUP_DIR), settings.BASE_DIR / ".env", SETTINGS_FILE]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        places.append(Path(settings.DATABASES["default"]["NAME"]))
    places += [file for _at, file in backups_in(settings.BACKUP_DIR)]
    open_ones = [str(place) for place in places if place.exists() and place.stat().st_mode & 0o077]
    if open_ones:
        return Finding("Rights", False, f"Others can read {', '.join(open_ones)}. Take that away: chmod go= FILE")
    return Finding("Rights", True, "Only their owner reads the database, the backups and the settings.")


def disk():
    """Whether there is room."""
    free = machine.percent_free()
    if free is None:
        return Finding("Disk", None, "Neither the database nor backups are on this machine.")
    words = f"{free} percent of the disk is free."
    is_well = free >= machine.FEWEST_PERCENT
    return Finding("Disk", is_well, words if is_well else f"{words} Make room.")


def clock():
    """Whether this machine has the right time: calendars and expiring links depend on it."""
    try:
        off = machine.seconds_off()
    except OSError:
        return Finding("Clock", None, "No time server answers, so the clock could not be compared.")
    if abs(off) > MOST_SECONDS_OFF:
        return Finding("Clock", False, f"The clock is {off:+.0f} seconds off. Let systemd-timesyncd or chrony set it.")
    return Finding("Clock", True, f"The clock is right, to {abs(off):.2f} seconds.")


def certificate():
    """How long browsers will accept it."""
    try:
        days = machine.days_of_certificate()
    except OSError as fault:
        words = f"{settings.SITE_URL} does not answer with a certificate that browsers take ({type(fault).__name__})."
        return Finding("Certificate", False, f"{words} Does the proxy run, and does the name lead to this machine?")
    if days is None:
        return Finding("Certificate", False, "SITE_URL begins with http, so nothing is encrypted. Use https.")
    if days < FEWEST_DAYS:
        return Finding("Certificate", False, f"The certificate ends in {days} days. Renew it; Caddy does so by itself.")
    return Finding("Certificate", True, f"The certificate is good for {days} days.")


def backups(now):
    """Whether there is a recent one, and whether it is encrypted."""
    every = settings.BACKUP_EVERY_HOURS
    if not every:
        return Finding("Backups", None, "BACKUP_EVERY_HOURS is 0: backups are made elsewhere. Try to restore one.")
    hours = machine.hours_since_backup(now=now)
    if hours is None:
        words = f"There is none in {settings.BACKUP_DIR}. Run manage.py backup, and let a timer do so (deploy/)."
        return Finding("Backups", False, words)
    if hours > every:
        return Finding("Backups", False, f"The newest is {hours} hours old. Look at the timer: systemctl list-timers")
    if not sealing.will_seal():
        return Finding("Backups", False, "They are not encrypted. Set BACKUP_AGE_KEY or BACKUP_PASSPHRASE.")
    return Finding("Backups", True, f"The newest is {hours} hours old. Try it now and then: manage.py try_backup")


def names():
    """DNS records of the sender's domain: for receiving replies (MX) and for authentication (SPF, DKIM, DMARC)."""
    domain = sender_address(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
    try:
        for finding in check_domain(domain):
            yield Finding(finding.name, finding.is_in_order, finding.words)
        yield mail_exchange(domain)
    except NoNetwork:
        yield Finding("DNS", None, "No name server answers, so SPF, DKIM, DMARC and MX could not be looked up.")


def mail_exchange(domain):
    """Whether a mail server receives people's answers. Raises NoNetwork."""
    try:
        dns.resolver.resolve(domain, "MX")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        words = f"Nobody takes mail for {domain}, so replies do not arrive. Add an MX record, or change the From."
        return Finding("MX", False, words)
    except dns.exception.DNSException:
        raise NoNetwork from None
    return Finding("MX", True, f"{domain} takes mail.")


def proxies():
    """Whether the number of proxies is PROXY_COUNT. Sends a request to the site's public address."""
    if not settings.WATCH_TOKEN:
        yield Finding(
            "Proxies", None, "Without WATCH_TOKEN the site cannot be asked what arrives. Set it to a random text."
        )
        return
    headers = {"Authorization": f"Bearer {settings.WATCH_TOKEN}", "X-Forwarded-For": FORGED}
    try:
        seen = ask(f"{settings.SITE_URL}/readyz", headers)
    except (OSError, ValueError):
        yield Finding("Proxies", None, f"{settings.SITE_URL} does not answer from here.")
        return
    came = [address for address in seen["forwarded_for"] if address != FORGED]
    if len(came) != settings.PROXY_COUNT:
        words = f"A request passes {len(came)} proxies that add to X-Forwarded-For. Set PROXY_COUNT={len(came)}."
        yield Finding("Proxies", False, words)
    else:
        yield Finding("Proxies", True, f"PROXY_COUNT={settings.PROXY_COUNT} is what arrives.")
    if settings.SITE_URL.startswith("https://") and not seen["is_https"]:
        yield Finding(
            "Proxies", False, "The proxy does not say that people come by https. Let it set X-Forwarded-Proto."
        )
    if seen["host"] != urlsplit(settings.SITE_URL).netloc:
        words = f"The proxy changes the name of the site to {seen['host']}. Let it pass on the Host header."
        yield Finding("Proxies", False, words)


def ask(url, headers):
    """Return the JSON that the site answers, ready or not. Raises OSError, ValueError."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return json.load(answer)
