"""Who runs the site sees what is wrong: notices, a daily mail, figures, logs and reports, and nothing of a person."""

import json
import logging
import re
import socket
import ssl
import threading
import uuid
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.checks import Warning
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from pxp import logs
from pxp.operations import doctor, machine, watch
from pxp.operations.models import Observation
from pxp.operations.models.observations import Watched
from pxp.operations.notices import list_notices
from registration import links
from registration.models import AccessRequest, OutboxMessage, Registrant
from registration.status import MailFault
from tests.factories import NOW, make_pending, make_program
from tests.support.at_once import PATIENCE
from tests.support.ports import free_port
from tests.support.programs import get, run
from tests.support.served import SETTINGS, serving

GUNICORN = ["-m", "gunicorn", "-c", "python:pxp.gunicorn", "pxp.wsgi"]
TOKEN = {"Authorization": "Bearer a-token-of-this-test"}


def keys():
    return [notice.key for notice in list_notices(now=NOW)]


# --- What is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_notices_say_each_thing_that_is_wrong_and_nothing_on_a_site_that_is_well(client):
    assert keys() == []
    watch.record_sign_of_life(now=NOW - timedelta(minutes=2))
    make_pending(make_program().days.first())
    assert keys() == []

    watch.record_sign_of_life(now=NOW - timedelta(minutes=20))
    OutboxMessage.objects.update(fault=MailFault.SERVER)
    Observation.objects.note(Watched.DISK, now=NOW, is_fault=True, number=4)
    Observation.objects.note(Watched.CERTIFICATE, now=NOW, is_fault=True, number=3)
    Observation.objects.note(Watched.BACKUP, now=NOW, is_fault=True, number=50)

    words = [notice.words for notice in list_notices(now=NOW)]
    assert keys() == ["mail-refused", "worker-silent", "disk-fault", "certificate-fault", "backup-fault"]
    for number, text in zip((1, 20, 4, 3, 50), words, strict=True):
        assert f" {number} " in text
    client.force_login(User.objects.create(username="lead", is_staff=True, is_superuser=True))
    page = client.get("/organisers/").text
    assert [text in page for text in words] == [True] * 5


@pytest.mark.django_db
def test_worker_looks_at_its_machine(settings, tmp_path):
    settings.BACKUP_DIR, settings.BACKUP_EVERY_HOURS = tmp_path, 48
    watch.check_machine(now=NOW)
    assert "backup-fault" in keys()

    (tmp_path / f"pxp-{NOW - timedelta(hours=47):%Y-%m-%dT%H-%M-%SZ}.backup.age").touch()
    watch.check_machine(now=NOW)

    assert keys() == [] or keys() == ["disk-fault"]
    assert 0 <= Observation.objects.get(thing=Watched.DISK).number <= 100
    watch.check_machine(now=NOW + timedelta(hours=3))
    assert "backup-fault" in keys()


@pytest.mark.django_db
def test_disk_that_fills_is_seen_at_once_by_all_who_look(client, settings, tmp_path):
    settings.BACKUP_DIR, settings.WATCH_TOKEN = tmp_path, "a-token-of-this-test"
    client.force_login(User.objects.create(username="lead", is_staff=True, is_superuser=True))
    bytes_, files = {"f_bavail": 90, "f_favail": 900}, {"f_bavail": 500, "f_favail": 60}
    for free, percent in ((bytes_, 9), (files, 6), ({"f_bavail": 100, "f_favail": 0, "f_files": 0}, None)):
        disk = mock.Mock(**{"f_blocks": 1000, "f_files": 1000} | free)
        with mock.patch.object(machine.os, "statvfs", return_value=disk):
            observations = [
                f"The disk is nearly full: {percent} percent is free." in client.get("/organisers/").text,
                "disk-fault" in json.loads(client.get("/readyz", headers=TOKEN).text)["notices"],
                doctor.disk().is_well is False,
            ]

        assert observations == [percent is not None] * 3


