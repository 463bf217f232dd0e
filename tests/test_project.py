"""The project as an operator meets it: settings, start, health, security, and the files that describe it."""

import gzip
import re
import subprocess
import tomllib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django_migration_linter import MigrationLinter

from pxp.checks import check_sqlite
from tests.factories import NOW
from tests.support.ports import free_port
from tests.support.programs import ROOT, collect_static_files, fill_database, get, is_up, run, running

SETTINGS = {
    "SECRET_KEY": "JcTnBQqkzQvPEWW3Y0kzv5xgSnhLb2cq9Xp8WmVtRrZfDdAa7LmKs0uH",
    "ALLOWED_HOSTS": "pxp.example.org",
    "SITE_URL": "https://pxp.example.org",
    "EMAIL_URL": "smtp+tls://ada:p%40ss@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "PxP <hello@pxp.example.org>",
}
GUNICORN = ["-m", "gunicorn", "-c", "python:pxp.gunicorn", "pxp.wsgi"]


@pytest.fixture
def environment(tmp_path):
    """All settings of a real site, on a database of its own."""
    return SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "PROXY_COUNT": "1"}


# --- The suite itself ---------------------------------------------------------


def test_every_test_begins_at_the_moment_of_the_factories():
    assert timedelta(0) <= timezone.now() - NOW < timedelta(minutes=1)


# --- Settings ----------------------------------------------------------------


@pytest.mark.sqlite_only
def test_start_without_settings_names_each_one_in_a_sentence():
    code, printed = run("manage.py", "check", environment={})

    assert code == 1
    assert re.findall(r"^Set (\w+) in the environment: ", printed, re.MULTILINE) == list(SETTINGS)
    assert "Traceback" not in printed


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", SETTINGS)
def test_start_without_one_setting_names_that_one(environment, name):
    del environment[name]

    code, printed = run("manage.py", "check", environment=environment)

    assert code == 1
    assert re.findall(r"^Set (\w+) in the environment: ", printed, re.MULTILINE) == [name]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EMAIL_URL", "mail.example.org:587", "EMAIL_URL is not understood."),
        ("EMAIL_URL", "smtp://mail.example.org:many", "EMAIL_URL is not understood."),
        ("EMAIL_URL", "smtp://ada:pass%2fwörd@mail.example.org", "The user name or password in EMAIL_URL has letters"),
        ("DATABASE_URL", "mysql://pxp@localhost/pxp", "DATABASE_URL names a database that it does not know."),
        ("SECRET_KEY", "secret", "SECRET_KEY is too short or too simple, so it can be guessed."),
        ("SECRET_KEY", "abcd" * 20, "SECRET_KEY is too short or too simple, so it can be guessed."),
        ("SECRET_KEY", "only-for-debugging-on-one-machine", "SECRET_KEY is an example that everybody knows."),
        ("SECRET_KEY", "django-insecure-" + SETTINGS["SECRET_KEY"], "SECRET_KEY is an example that everybody knows."),
        ("SECRET_KEY_FALLBACKS", "old,older", "SECRET_KEY_FALLBACKS is too short or too simple"),
        ("MAIL_PROVIDER", "pigeons", "MAIL_PROVIDER is 'pigeons', which it does not know. Use one of: amazon_ses, "),
        ("MAIL_PROVIDER", "postmark", "MAIL_PROVIDER is set without its secret"),
        ("MAIL_PROVIDER", "mailgun", "Set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY."),
        ("DEBUG", "1", "DEBUG is on, and SITE_URL is an https address."),
        ("DEBUG", "flase", "DEBUG is 'flase', and must be 1 or 0."),
        ("OFFLINE_COPY", "ture", "OFFLINE_COPY is 'ture', and must be 1 or 0."),
        ("PORT", "0", "PORT is '0', and must be a whole number of at least 1."),
        ("MAIL_PER_MINUTE", "60/min", "MAIL_PER_MINUTE is '60/min', and must be a whole number of at least 0."),
        ("MAIL_LEASE_SECONDS", "5m", "MAIL_LEASE_SECONDS is '5m', and must be a whole number of at least 1."),
        ("PROXY_COUNT", "-1", "PROXY_COUNT is '-1', and must be a whole number of at least 0."),
        ("BACKUP_EVERY_HOURS", "1d", "BACKUP_EVERY_HOURS is '1d', and must be a whole number of at least 0."),
        ("SITE_URL", "pxp.example.org", "SITE_URL is 'pxp.example.org', which is no address of a site"),
        ("SITE_URL", "htps://pxp.example.org", "SITE_URL is 'htps://pxp.example.org', which is no address of a site"),
        ("SITE_URL", "https://pxp.example.org:80a", "which is no address of a site"),
        ("SITE_URL", "https://example.org/pxp", "must end after the host name"),
        ("ALLOWED_HOSTS", "https://pxp.example.org", "ALLOWED_HOSTS has 'https://pxp.example.org'"),
        ("DEFAULT_FROM_EMAIL", "PxP", "DEFAULT_FROM_EMAIL is 'PxP', which has no mail address"),
        ("OPERATOR_EMAIL", "root", "OPERATOR_EMAIL is 'root', which has no mail address"),
        ("SITE_URL", "https://💥.example", "which is no address of a site"),
        ("ALLOWED_HOSTS", "💥.example", "ALLOWED_HOSTS has '💥.example'"),
        ("DEFAULT_FROM_EMAIL", "PxP <hello@💥.example>", "which has no mail address"),
        ("DEFAULT_FROM_EMAIL", "PxP <zoë@example.org>", "Few mail servers take letters other than a to z before"),
        ("DATABASE_URL", "postgresql://pxp:pass/word@localhost/pxp", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "postgresql://pxp:word@localhost", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL is not understood."),
        ("DATABASE_URL", "sqlite:////nowhere/pxp.sqlite3", "The folder /nowhere of DATABASE_URL is not there."),
        ("BACKUP_AGE_KEY", "AGE-SECRET-KEY-1QQQQ", "BACKUP_AGE_KEY is the private key"),
        ("BACKUP_AGE_KEY", "age1short", "BACKUP_AGE_KEY is not an age public key"),
        ("LOG_FORMAT", "jsno", "LOG_FORMAT is 'jsno', and must be text or json."),
        ("SENTRY_DSN", "sentry.example.org", "SENTRY_DSN is not understood."),
    ],
)
def test_setting_that_cannot_be_read_stops_the_start_with_a_sentence(environment, name, value, sentence):
    code, printed = run("manage.py", "check", environment=environment | {name: value})

    assert code == 1
    assert sentence in printed
    assert "Traceback" not in printed
    assert "pass/word" not in printed


