"""System checks that refuse to start with a letter that cannot be rendered: later, in the worker, nobody would see it.

Each command renders them in one language (0.5 s); `check --deploy` and the tests in all.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from registration.mail.delivery import to_bytes

from .samples import NOW, samples
from .writing import Loaded, compose


@register
def check_letters(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return an Error for each letter, in any state, that cannot be rendered in the site's own language."""
    return _faults_in([settings.LANGUAGE_CODE])


@register(Tags.translation, deploy=True)
def check_translated_letters(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Return the same for all other languages."""
    return _faults_in([code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE])


def _faults_in(languages: Iterable[str]) -> list[CheckMessage]:
    return [
        error
        for language in languages
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
