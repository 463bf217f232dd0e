"""Serves static files without collecting them first."""

import pytest
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(scope="session", autouse=True)
def catalogues():
    """The words of all languages, as they are in locale/ now."""
    from pxp.catalogues import compile_catalogues  # it reads the settings

    compile_catalogues()


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory):
    """Static files keep their plain names; tests/test_project.py starts a server with the hashed ones."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Begin without what another test left in memory: every test begins at the same moment, so none of it gets old."""
    from conference.site.kept_facts import FACTS  # it reads the settings

    cache.clear()
    FACTS.version, FACTS.facts = None, {}