@pytest.mark.sqlite_only
def test_secret_is_taken_as_it_stands_also_with_a_dollar_at_its_start(environment):
    secrets = {"BACKUP_PASSPHRASE": "$ecret words", "WATCH_TOKEN": "$HOME", "PROXY_COUNT": "", "OFFLINE_COPY": ""}
    show = f"from django.conf import settings; print([getattr(settings, name) for name in {list(secrets)}])"

    printed = run("manage.py", "shell", "--no-imports", "-c", show, environment=environment | secrets)

    assert printed == (0, "['$ecret words', '$HOME', 0, True]\n")


@pytest.mark.sqlite_only
def test_domain_in_other_letters_is_written_as_browsers_and_mails_have_it(environment):
    typed = {
        "SITE_URL": "https://Bücher.example:8443/",
        "ALLOWED_HOSTS": "bücher.example,faß.example",
        "DEFAULT_FROM_EMAIL": '"Bücher@Köln" <hello@bücher.example>',
        "OPERATOR_EMAIL": "root@bücher.example",
    }
    show = f"from django.conf import settings; print([getattr(settings, name) for name in {list(typed)}])"

    code, printed = run("manage.py", "shell", "--no-imports", "-c", show, environment=environment | typed)

    one, other = "xn--bcher-kva.example", "xn--fa-hia.example"
    hosts = [one, other, "localhost", "127.0.0.1", "[::1]"]
    assert (code, printed) == (
        0,
        f"{[f'https://{one}:8443', hosts, f'"Bücher@Köln" <hello@{one}>', f'root@{one}']}\n",
    )


