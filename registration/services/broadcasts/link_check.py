"""Checks the links in a draft: one request each, all at the same time, with a timeout of a few seconds."""

import ipaddress
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.letters.message_fields import links_in
from registration.models import Broadcast

from .checking import FINE, ODD, Finding, is_ours

SECONDS = 4
AT_MOST = 12
KEPT_FOR = 10 * 60  # seconds
# Status codes of sites that block programs.
NOT_FOR_PROGRAMS = {401, 403, 405, 406, 429, 999}


def check_links(broadcast: Broadcast) -> list[Finding]:
    """Return Findings about the links in a draft, in all its languages. None of them prevents sending.

    Addresses in a private network get no request: nobody outside can open them.
    """
    links = []
    for language in broadcast.languages:
        links += links_in(broadcast.words_in(language).get("body", ""))
    links = [_whole(link) for link in dict.fromkeys(links) if not link.startswith("mailto:")][:AT_MOST]
    if not links:
        return []
    with ThreadPoolExecutor(max_workers=AT_MOST) as pool:
        answers = list(pool.map(_ask, links))
    wrong = [(link, answer) for link, answer in zip(links, answers, strict=True) if answer]
    if wrong:
        words = _("%(link)s does not open: %(why)s. Try it yourself.")
        return [Finding(words % {"link": link, "why": _in_words(answer)}, ODD) for link, answer in wrong]
    return [Finding(ngettext("The link works.", "All %(n)d links work.", len(links)) % {"n": len(links)}, FINE)]


def _in_words(answer: str) -> str:
    if answer == "private":
        return _("it leads into a private network")
    return _("page not found") if answer in ("404", "410") else _("there is no answer")


def _whole(link: str) -> str:
    return settings.SITE_URL.rstrip("/") + link if link.startswith("/") else link


def _ask(link: str) -> str:
    """Return what is wrong with a link, or "" if nothing is."""
    key = f"link:{link}"[:200].replace(" ", "%20")
    answer = cache.get(key)
    if answer is None:
        answer = _open(link)
        cache.set(key, answer, KEPT_FOR if not answer else 30)
    return answer


def _open(link: str) -> str:
    request = urllib.request.Request(link, headers={"User-Agent": "PxP link check"})  # noqa: S310 http or https alone
    try:
        if not is_ours(link) and not _is_public(urlsplit(link).hostname or ""):
            return "private"
        with _OPENER.open(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in NOT_FOR_PROGRAMS or error.code >= 500 else str(error.code)
    except (OSError, ValueError, HTTPException):  # no answer, no address, or an answer that is not HTTP
        return "none"


def _is_public(host: str) -> bool:
    """Whether all addresses of a host are public. True for a host without any: the request then fails."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


class _StayPublic(urllib.request.HTTPRedirectHandler):
    """Follows no redirect into a private network."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:
        if not is_ours(newurl) and not (newurl.startswith("http") and _is_public(urlsplit(newurl).hostname or "")):
            raise urllib.error.URLError("private")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_StayPublic)
