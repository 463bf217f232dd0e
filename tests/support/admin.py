"""Fixtures and helpers for the admin: an organiser's client, actions on lists, forms."""

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import reverse


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """Use a fast, unsafe password hash: the real one takes most of a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def organiser(client):
    """A client in which an organiser is logged in."""
    from tests.factories import make_staff  # imported here: the factories need Django, which starts after the database

    client.force_login(make_staff())
    return client


def messages_of(response):
    """Return what the page says was done. It is taken off the client, as by a browser that shows it."""
    words = [str(message) for message in get_messages(response.wsgi_request)]
    session = response.client.session
    session.pop("_messages", None)
    session.save()
    return words


def act(client, address, action, *rows, **more):
    """Choose an action for the rows ticked in a list. Return (messages, response)."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0} | more
    response = client.post(reverse(address), data)
    return messages_of(response), response


def say_yes(client, address, page, **more):
    """Press the button of the page between. Return the messages."""
    data = {}
    for name, value in page.context["kept"]:
        data.setdefault(name, []).append(value)
    return messages_of(client.post(address, data | {"post": "yes"} | more))


def act_and_agree(client, address, action, *rows, **more):
    """Choose an action for the rows ticked, and press the button of the page between. Return the messages."""
    words, page = act(client, address, action, *rows, **more)
    assert words == []
    return say_yes(client, reverse(address), page)


def act_on_page(client, address, row, action):
    """Choose an action on one row's own page. Return (messages, response)."""
    data = {"CHANGE_FORM-action": action, "_selected_action": [row.pk]}
    response = client.post(reverse(address, args=[row.pk]), data)
    return messages_of(response), response


def table(prefix, *rows, initial=0):
    """Return the fields of a table below a form; `initial` of its rows are there already."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}