@pytest.mark.sqlite_only
def test_a_mail_provider_with_its_secret_is_no_reason_to_stop(environment):
    provider = {"MAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": "user:secret"}

    code, _printed = run("manage.py", "check", environment=environment | provider)

    assert code == 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize("command", ["makemigrations", "help"])
def test_a_newcomer_makes_migrations_without_any_setting(command, tmp_path):
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3"}

    code, printed = run(
        "manage.py", command, *(["--check"] if command == "makemigrations" else []), environment=environment
    )

    assert (code, "No changes detected" in printed or command == "help") == (0, True)


@pytest.mark.sqlite_only
def test_keys_are_rotated_by_settings_alone(environment, tmp_path):
    """The drill of docs/security.md: a new key, the old one among the fallbacks, and old links still open."""
    new = {"SECRET_KEY": "n" + SETTINGS["SECRET_KEY"], "SECRET_KEY_FALLBACKS": SETTINGS["SECRET_KEY"]}
    sign = "from django.core.signing import dumps; print(dumps('ada'))"
    _code, signed = run("manage.py", "shell", "--no-imports", "-c", sign, environment=environment)
    read = f"from django.core.signing import loads; print(loads('{signed.strip()}'))"

    with_old_key = run("manage.py", "shell", "--no-imports", "-c", read, environment=environment | new)
    without = run(
        "manage.py", "shell", "--no-imports", "-c", read, environment=environment | {"SECRET_KEY": new["SECRET_KEY"]}
    )

    assert with_old_key == (0, "ada\n")
    assert without[0] == 1


@pytest.mark.sqlite_only
def test_only_its_owner_reads_the_database(environment, tmp_path):
    file = tmp_path / "site.sqlite3"
    file.touch(mode=0o644)

    assert run("manage.py", "migrate", environment=environment)[0] == 0

    assert {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("site.sqlite3*")} == {
        path.name: "0o600" for path in tmp_path.glob("site.sqlite3*")
    }
    assert file.stat().st_size


@pytest.mark.sqlite_only
@pytest.mark.parametrize("command", [GUNICORN, ["-m", "gunicorn", "pxp.wsgi"]])
def test_gunicorn_without_settings_stops_with_sentences_instead_of_trying_for_ever(command):
    code, printed = run(*command, environment={"PORT": str(free_port())})

    assert code != 0
    assert "Set SECRET_KEY in the environment: " in printed
    assert "Traceback" not in printed


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example.org", {"host": "mail.example.org", "port": None, "username": "", "password": ""}),
        (
            "smtp+tls://ada%40example.org:p%2Fw%3A@mail.example.org:587",
            {
                "host": "mail.example.org",
                "port": 587,
                "username": "ada@example.org",
                "password": "p/w:",
                "use_tls": True,
            },
        ),
        (
            "smtps://ada:secret@mail.example.org",
            {"host": "mail.example.org", "port": None, "username": "ada", "password": "secret", "use_ssl": True},
        ),
    ],
)
def test_email_url_gives_every_part_of_the_mail_server(url, options):
    from pxp.settings import mailer_from_url

    mailer = mailer_from_url(url)

    assert mailer["OPTIONS"] == options | {"timeout": 20}


@pytest.mark.sqlite_only
def test_check_for_deployment_finds_nothing(environment):
    code, printed = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", environment=environment)

    assert (code, printed) == (0, "System check identified no issues (2 silenced).\n")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("option", ["transaction_mode", "timeout", "init_command"])
def test_sqlite_without_one_of_its_options_is_refused(monkeypatch, option):
    database = connections.settings["default"]
    assert check_sqlite(None) == []

    monkeypatch.delitem(database["OPTIONS"], option)

    assert [error.id for error in check_sqlite(None)] == ["pxp.E002"]


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_sqlite_connection_has_its_options():
    connection = connections["default"]
    with connection.cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "busy_timeout")
        ]

    full = 2
    assert values == ["wal", full, 20_000]


