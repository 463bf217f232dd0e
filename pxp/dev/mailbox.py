"""The demo's mailbox: keeps and shows every mail that the demo sends, so one browser is enough to try everything.

It exists only in `manage.py demo`, which sets MAILBOX_DIR, and never with DEBUG off.
"""

import mailbox
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

# A mail may bring its own styles, but no script. It has an opaque origin, and its links leave the frame.
MAIL_POLICY = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
}


@dataclass(frozen=True)
class Mail:
    """One mail of the mailbox, as it arrived."""

    file: Path

    @property
    def key(self):
        """Its name in addresses."""
        return self.file.name

    @property
    def received_at(self):
        """The second it arrived, in UTC."""
        return datetime.fromtimestamp(int(self.file.stat().st_mtime), UTC)

    @cached_property
    def message(self):
        return message_from_bytes(self.file.read_bytes(), policy=policy.default)

    @property
    def sender(self):
        return self.message["From"]

    @property
    def recipient(self):
        return self.message["To"]

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def text(self):
        """Its plain text, or "" if it has none."""
        part = self.message.get_body(["plain"])
        return part.get_content() if part else ""

    @property
    def html(self):
        """Its HTML, with links that leave the frame it is shown in, or "" if it has none."""
        part = self.message.get_body(["html"])
        return part.get_content().replace("<head>", '<head><base target="_top">', 1) if part else ""

    @property
    def files(self):
        """Its other parts, which are calendars: a list of (number, content type with parameters, name, text)."""
        return [
            (number, part["Content-Type"], part.get_filename() or "", part.get_payload(decode=True).decode())
            for number, part in enumerate(self.message.walk())
            if not part.is_multipart() and part.get_content_type() not in ("text/plain", "text/html")
        ]


def keep(data):
    """Put a mail, bytes as they arrived, into the mailbox."""
    mailbox.Maildir(settings.MAILBOX_DIR).add(data)


def mails():
    """Return all mails, newest first."""
    files = Path(settings.MAILBOX_DIR, "new").glob("*")
    return [Mail(file) for file in sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)]


def get_mail(key):
    """Return the mail of that name; raises Http404 if it is not there."""
    for mail in mails():
        if mail.key == key:
            return mail
    raise Http404


@require_safe
@never_cache
def index(request):
    """List all mails."""
    return TemplateResponse(request, "dev/mailbox.html", {"mails": mails()})


@require_safe
@never_cache
def show(request, key):
    """Show one mail: its text, its HTML and its calendars."""
    return TemplateResponse(request, "dev/mailbox_mail.html", {"mail": get_mail(key)})


@require_safe
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
def show_html(request, key):
    """Answer with the HTML of a mail, for the frame on its page."""
    return HttpResponse(get_mail(key).html)


@require_safe
def download(request, key, number):
    """Answer with one part of a mail as a file; part 0 is the whole mail."""
    mail = get_mail(key)
    if number == 0:
        return FileResponse(mail.file.open("rb"), as_attachment=True, filename="mail.eml")
    for part, content_type, name, text in mail.files:
        if part == number:
            headers = {"Content-Disposition": f'attachment; filename="{name or "invite.ics"}"'}
            return HttpResponse(text, content_type=content_type, headers=headers)
    raise Http404


@require_POST
def empty(request):
    """Delete all mails."""
    for mail in mails():
        mail.file.unlink()
    return redirect("mailbox:index")


app_name = "mailbox"
urlpatterns = [
    path("", index, name="index"),
    path("empty/", empty, name="empty"),
    path("<str:key>/", show, name="mail"),
    path("<str:key>/html/", show_html, name="html"),
    path("<str:key>/<int:number>/", download, name="download"),
]
