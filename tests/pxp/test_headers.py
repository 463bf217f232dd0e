"""Headers and files that every answer or any program expects."""

from io import BytesIO

import pytest
from PIL import Image

from pxp import proxies
from pxp.proxies import check_proxies, is_undeclared
from registration import links
from tests.factories import make_confirmed, make_day, make_program
from tests.support.served import send


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/register/", "/nowhere/", "/organisers/login/", "/program.ics"])
def test_nobody_else_s_page_may_use_ours(client, path):
    make_program()

    response = client.get(path)

    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "form-action 'self'" in response["Content-Security-Policy"].split("; ")


@pytest.mark.django_db
def test_share_image_may_be_shown_anywhere(client):
    make_program()

    assert client.get("/share/home.png")["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
def test_door_alone_may_send_its_form_elsewhere(client):
    row = make_confirmed(make_day()).registrations.get()

    policy = client.get(f"/join/{links.join_token(row)}/")["Content-Security-Policy"]

    assert "form-action 'self' https: http:" in policy.split("; ")
    assert "default-src 'self'" in policy.split("; ")


@pytest.mark.sqlite_only
def test_icon_at_the_top_is_there(served):
    answer = send(served, "GET", "/favicon.ico")

    assert answer.status == 200
    assert answer.headers["Content-Type"] in ("image/x-icon", "image/vnd.microsoft.icon")
    with Image.open(BytesIO(answer.data)) as image:
        assert image.ico.sizes() == {(16, 16), (32, 32)}


# --- A proxy that nobody declared -------------------------------------------------------------------------------------


def test_proxy_is_undeclared_when_its_header_comes_and_none_is_counted(settings):
    assert is_undeclared({"HTTP_X_FORWARDED_FOR": "203.0.113.9"})
    assert not is_undeclared({})

    settings.PROXY_COUNT = 1

    assert not is_undeclared({"HTTP_X_FORWARDED_FOR": "203.0.113.9"})


@pytest.mark.django_db
def test_log_warns_of_it_once(client, caplog):
    proxies.warn_once.cache_clear()

    for _time in range(3):
        client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"})

    assert [record.levelname for record in caplog.records if "PROXY_COUNT" in record.message] == ["ERROR"]


def test_check_warns_where_something_must_end_the_encryption(settings):
    assert check_proxies(None) == []

    settings.SITE_URL = "https://pxp.example.org"

    assert [warning.id for warning in check_proxies(None)] == ["pxp.W001"]
    settings.PROXY_COUNT = 1
    assert check_proxies(None) == []


@pytest.mark.django_db
def test_organisers_first_page_says_so(admin_client):
    words = "PROXY_COUNT"
    assert words not in admin_client.get("/organisers/").text

    assert words in admin_client.get("/organisers/", headers={"X-Forwarded-For": "203.0.113.9"}).text