# --- A server as in production ------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A real site behind gunicorn, DEBUG off, reached by plain http behind nothing: (address, program)."""
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    environment = SETTINGS | {
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    collect_static_files()
    with running(*GUNICORN, environment=environment, log=folder / "log") as program:
        url = f"http://127.0.0.1:{port}"
        program.wait_for(lambda: is_up(f"{url}/healthz"))
        before = get(f"{url}/readyz")
        assert run("manage.py", "migrate", environment=environment)[0] == 0
        assert run("manage.py", "load_program", "data/pxp-2023.yaml", environment=environment)[0] == 0
        yield url, program, before


@pytest.mark.sqlite_only
def test_site_is_up_before_and_ready_after_its_migrations(served):
    url, _, before = served

    assert (before.status, before.body) == (503, "The site is not ready.\n")
    assert get(f"{url}/healthz").status == 200
    assert get(f"{url}/readyz").status == 200


@pytest.mark.sqlite_only
def test_page_lets_nothing_in_from_elsewhere_and_its_address_out_to_nobody(served):
    url, *_ = served

    home = get(f"{url}/")

    assert home.status == 200
    assert "default-src 'self'" in home.headers["Content-Security-Policy"]
    assert home.headers["Referrer-Policy"] == "same-origin"
    assert home.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in home.headers
    assert "Accept-Language" not in home.headers.get("Vary", "")


@pytest.mark.sqlite_only
def test_stylesheet_is_compressed_and_kept_for_good(served):
    url, *_ = served
    [address] = re.findall(r'href="(/static/site\.\w+\.css)"', get(f"{url}/").body)

    sheet = get(url + address, Accept_Encoding="gzip")

    assert sheet.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sheet.data) == get(url + address).data


@pytest.mark.sqlite_only
def test_demo_mailbox_does_not_exist_on_a_real_site(served):
    url, *_ = served

    assert get(f"{url}/_mailbox/").status == 404


@pytest.mark.sqlite_only
def test_log_names_no_person(served):
    url, program, _ = served

    pages = ("my", "confirm", "join", "register/thanks", "lost-link")
    for path in (
        *[f"{page}/secret-key/" for page in pages],
        "calendar/secret-key/day-1.ics",
        "calendar/secret-key.ics",
    ):
        get(f"{url}/{path}?email=ada@example.org")
    program.wait_for(lambda: "/calendar/[hidden]" in program.printed)

    assert "secret-key" not in program.printed
    assert "ada@example.org" not in program.printed


