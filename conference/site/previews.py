"""Links to the preview of a draft, for people without an account. They expire, and open nothing else."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from conference.models import Conference

SALT = "pxp.preview"
LASTS = timedelta(days=7)


def preview_path(conference, path="/"):
    """Return the address of a public page, like "/program/", as the draft will show it. It works for `LASTS`."""
    key = signing.dumps(conference.pk, salt=SALT)
    return reverse("preview", kwargs={"key": key, "path": path.lstrip("/")})


def conference_of(key):
    """Return the edition whose draft a key opens now, or None: a key that is wrong or too old opens nothing."""
    try:
        pk = signing.loads(key, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Conference.objects.with_last_end().filter(pk=pk).first()
