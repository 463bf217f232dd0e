"""Refuses to start with a letter that cannot be written: nobody is there to see it later, when its turn comes."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from registration.mail.delivery import to_bytes

from .samples import NOW, samples
from .writing import Loaded, compose


@register
def check_letters(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return an Error for each letter, in any state and language, that cannot be written."""
    return [
        error
        for language, _name in settings.LANGUAGES
        for name, loaded in samples(language)
        if (error := _error_of(name, loaded, language))
    ]


def _error_of(name: str, loaded: Loaded, language: str) -> CheckMessage | None:
    try:
        to_bytes(compose(loaded, now=NOW))
    except Exception as fault:
        return Error(
            f"The letter {name!r} cannot be written in {language!r}: {type(fault).__name__}: {fault}",
            hint=f"Look at templates/emails/{loaded.row.letter}.html and registration/letters/.",
            id="registration.E002",
        )
    return None
