"""Why the site refuses to start with a setting: each function returns a sentence, or None if all is well."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from registration.addresses import ascii_domain

AGE_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")  # Bech32 (BIP 173) of 32 bytes

SHORTEST_KEY = 40  # characters; token_urlsafe(50) gives 67
FEWEST_LETTERS = 12  # different characters: a random string of 40 has over 20

# Keys that appear in public files.
KNOWN_KEYS = {"only-for-debugging-on-one-machine"}

# Secrets that prove a report came from the provider: one of these settings of django-anymail, as ANYMAIL_<name>.
# Providers that sign nothing send a user name and password that only they and we know.
PROOFS = {
    "amazon_ses": ["WEBHOOK_SECRET"],
    "brevo": ["WEBHOOK_SECRET"],
    "mailersend": ["MAILERSEND_SIGNING_SECRET"],
    "mailgun": ["MAILGUN_WEBHOOK_SIGNING_KEY"],
    "mailjet": ["WEBHOOK_SECRET"],
    "mailtrap": ["MAILTRAP_SIGNING_SECRET", "WEBHOOK_SECRET"],
    "mandrill": ["MANDRILL_WEBHOOK_KEY"],
    "postal": ["POSTAL_WEBHOOK_KEY"],
    "postmark": ["WEBHOOK_SECRET"],
    "resend": ["RESEND_SIGNING_SECRET", "WEBHOOK_SECRET"],
    "sendgrid": ["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", "WEBHOOK_SECRET"],
    "sparkpost": ["WEBHOOK_SECRET"],
    "unisender_go": ["UNISENDER_GO_API_KEY"],
}


def fault_in_key(name, key):
    """Return why `key` is too weak. The signatures in every personal link depend on it."""
    if key in KNOWN_KEYS or key.startswith("django-insecure-"):
        return f"{name} is an example that everybody knows."
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS:
        return f"{name} is too short or too simple, so it can be guessed."
    return None


def fault_in_provider(provider, anymail):
    """Return why reports of the mail provider cannot be trusted. `anymail` holds the settings of django-anymail."""
    if not provider:
        return None
    if provider not in PROOFS:
        return f"MAIL_PROVIDER is {provider!r}, which it does not know. Use one of: {', '.join(PROOFS)}."
    if not any(anymail.get(name) for name in PROOFS[provider]):
        names = " or ".join(f"ANYMAIL_{name}" for name in PROOFS[provider])
        return f"MAIL_PROVIDER is set without its secret, so anybody could report mails as refused. Set {names}."
    return None


def fault_in_folder(folder):
    """Return why there can be no SQLite database in this folder. Made by us, it would hide a disk that is missing."""
    return None if folder.is_dir() else f"The folder {folder} of DATABASE_URL is not there."


def fault_in_age_key(key):
    """Return why backups cannot be encrypted for this key. It does not quote the key, which may be the private one."""
    if key.upper().startswith("AGE-SECRET-KEY"):
        return "BACKUP_AGE_KEY is the private key, which opens every backup. Set the public one, age1..."
    return None if AGE_KEY.fullmatch(key) else "BACKUP_AGE_KEY is not an age public key: age1 and 58 more characters."


def fault_in_debugging(site_url):
    """Return why DEBUG cannot be on at this address: error pages show settings and data."""
    if site_url.startswith("https://"):
        return "DEBUG is on, and SITE_URL is an https address. DEBUG shows data to everybody: set it to 0."
    return None


def fault_in_site_url(url):
    """Return why links cannot begin with this address: they would lead nowhere, and cookies would go unprotected."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        ascii_domain(parts.hostname or "")
    except ValueError:  # an odd port, half an IPv6 address, or letters that no name has
        is_whole = False
    if not is_whole:
        return f"SITE_URL is {url!r}, which is no address of a site: it begins with https:// and a host name."
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return f"SITE_URL is {url!r}: it must end after the host name, since the site is at the top of its host."
    return None


def fault_in_host_names(names):
    """Return why no request could match these names."""
    if wrong := next((name for name in names if "/" in name or " " in name or not _is_domain(name)), None):
        return f"ALLOWED_HOSTS has {wrong!r}, which is not the name of a host."
    return None


def fault_in_login(text):
    """Return why nobody can log in to a mail server with this name and password. It does not quote them."""
    if not text.isascii():
        return (
            "The user name or password in EMAIL_URL has letters other than a to z, which cannot be sent.\n"
            "Set a password of plain letters, digits and signs at your mail provider."
        )
    return None


def fault_in_address(name, text):
    """Return why a mail cannot come from, or go to, what the setting `name` says."""
    local, _at, domain = parseaddr(text)[1].rpartition("@")
    if not (local and domain) or " " in domain or not _is_domain(domain):
        return f"{name} is {text!r}, which has no mail address like hello@pxp.example.org."
    if not local.isascii():
        return f"{name} is {text!r}. Few mail servers take letters other than a to z before the @."
    return None


def _is_domain(name):
    """Whether a name with letters other than a to z can be a domain (IDNA 2008)."""
    try:
        ascii_domain(name)
    except UnicodeError:
        return False
    return True
