"""Which addresses lead to the same mailbox. Used only to count mails: people keep the address that they typed."""

from registration.addresses import key_of_address

# Domains of one provider on which the local part is the same account.
_SAME = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}
_SAME |= dict.fromkeys(("protonmail.com", "protonmail.ch", "pm.me"), "proton.me")
_SAME |= dict.fromkeys(("yandex.com", "yandex.by", "yandex.kz", "ya.ru"), "yandex.ru")
# Characters that these providers ignore in the local part.
_LEFT_OUT = {"gmail.com": ".", "proton.me": ".-_"}
# They have so many mailboxes that many mails at once are not an attack.
LARGE_PROVIDERS = frozenset(
    {
        "gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com", "aol.com",
        "proton.me", "gmx.de", "gmx.net", "web.de", "t-online.de", "orange.fr", "free.fr", "laposte.net",
        "wanadoo.fr", "libero.it", "hotmail.fr", "hotmail.co.uk", "yahoo.fr", "yahoo.co.uk", "yahoo.co.jp",
        "docomo.ne.jp", "ezweb.ne.jp", "comcast.net", "bell.net", "rogers.com", "shaw.ca", "telus.net",
        "btinternet.com", "bigpond.com", "optusnet.com.au", "mail.ru", "yandex.ru", "qq.com", "163.com", "naver.com",
        "uol.com.br", "terra.com.br",
    }
)  # fmt: skip


def mailbox_of(address):
    """Return the address of the mailbox in which mail to `address` ends: ada.l+pxp@googlemail.com is adal@gmail.com.

    A tag after a plus is always removed: all large providers support it, also for their customers' domains.
    """
    local, _at, domain = key_of_address(address).rpartition("@")
    domain = _SAME.get(domain, domain)
    local = (local[:1] + local[1:].partition("+")[0]) if local else local
    for character in _LEFT_OUT.get(domain, ""):
        local = local.replace(character, "")
    return f"{local}@{domain}"


def domain_of(address):
    """Return the domain that receives mail to `address`, in letters."""
    return mailbox_of(address).rpartition("@")[2]
