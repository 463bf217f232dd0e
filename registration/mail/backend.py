"""Sends mails outside the outbox, such as password resets: Django's SMTP backend with our HELO."""

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from .delivery import NO_ANSWER, helo_name
from .rows import new_message_id


class EmailBackend(smtp.EmailBackend):
    """Uses the site's name in HELO instead of this machine's, which mail servers refuse and strangers need not know."""

    @property
    def connection_class(self) -> Any:
        """Return the connection class, with the same HELO as the worker."""
        kind = super().connection_class

        def connect(*place: Any, **options: Any) -> smtplib.SMTP:
            return kind(*place, **options | {"local_hostname": helo_name()})

        return connect

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send them, each with a Message-ID of the sender's domain, asking for no answer; return how many left."""
        for message in email_messages:
            headers = {"Message-ID": f"<{new_message_id()}>"} | NO_ANSWER
            message.extra_headers = headers | message.extra_headers
        return super().send_messages(email_messages)
