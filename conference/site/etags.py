"""ETags. Django's ConditionalGetMiddleware makes and compares them; this is what it cannot know."""

import hashlib


def etag_of(content):
    """Return the ETag of an answer that says `content` (bytes), for answers that also say when they were made."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def weaken(etag):
    """Return the weak form of an ETag: the same words are sent plain and compressed (RFC 9110 8.8.3)."""
    return etag if etag.startswith("W/") else f"W/{etag}"
