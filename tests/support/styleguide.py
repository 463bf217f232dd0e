"""A fixture for the style guide, which exists only with DEBUG on."""

import importlib

import pytest
from django.urls import clear_url_caches


@pytest.fixture
def style_guide(settings):
    """The path of the style guide; while a test has it, the site runs with DEBUG on."""
    settings.DEBUG = True
    read_urls_again()
    yield "/_styleguide/"
    settings.DEBUG = False
    read_urls_again()


def read_urls_again():
    import pxp.urls  # only now: settings are read once, after the database is started

    importlib.reload(pxp.urls)
    clear_url_caches()
