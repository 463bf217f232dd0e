"""Detects an undeclared proxy: limits would take all visitors for one network and lock everyone out."""

import logging
from functools import cache

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register

logger = logging.getLogger(__name__)
WORDS = (
    "A proxy is in front of the site, and PROXY_COUNT is 0: all visitors count as one, and a busy hour locks them out. "
    "Set PROXY_COUNT to the number of proxies (1 for one nginx or Caddy) and start the site again."
)


def is_undeclared(meta):
    """Return whether a request (its META) came through a proxy although PROXY_COUNT is 0."""
    return settings.PROXY_COUNT == 0 and "HTTP_X_FORWARDED_FOR" in meta


def warn_of_proxies(get_response):
    """Make the middleware, which logs the warning once per process."""

    def answer(request):
        if is_undeclared(request.META):
            warn_once()
        return get_response(request)

    return answer


@cache
def warn_once():
    """Write the warning, the first time only."""
    logger.error(WORDS)


@register(deploy=True)
def check_proxies(app_configs, **kwargs):
    """Return a Warning if SITE_URL is https, so something terminates TLS, but PROXY_COUNT is 0."""
    if settings.PROXY_COUNT or not settings.SITE_URL.startswith("https://"):
        return []
    return [CheckWarning(WORDS, hint="README.md, Settings", id="pxp.W001")]