@pytest.mark.django_db
def test_who_runs_the_site_is_told_once_a_day_while_something_is_wrong(settings, smtp_server):
    settings.OPERATOR_EMAIL = "root@example.org"
    watch.mail_operator(now=NOW)
    Observation.objects.note(Watched.DISK, now=NOW, is_fault=True, number=4)

    for hours in (0, 1, 23, 25):
        watch.mail_operator(now=NOW + timedelta(hours=hours))

    mails = [mail.message for mail in smtp_server.to("root@example.org")]
    assert len(mails) == 2
    assert "4 percent is free" in " ".join(mails[0].get_content().split())


@pytest.mark.django_db
def test_daily_mail_that_could_not_leave_is_tried_at_the_next_look(settings, smtp_server):
    settings.OPERATOR_EMAIL = "root@example.org"
    Observation.objects.note(Watched.DISK, now=NOW, is_fault=True, number=4)
    with mock.patch.object(watch, "send_mail", side_effect=OSError):
        watch.mail_operator(now=NOW)

    watch.mail_operator(now=NOW + timedelta(minutes=5))

    assert len(smtp_server.to("root@example.org")) == 1


def test_clock_is_compared_with_a_time_server():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, time_machine.travel(NOW, tick=False):
        server.bind(("127.0.0.1", 0))
        server.settimeout(PATIENCE)
        thread = threading.Thread(target=answer_time, args=(server, 90))
        thread.start()

        off = machine.seconds_off(*server.getsockname())

        thread.join()
    assert off == 90


def answer_time(server, seconds_behind):
    """Answer one question as a time server whose clock is behind."""
    import time

    _question, who = server.recvfrom(48)
    seconds = int(time.time() - seconds_behind + machine.NTP_EPOCH)
    server.sendto(bytes(40) + seconds.to_bytes(4) + bytes(4), who)


def test_certificate_that_is_none_is_a_fault_that_the_doctor_names(settings):
    settings.SITE_URL = f"https://127.0.0.1:{free_port()}"

    with pytest.raises(OSError, match="refused"):
        machine.days_of_certificate()

    assert doctor.certificate().is_well is False
    assert issubclass(ssl.SSLError, OSError)


# --- Who may see more ------------------------------------------------------------------------------------------------


def test_doctor_says_nothing_of_what_the_settings_leave_out_on_purpose(settings):
    settings.OPERATOR_EMAIL = "root@example.org"
    settings.SILENCED_SYSTEM_CHECKS = ["security.W021"]
    warnings = [Warning("Preload?", id="security.W021"), Warning("Which hosts?", id="security.W020")]

    with mock.patch.object(doctor, "run_checks", return_value=warnings):
        found = list(doctor.settings_of_the_site())

    assert [finding.words for finding in found] == ["Which hosts?"]


