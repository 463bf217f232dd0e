"""Django's makemessages, which also finds the sentences of retention.yaml: /privacy/ prints them in every language."""

import json
from pathlib import Path

from django.core.management.commands import makemessages

from registration.services import retention

WORDS = Path("templates/registration/retention_words.html")


class Command(makemessages.Command):
    """Put the sentences into a template for as long as the command runs."""

    def handle(self, *args, **options):
        try:
            WORDS.write_text(template_of(retention.words()), encoding="utf-8")
            super().handle(*args, **options)
        finally:
            WORDS.unlink(missing_ok=True)


def template_of(words):
    """Return a template that asks for the translation of each of these sentences."""
    return "{% load i18n %}" + "\n".join(f"{{% translate {json.dumps(text, ensure_ascii=False)} %}}" for text in words)