@pytest.mark.sqlite_only
def test_with_an_https_address_everything_goes_by_https(environment, tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    fill_database(tmp_path / "site.sqlite3", environment=environment)

    with running(*GUNICORN, environment=environment | {"PORT": str(port)}, log=tmp_path / "log") as program:
        program.wait_for(lambda: is_up(f"{url}/healthz"))
        plain = get(f"{url}/organisers/login/", Host="pxp.example.org")
        encrypted = get(f"{url}/organisers/login/", Host="pxp.example.org", X_Forwarded_Proto="https")

    assert (plain.status, plain.headers["Location"]) == (301, "https://pxp.example.org/organisers/login/")
    assert encrypted.status == 200
    assert encrypted.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert re.search(r"__Host-csrftoken=.*; HttpOnly;.*; SameSite=Lax; Secure$", encrypted.headers["Set-Cookie"])


def test_page_for_our_own_faults_asks_no_database(client):
    client.raise_request_exception = False

    response = client.get("/program/")  # a test without a database, so each question to it fails

    assert response.status_code == 500
    assert "Something broke on our side" in response.text


# --- Files --------------------------------------------------------------------


@pytest.mark.django_db
def test_models_have_all_their_migrations():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


# No site ran before December 2026, so migrations until then could do what they liked.
FREE = {"registration": 40, "conference": 20, "operations": 1}


def lint(names):
    """Return how many of these migrations would stop the version before, which runs on during an update."""
    linter = MigrationLinter(str(ROOT), include_name=names, include_apps=list(FREE), no_output=True, no_cache=True)
    linter.lint_all_migrations()
    return linter.nb_erroneous


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_migrations_let_the_version_before_run_on():
    names = [
        file.stem
        for app, last in FREE.items()
        for file in (ROOT / apps.get_app_config(app).path / "migrations").glob("[0-9]*.py")
        if int(file.stem[:4]) > last
    ]

    assert lint(["0026_no_text_of_waiting_mails"]) == 1  # it takes columns away at once: the linter sees it
    assert not names or lint(names) == 0


@pytest.mark.sqlite_only
def test_units_are_closed_to_what_the_site_does_not_need():
    for unit in (ROOT / "deploy/systemd").glob("*.service"):
        looked_at = ["systemd-analyze", "security", "--offline=true", unit]
        words = subprocess.run(looked_at, capture_output=True, text=True, check=True).stdout

        assert float(re.search(r"Overall exposure level for \S+: ([\d.]+)", words)[1]) < 3, unit.name


@pytest.mark.sqlite_only
def test_update_takes_no_static_file_from_the_site_that_still_runs():
    (collecting,) = (line for line in (ROOT / ".ci/install").read_text().splitlines() if " collectstatic " in line)

    assert "--clear" not in collecting


@pytest.mark.sqlite_only
def test_command_for_root_reads_the_settings_as_systemd_does_or_stops(tmp_path):
    words = (ROOT / "deploy/pxp").read_text().replace("/srv/pxp", str(tmp_path)).replace("/etc/pxp", f"{tmp_path}/pxp")
    (tmp_path / "pxp").write_text(words.replace("setpriv --reuid=pxp --regid=pxp --clear-groups ", ""))
    (tmp_path / "app/.venv/bin").mkdir(parents=True)
    (tmp_path / "app/.venv/bin/python").symlink_to("/bin/sh")
    (tmp_path / "app/manage.py").write_text('echo "$EMAIL_URL" "$DEFAULT_FROM_EMAIL" "$HOME" "$@"')
    seen = []

    for value in ("'smtp://a:$x&;@mail'", "smtp://a:$x@mail", "smtp://a&b@mail"):
        (tmp_path / "pxp.env").write_text(f'EMAIL_URL={value}\nDEFAULT_FROM_EMAIL="PxP <a@b.example>"\n')
        seen.append(subprocess.run(["sh", tmp_path / "pxp", "a b"], capture_output=True, text=True, check=False))

    assert seen[0].stdout == f"smtp://a:$x&;@mail PxP <a@b.example> {tmp_path} a b\n"
    assert [(done.stdout, done.returncode > 0) for done in seen[1:]] == [("", True)] * 2


@pytest.mark.sqlite_only
def test_readme_is_short_and_names_what_people_need():
    lines = (ROOT / "README.md").read_text().splitlines()

    assert len(lines) <= 120
    for words in ("make demo", "make test", "uv run manage.py demo", "DATABASE_URL", "compose.yaml", "Back up"):
        assert any(words in line for line in lines), words


@pytest.mark.sqlite_only
def test_every_setting_stands_in_the_readme_and_every_required_one_in_the_example():
    example = (ROOT / ".env.example").read_text()
    readme = (ROOT / "README.md").read_text()
    names = set(re.findall(r'env\.\w+\("(\w+)"', (ROOT / "pxp/settings.py").read_text())) | set(SETTINGS)
    names.remove("MAILBOX_DIR")  # the demo's own

    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
    assert [name for name in SETTINGS if f"\n{name}=" not in example] == []


@pytest.mark.sqlite_only
def test_image_holds_what_the_site_runs_on_and_no_test_tools():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {re.match(r"[\w-]+", package)[0] for package in project["project"]["dependencies"]}
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert {"django", "gunicorn", "psycopg", "tzdata", "whitenoise"} <= needed
    assert {".env", ".git", ".venv", "var", "tests"} <= set(ignored)
    assert not {"conference", "registration", "templates", "static", "data", "pxp"} & set(ignored)


@pytest.mark.sqlite_only
def test_container_runs_any_command_by_its_name(environment):
    code, printed = run("-m", "pxp", "check", environment=environment)

    assert (code, printed) == (0, "System check identified no issues (0 silenced).\n")
