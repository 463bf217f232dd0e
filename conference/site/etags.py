"""ETags, besides those that Django's ConditionalGetMiddleware makes and compares."""

import hashlib


def etag_of(content):
    """Return the ETag for `content` (bytes), for responses that also contain the time when they were made."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def weaken(etag):
    """Return the weak form of an ETag: the same content is sent plain and compressed (RFC 9110 §8.8.3)."""
    return etag if etag.startswith("W/") else f"W/{etag}"
