"""Addresses of the organisers' lists that nobody can mean: huge numbers and words in filters, NUL anywhere."""

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.factories import make_confirmed, make_program

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
HUGE = "9" * 30  # no database has a number for it
ALWAYS = {"p", "o", "q", "e", "all"}


def parameters_of(html, model_admin):
    """Return the names of all filters that a list has, and what else Django reads."""
    fields = {
        part if isinstance(part, str) else getattr(part, "parameter_name", "") for part in model_admin.list_filter
    }
    lookups = {f"{field}__{lookup}" for field in fields for lookup in ("exact", "id__exact", "in", "isnull")}
    return ALWAYS | (fields - {""}) | lookups | set(re.findall(r"[?&;](\w+)=", html))


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_odd_address_of_a_list_breaks_nothing(admin_client, model):
    make_confirmed(make_program(days=1, sessions=1).days.get())
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    names = parameters_of(admin_client.get(url).text, admin.site._registry[model])

    statuses = {name: admin_client.get(url, {name: HUGE}).status_code for name in names}
    statuses |= {page: admin_client.get(f"{url}{HUGE}/{page}").status_code for page in ("", "change/", "delete/")}

    assert {name: status for name, status in statuses.items() if status >= 500} == {}


@pytest.mark.django_db
def test_filters_of_the_history_lead_somewhere(admin_client, admin_user):
    LogEntry.objects.create(user=admin_user, action_flag=2, object_repr="x")
    url = reverse("admin:admin_logentry_changelist")
    links = {unescape(link) for link in re.findall(r'href="(\?[^"]+)"', admin_client.get(url).text)}

    assert {name for link in links for name in parameters_in(link)} >= {"action_time__gte"}
    assert {link: admin_client.get(url + link).status_code for link in links} == dict.fromkeys(links, 200)


def parameters_in(link):
    return dict(parse_qsl(link.removeprefix("?")))


@pytest.mark.parametrize("query", ["q=%00", "day=%00", "o=1&q=a%00b"])
def test_nul_in_a_filter_is_not_found(whole_site, query):
    assert whole_site.get(f"/organisers/registration/registrant/?{query}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", [HUGE, "x", "\0"])
def test_odd_key_of_a_ticked_row_is_not_found(admin_client, key):
    data = {"action": "send_again", "_selected_action": [key], "index": 0}

    assert admin_client.post(reverse("admin:registration_registrant_changelist"), data).status_code == 404