@pytest.mark.django_db
def test_readyz_says_why_to_who_may_watch_alone(client, settings):
    settings.WATCH_TOKEN = "a-token-of-this-test"
    Observation.objects.note(Watched.DISK, now=NOW, is_fault=True, number=4)

    answers = [client.get("/readyz", headers=headers) for headers in ({}, {"Authorization": "Bearer other"}, TOKEN)]

    assert [answer.text for answer in answers[:2]] == ["The site is ready.\n"] * 2
    assert json.loads(answers[2].text)["notices"].keys() == {"disk-fault"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A site with a token, two web processes and JSON logs: (address, program, environment)."""
    settings = {"WATCH_TOKEN": "a-token-of-this-test", "LOG_FORMAT": "json", "WEB_CONCURRENCY": "2"}
    with serving(tmp_path_factory.mktemp("watched"), **settings) as (url, program, environment):
        yield url, program, environment


@pytest.mark.sqlite_only
def test_figures_are_for_who_may_watch_and_add_up_over_processes(watched):
    url, _program, _environment = watched
    assert (get(f"{url}/metrics").status, get(f"{url}/metrics", Authorization="Bearer other").status) == (404, 404)
    before = get(f"{url}/metrics", **TOKEN).body

    for _ in range(20):
        assert get(f"{url}/program/").status == 200

    after = get(f"{url}/metrics", **TOKEN).body
    ready, made = (answers(after, kind) - answers(before, kind) for kind in ("yes", "no"))
    # Each process makes the page once at most; the question before counts too.
    assert (ready + made, ready >= 18) == (21, True)
    assert "pxp_oldest_due_mail_seconds 0.0" in after
    assert re.search(r"(?m)^pxp_disk_free_percent \d+", after)


def answers(figures, ready):
    """Return how many answers were ready, or not."""
    found = re.findall(rf'pxp_request_seconds_count{{method="GET",ready="{ready}",status="200"}} (\S+)', figures)
    return sum(map(float, found))


@pytest.mark.sqlite_only
def test_doctor_asks_from_outside_and_says_what_to_do(watched):
    _url, _program, environment = watched

    code, printed = run("manage.py", "doctor", environment=environment | {"PROXY_COUNT": "2"})

    assert code == 1
    for words in (
        "[  ] Proxies: A request passes 0 proxies that add to X-Forwarded-For. Set PROXY_COUNT=0.",
        "[ok] Database: It answers, and has all migrations.",
        "[  ] Certificate: SITE_URL begins with http, so nothing is encrypted. Use https.",
        "[  ] Settings: Nobody is mailed when something is wrong. Set OPERATOR_EMAIL.",
        "[ok] Rights: ",
        "things to do: see each line with an empty box.",
    ):
        assert words in printed, printed
    assert "Traceback" not in printed


# --- Logs and reports ------------------------------------------------------------------------------------------------


@pytest.mark.sqlite_only
def test_each_line_has_time_level_and_request_id_and_no_person(watched):
    url, program, _environment = watched

    get(f"{url}/my/secret-key/?email=ada@example.org", X_Request_ID="from-the-proxy-1")
    program.wait_for(lambda: "from-the-proxy-1" in program.printed)

    lines = [json.loads(line) for line in program.printed.splitlines() if line.startswith("{")]
    [line] = [line for line in lines if line["request_id"] == "from-the-proxy-1"]
    assert line.keys() >= {"time", "level", "request_id", "logger", "message"}
    assert line["level"] == "WARNING"
    assert "secret-key" not in program.printed
    assert "ada@" not in program.printed


def test_text_lines_have_the_same_and_a_stranger_writes_no_line_of_his_own():
    words = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR %s pxp: Fault of \[hidden address\]"
    record = logging.LogRecord("pxp", logging.ERROR, __file__, 1, "Fault of %s", ("ada@example.org",), None)
    for given, expected in (("a\nb", r"[0-9a-f]{12}"), ("0123456789abcdef", "0123456789abcdef")):
        logs.begin_request({"HTTP_X_REQUEST_ID": given})
        line = logs.PrivateFormatter().format(record)

        assert re.fullmatch(words % expected, line), line
    logs.begin_request(None)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("is_cause", [False, True])
@pytest.mark.django_db
def test_no_line_holds_a_row_that_a_database_quotes(form, is_cause, monkeypatch):
    """PostgreSQL quotes it as it was typed: with new lines, and with quotation marks."""
    monkeypatch.setenv("LOG_FORMAT", form)
    need = {"words": 'I use a "chair"\nand oxygen, for\n\nDuring lunch', "consented_at": NOW, "created_at": NOW}
    ada = make_pending(make_program().days.first())
    line = ""
    try:
        try:
            with transaction.atomic():
                AccessRequest.objects.bulk_create([AccessRequest(registrant=ada, state=None, **need)])
        except IntegrityError as fault:
            if is_cause:
                raise ValueError("not saved") from fault
            raise
    except (IntegrityError, ValueError) as fault:
        of_fault = (type(fault), fault, fault.__traceback__)
        record = logging.LogRecord("pxp", logging.ERROR, __file__, 1, "Not saved", (), of_fault)
        line = logs.make_formatter().format(record)
        record = logging.LogRecord("pxp", logging.ERROR, __file__, 1, "%s", (fault.__cause__ or fault,), None)
        line += "\n" + logs.make_formatter().format(record)

    assert "IntegrityError" in line
    assert re.search("null value|NOT NULL", line)
    for typed in ("chair", "oxygen", "lunch"):
        assert typed not in line, line
    if form == "json":
        assert json.loads(line.splitlines()[0])["message"] == "Not saved"
        assert json.loads(line.splitlines()[1])


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_strangers_send_takes_one_line(form, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", form)

    def lines_of(name, level):
        fault = ValueError("no such host")
        record = logging.LogRecord(name, level, __file__, 1, "Refused", (), (ValueError, fault, None))
        return logs.make_formatter().format(record)

    assert "no such host" not in lines_of("django.security.DisallowedHost", logging.ERROR)
    assert "no such host" not in lines_of("django.request", logging.WARNING)
    assert "no such host" in lines_of("django.request", logging.ERROR)


@pytest.mark.parametrize("path", ["/my//{}/", "/MY/{}", "/my/ {}/", "/my/.{}", "/fr/my/'{}'/", "/mon/{}/", "/{}"])
def test_no_line_holds_the_key_of_an_address_that_a_mail_program_damaged(path):
    key = links.token("my", Registrant(public_id=uuid.UUID("0f1e2d3c-4b5a-4978-8a6b-c7d8e9f00112")))

    assert key[:10] not in logs.hide(f"Not Found: {path.format(key)}")


def routes(patterns, before=""):
    """Give the route of each address of the site."""
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        yield from routes(pattern.url_patterns, route) if hasattr(pattern, "url_patterns") else [route]


def test_no_line_shows_the_key_in_an_address():
    key = re.compile(r"<(str:)?token>|<uidb64>|(?<=preview/)<str:key>")
    with_keys = {route for route in routes(get_resolver().url_patterns) if key.search(route)}
    shown = [route for route in with_keys if "0f1e2d3c" in logs.hide(f"Not Found: /{key.sub('abc-0f1e2d3c', route)}")]

    assert len(with_keys) > 20
    assert shown == []


REPORT = """
import django, logging; django.setup()
import sentry_sdk
sent = []
class Keep(sentry_sdk.transport.Transport):
    def capture_envelope(self, envelope): sent.append(envelope.serialize())
sentry_sdk.get_client().transport = Keep()
from django.test import Client
from django.conf import settings
client = Client(raise_request_exception=False, headers={"user-agent": "Adas browser"})
page = client.get("/my/secret-token/?name=Lovelace", headers={"host": "pxp.example.org"})
typed = {"name": "Lovelace", "email": "ada@example.org"}
client.get("/", headers={"host": "strangers.example"})
client.post("/confirm/secret-token/", typed, headers={"host": "pxp.example.org"})
logging.getLogger("registration").error("Mail to %s: %s", "Lovelace", "ada@example.org")
try:
    name = "Lovelace"
    raise ValueError("duplicate key (name)=(Lovelace)")
except ValueError:
    logging.getLogger("registration").exception("A fault of %s", name)
sentry_sdk.flush()
print("PAGE", page.status_code, page["Retry-After"], "Wait a minute" in page.text)
print("REPORTS", len(sent), b"".join(sent).decode())
"""


@pytest.mark.sqlite_only
def test_reports_to_sentry_hold_no_token_no_address_and_no_name(tmp_path):
    environment = SETTINGS | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",  # without tables, so pages of people fail
        "SITE_URL": "http://pxp.example.org",
        "SENTRY_DSN": "http://key@127.0.0.1:9/1",
        "DJANGO_SETTINGS_MODULE": "pxp.settings",
    }

    code, printed = run("-c", REPORT, environment=environment)

    assert code == 0, printed
    # No fault of the page: people are told to come back.
    assert "PAGE 503 30 True\n" in printed, printed
    number, _space, reports = printed.partition("REPORTS ")[2].partition(" ")
    assert int(number) >= 4
    assert "OperationalError" in reports
    assert "Mail to %s: %s" in reports
    assert "DisallowedHost" not in reports
    for secret in ("secret-token", "ada@example.org", "Lovelace", "Adas browser"):
        assert secret not in reports, secret


@pytest.mark.sqlite_only
def test_nothing_of_all_this_is_loaded_where_nobody_asked_for_it(tmp_path):
    environment = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "SITE_URL": "http://pxp.example.org"}
    code = "import pxp.wsgi, sys; print({'sentry_sdk', 'prometheus_client', 'pythonjsonlogger'} & set(sys.modules))"

    assert run("-c", code, environment=environment)[1].splitlines()[-1] == "set()"
