"""Enter in a text field of any organisers' page does no harm: it writes to nobody and deletes nothing.

The pages come from the site's own addresses (tests/test_roles.py), their forms from the HTML, and the button is the one
that browsers press: the first of the form. A new page is looked at without a line here. So are the pages to which a
button leads that only asks: "Call this day off…" and its like.
"""

from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client

from conference.models import Appearance, Conference, Day, Session, Speaker
from registration.models import AccessRequest, Broadcast, OutboxMessage, PlannedAct, Registrant, Registration
from tests.support.forms import forms_of
from tests.test_roles import PAGES, Office, unlogged  # noqa: F401 - a fixture

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.timeout(300)]

KEPT = (Appearance, Conference, Day, Session, Speaker, Registrant, Registration, AccessRequest, Broadcast)
WRITTEN = (OutboxMessage, PlannedAct, User)
ENDS = ("_selected_action", "no_picture", "action-toggle")  # boxes whose tick is a deed, and those of tables
TYPED = {
    "email": "zoe@example.org",
    "name": "Zoe",
    "slug": "2031",
    "time_zone": "America/Toronto",
    "title": "New words",
    "why": "The speaker is ill.",
}


@pytest.fixture
def lead():
    """The browser of an organiser with every role."""
    user = User.objects.create_user("lena", "lena@example.org", is_staff=True, is_superuser=True)
    user.groups.set(Group.objects.all())
    client = Client()
    client.force_login(user)
    return client


def facts():
    """Return what there is, and what readers see of it."""
    keys = {model: set(model._base_manager.values_list("pk", flat=True)) for model in (*KEPT, *WRITTEN)}
    read = {
        *Conference.objects.values_list("pk", "is_published", "name"),
        *Day.objects.values_list("pk", "called_off_at", "title"),
        *Session.objects.values_list("slug", "title"),
        *Speaker.objects.values_list("slug", "name"),
    }
    return keys | {"read": read, "roles": set(User.groups.through.objects.values_list("user", "group"))}


def harm(before):
    """Return what is gone, was written to people, or is another for readers since `before`."""
    now = facts()
    gone = [model.__name__ for model in KEPT if before[model] - now[model]]
    written = [model.__name__ for model in WRITTEN if now[model] - before[model]]
    taken = [words for words in ("read", "roles") if before[words] - now[words]]
    return gone + written + taken


def filled(form, sent):
    """Return what a form sends once something was typed into its text fields, and the first of boxes ticked."""
    typed = {name: [TYPED[name]] for name in form.typed if name in TYPED}
    ticked = {name: values[:1] for name, values in form.boxes.items() if not (sent.get(name) or name in ENDS)}
    return sent | ticked | typed


def press(client, address, form, sent):
    return getattr(client, form.method)(urljoin(address, form.action), sent)


def harm_of_enter(client, address, page):
    """Return {(address, what the button says): harm} of Enter in each form of a page."""
    found = {}
    for form in forms_of(page.text):
        if (sent := form.by_enter) is None or form.method == "get":
            continue
        with transaction.atomic():
            before = facts()
            press(client, address, form, filled(form, sent))
            if done := harm(before):
                found[address, form.buttons[0].words] = done
            transaction.set_rollback(True)
    return found


def pages_that_ask(client, address, page):
    """Yield (address, page) of each page with a form to which a button of this one leads."""
    for form in forms_of(page.text):
        for button in form.buttons:
            if button.words.endswith("…") and form.method == "post":
                with transaction.atomic():
                    asked = press(client, urljoin(address, button.action), form, form.sent(button))
                    if asked.status_code == 200:
                        yield address, asked
                    transaction.set_rollback(True)


def test_enter_in_any_text_field_does_no_harm(lead, unlogged):  # noqa: F811 - the fixture
    office = Office()
    found = {}

    for name in PAGES:
        address = office.address(name)
        page = lead.get(address)
        if page.status_code == 200 and not page.streaming:
            for where, shown in [(address, page), *pages_that_ask(lead, address, page)]:
                found |= harm_of_enter(lead, where, shown)

    assert found == {}
