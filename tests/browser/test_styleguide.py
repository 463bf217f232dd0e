"""The style guide in real Chromium: for everybody, in every look, as each page that is made of its parts."""

import pytest

from registration.models import OutboxMessage

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("path", ["", "mistakes/", "again/", "mails/"])
def test_style_guide_can_be_used_by_everybody(site, page, faults_of, style_guide, path):
    page.goto(site + style_guide + path)

    assert faults_of(page) == []
    assert not OutboxMessage.objects.exists()
