"""Backups: whole, private, checked; restored they bring back everyone who was told yes, and nobody who was erased."""

import gzip
import json
import os
import re
import stat
import sys
import time
import uuid
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pyrage
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from conference.models import Draft, Picture, Session, Speaker
from pxp.operations.backups import folder, reading, restoring, sealing, writing
from pxp.operations.backups.format import NoBackup
from pxp.operations.management.commands import try_backup
from pxp.operations.management.commands.move_to import Command as Moving
from registration.models import Erasure, Registrant
from registration.services import erased_list
from registration.services.erase import erase
from tests.factories import NOW, make_confirmed, make_program, make_speaker
from tests.support.browser import GUNICORN
from tests.support.crowd import Crowd
from tests.support.programs import NEXT_YEAR, fill_database, run, running
from tests.support.served import SETTINGS, serving
from tests.support.smtp import ScriptedServer


@pytest.fixture(autouse=True)
def backups(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    return settings.BACKUP_DIR


PHOTO = bytes(range(256)) * 40  # whatever its bytes are
CHANGES = [
    {"model": "conference.speaker", "pk": 1, "kind": "changed", "fields": {"name": "Zoë 𝒵 \u2028", "order": None}}
]


def backup_of_two():
    """Ada and Bob are registered, a speaker has a picture, and a draft waits; return a backup of that as bytes."""
    conference = make_program()
    picture = Picture.objects.create(key="a" * 32, small=b"\0", medium=b"", large=PHOTO, added_at=NOW)
    make_speaker(conference, slug="zoe", picture=picture, picture_alt="Zoë, smiling")
    Draft.objects.create(conference=conference, changes=CHANGES, saved_at=NOW)
    day = conference.days.first()
    for name in ("Ada", "Bob"):
        make_confirmed(day, name=name)
    written = BytesIO()
    writing.write_rows(written)
    return written.getvalue()


@pytest.mark.django_db
def test_backup_holds_each_row_once_and_no_link():
    ada_and_bob = backup_of_two()

    header, counts = reading.check_backup(BytesIO(ada_and_bob))

    assert counts["registration.Registrant"] == Registrant.objects.count() == 2
    assert "sessions.Session" not in counts
    assert header.opens_links
    words = gzip.decompress(ada_and_bob).decode()
    assert "ada@example.org" in words
    assert "/my/" not in words
    assert settings.SECRET_KEY not in words


@pytest.mark.django_db
def test_pictures_and_drafts_come_back_as_they_were():
    written = backup_of_two()
    before = {model: list(model.objects.order_by("pk").values_list()) for model in (Picture, Draft, Speaker, Session)}
    Draft.objects.update(changes=[])
    Speaker.objects.update(picture=None)
    Picture.objects.all().delete()

    with reading.read_backup(BytesIO(written)) as backup:
        restoring.fill_tables(backup, apps)

    assert {model: list(model.objects.order_by("pk").values_list()) for model in before} == before
    assert bytes(Speaker.objects.exclude(picture=None).get().picture.large) == PHOTO
    assert Draft.objects.get().changes == CHANGES
    make_speaker(Draft.objects.get().conference, slug="newcomer")  # keys go on behind those that came back


@pytest.mark.django_db
@pytest.mark.parametrize("cut", [10, 0.5, -20])
def test_backup_that_was_cut_short_or_damaged_is_refused(cut):
    whole = backup_of_two()
    at = int(len(whole) * cut) if isinstance(cut, float) else cut

    with pytest.raises(NoBackup):
        reading.check_backup(BytesIO(whole[:at]))
    damaged = bytearray(whole)
    damaged[at] ^= 0xFF
    with pytest.raises(NoBackup):
        reading.check_backup(BytesIO(bytes(damaged)))


def test_backup_is_encrypted_for_a_passphrase_or_a_key_and_opens_for_nobody_else(settings, tmp_path, monkeypatch):
    mine, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    for name, identity in (("mine", mine), ("other", other)):
        (tmp_path / name).write_text(f"# a comment\n{identity}\n")

    for passphrase, key, identity in (("a long passphrase", "", None), ("", str(mine.to_public()), tmp_path / "mine")):
        settings.BACKUP_PASSPHRASE, settings.BACKUP_AGE_KEY = passphrase, key
        with folder.new_file(tmp_path / "sealed") as out:
            sealing.seal(BytesIO(b"secret words"), out)
        assert b"secret" not in (tmp_path / "sealed").read_bytes()
        with sealing.open_backup(tmp_path / "sealed", identity=identity) as opened:
            assert opened.read() == b"secret words"

    monkeypatch.setattr(sys, "stdin", StringIO(f"# a comment\n{mine}\n"))
    with sealing.open_backup(tmp_path / "sealed", identity=sealing.STANDARD_INPUT) as opened:
        assert opened.read() == b"secret words"
    with pytest.raises(sealing.NotOpened), sealing.open_backup(tmp_path / "sealed", identity=tmp_path / "other"):
        pass
    settings.BACKUP_AGE_KEY = "age1wrong"
    with pytest.raises(sealing.BadKey), folder.new_file(tmp_path / "sealed") as out:
        sealing.seal(BytesIO(b"secret words"), out)


@pytest.mark.django_db(transaction=True)
def test_drill_tries_the_newest_or_where_its_key_is_elsewhere_one_made_now(backups, settings, tmp_path):
    make_confirmed(make_program().days.first())
    settings.BACKUP_AGE_KEY = str(pyrage.x25519.Identity.generate().to_public())
    call_command("backup")
    newest = try_backup.newest()

    tried = try_backup.file_to_try(newest, identity=None, scratch=tmp_path)

    assert try_backup.file_to_try(newest, identity=tmp_path / "key", scratch=tmp_path) == newest
    assert stat.S_IMODE(tried.stat().st_mode) == 0o600
    with tried.open("rb") as file:
        assert reading.check_backup(file)[1]["registration.Registrant"] == 1
    settings.BACKUP_PASSPHRASE = "a long passphrase"
    assert try_backup.file_to_try(newest, identity=None, scratch=tmp_path) == newest


def test_rotation_keeps_a_day_whole_then_one_a_day_then_nothing_but_the_newest(backups):
    backups.mkdir()
    ages = [timedelta(hours=hours) for hours in (1, 2, 23, 30, 31, 54, 13 * 24, 15 * 24, 40 * 24)]
    for age in ages:
        (backups / folder.name_at(NOW - age, is_sealed=age.days > 1)).touch()
    (backups / "something-else.backup").touch()

    folder.rotate(backups, now=NOW)

    kept = {NOW - at for at, _file in folder.backups_in(backups)}
    assert kept == {timedelta(hours=hours) for hours in (1, 2, 23, 54, 13 * 24)}
    assert (backups / "something-else.backup").exists()
    folder.rotate(backups, now=NOW + timedelta(days=60))
    assert [NOW - at for at, _file in folder.backups_in(backups)] == [timedelta(hours=1)]


@pytest.mark.django_db
def test_the_erased_are_listed_by_id_alone_and_as_long_as_the_oldest_backup(backups):
    ada = make_confirmed(make_program().days.first())
    key = ada.public_id
    erase(ada, now=NOW)

    copying = erased_list.Copying()
    assert (copying(), copying()) == (1, 0)
    assert erased_list.Copying()() == 0  # a worker that starts again

    assert erased_list.the_list().file.read_text() == f"{NOW.isoformat()} {key}\n"
    assert stat.S_IMODE(erased_list.the_list().file.stat().st_mode) == 0o600
    (backups / folder.name_at(NOW - timedelta(days=20), is_sealed=False)).touch()
    folder.rotate(backups, now=NOW + timedelta(days=13))
    assert list(erased_list.the_list().read()) == [key]
    folder.rotate(backups, now=NOW + timedelta(days=15))
    assert list(erased_list.the_list().read()) == [key]  # the old backup is the only one
    (backups / folder.name_at(NOW + timedelta(days=15), is_sealed=False)).touch()
    folder.rotate(backups, now=NOW + timedelta(days=15))
    assert erased_list.the_list().read() == {}


def test_line_that_is_added_while_old_ones_go_stays(backups, monkeypatch):
    old, new = (Erasure(public_id=uuid.uuid4(), erased_at=NOW + timedelta(days=days)) for days in (0, 2))
    erased_list.the_list().add([old])
    adding, read = Thread(target=erased_list.the_list().add, args=[[new]]), erased_list.ErasedList.read

    def read_slowly(the_list):
        found = read(the_list)
        monkeypatch.undo()
        adding.start()
        adding.join(0.2)
        return found

    monkeypatch.setattr(erased_list.ErasedList, "read", read_slowly)
    erased_list.the_list().forget_before(NOW + timedelta(days=1))
    adding.join()

    assert list(erased_list.the_list().read()) == [new.public_id]


@pytest.mark.django_db
def test_without_a_disk_the_log_is_the_list(backups, caplog, tmp_path):
    backups.write_text("no folder")
    row = Erasure.objects.create(public_id="0d5f5a0e-5b5c-4ab0-9a3b-0f6fa45c9f2e", erased_at=NOW)
    copying = erased_list.Copying()

    assert (copying(), copying()) == (1, 0)

    (tmp_path / "log").write_text(caplog.text)
    assert {str(key) for key in erased_list.ErasedList(tmp_path / "log").read()} == {str(row.public_id)}


@pytest.mark.django_db
def test_restore_says_what_it_needs_before_it_changes_anything(backups, tmp_path):
    make_confirmed(make_program().days.first())
    (tmp_path / "backup").write_bytes(b"")

    with pytest.raises(CommandError, match="There is no list of erased people"):
        call_command("restore", tmp_path / "backup")
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory[^$]*--identity -"):
        call_command("restore", tmp_path, without_erased=True, replace=1)
    with pytest.raises(CommandError, match=r"holds 1 people and accounts, which this would delete[^$]*--replace 1"):
        call_command("restore", tmp_path / "backup", without_erased=True)
    with pytest.raises(CommandError, match="This is not a backup of this site"):
        call_command("restore", tmp_path / "backup", without_erased=True, replace=1)

    assert Registrant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_older_version_goes_on_making_backups_of_a_newer_database_and_says_what_is_not_in_them(capsys, tmp_path):
    make_confirmed(make_program().days.first())
    newer = MigrationRecorder(connection)
    newer.record_applied("registration", "9999_of_the_next_version")
    try:
        call_command("backup", tmp_path / "backup")
        with pytest.raises(CommandError, match="newer than this version"):
            Moving().copy("postgresql://nowhere.example/pxp", tmp_path / "moved")
    finally:
        newer.record_unapplied("registration", "9999_of_the_next_version")

    assert re.search(r"newer than this version[^$]*9999_of_the_next_version", capsys.readouterr().err)
    header, counts = reading.check_backup(BytesIO((tmp_path / "backup").read_bytes()))
    assert counts["registration.Registrant"] == 1
    assert ("registration", "9999_of_the_next_version") not in header.migrations  # so this version restores it


@pytest.mark.sqlite_only
@pytest.mark.parametrize("command", ["doctor", "backup", "restore"])
def test_broken_database_is_named_in_sentences(command, tmp_path):
    (tmp_path / "site.sqlite3").write_bytes(b"not a database" * 1000)
    (tmp_path / "backup").write_bytes(b"")
    environment = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "BACKUP_DIR": str(tmp_path)}
    environment["SITE_URL"] = "http://testserver"
    arguments = [str(tmp_path / "backup"), "--without-erased"] if command == "restore" else []

    code, printed = run("manage.py", command, *arguments, environment=environment)

    assert code == 1
    assert "Traceback" not in printed
    assert f"mv {tmp_path}/site.sqlite3" in printed


@pytest.mark.django_db(transaction=True)
def test_drill_and_restore_say_in_a_sentence_what_they_were_given_in_mistake(backups, settings, tmp_path):
    settings.BACKUP_PASSPHRASE = "a passphrase of this test"
    make_program()
    call_command("backup", tmp_path / "sealed")
    (tmp_path / "notes").write_bytes(b"no key \xff")
    (tmp_path / "log").write_text("The worker began.\n")

    for given in (tmp_path / "missing", tmp_path):
        with pytest.raises(CommandError, match="cannot be read: "):
            call_command("try_backup", given)
    with pytest.raises(CommandError, match="this passphrase or key does not open it"):
        call_command("restore", tmp_path / "sealed", without_erased=True, identity=tmp_path / "notes")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("restore", tmp_path / "sealed", erased=tmp_path)
    with pytest.raises(CommandError, match="log names nobody who was erased"):
        call_command("restore", tmp_path / "sealed", erased=tmp_path / "log")


@pytest.mark.django_db(transaction=True)
def test_backup_takes_the_place_of_a_backup_and_of_nothing_else(tmp_path):
    make_program()
    (tmp_path / "site.sqlite3").write_bytes(b"SQLite format 3\0")
    (tmp_path / "null").symlink_to("/dev/null")

    for there in ("site.sqlite3", "null"):
        with pytest.raises(CommandError, match="is something else than a backup, and stays"):
            call_command("backup", tmp_path / there)
    for _time in range(2):
        call_command("backup", tmp_path / "latest")

    assert (tmp_path / "site.sqlite3").read_bytes() == b"SQLite format 3\0"
    assert (tmp_path / "null").is_symlink()
    assert reading.check_backup(BytesIO((tmp_path / "latest").read_bytes()))


@pytest.mark.django_db
def test_what_a_machine_without_power_left_of_a_backup_is_deleted_after_a_day(backups):
    make_program()
    backups.mkdir()
    for name, hours in (("old", 25), ("new", 23)):
        (backups / f".backup-{name}").write_bytes(b"people")
        at = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(backups / f".backup-{name}", (at, at))

    folder.rotate(backups, now=NOW)

    assert sorted(file.name for file in backups.glob(".backup-*")) == [".backup-new"]


STOPPED = """
import os, signal, sys
from unittest import mock
import django; django.setup()
from django.core.management import execute_from_command_line
from pxp.operations.backups import folder, restoring
*arguments, number, at_hangup = sys.argv
def stop(*_): os.kill(os.getpid(), getattr(signal, number))
# As in a terminal: in the background, a shell or nohup lets programs ignore them.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, getattr(signal, at_hangup))
with mock.patch.object(folder.os, "fsync", stop), mock.patch.object(restoring, "drop_tables", stop):
    execute_from_command_line(arguments)
"""


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("command", "name"), [("backup", "SIGTERM"), ("backup", "SIGINT"), ("restore", "SIGHUP"), ("restore", "SIGTERM")]
)
def test_stopped_command_leaves_no_copy_of_people(command, name, tmp_path):
    environment = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "SITE_URL": "http://testserver"}
    fill_database(tmp_path / "site.sqlite3", environment=environment)
    manage("backup", str(tmp_path / "backup"), environment=environment)
    arguments = [str(tmp_path / "backup"), "--without-erased"] if command == "restore" else [str(tmp_path / "new")]
    environment["DJANGO_SETTINGS_MODULE"] = "pxp.settings"

    code, printed = run("-c", STOPPED, command, *arguments, name, "SIG_DFL", environment=environment)

    assert (code, printed) == (1, "CommandError: It was stopped before it was done. Start it again.\n")
    left = {file.name for file in tmp_path.iterdir()} - {"site.sqlite3-wal", "site.sqlite3-shm"}
    assert left == {"backup", "site.sqlite3"}


@pytest.mark.sqlite_only
def test_command_under_nohup_outlives_its_terminal(tmp_path):
    environment = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "SITE_URL": "http://testserver"}
    fill_database(tmp_path / "site.sqlite3", environment=environment)
    environment["DJANGO_SETTINGS_MODULE"] = "pxp.settings"
    new = str(tmp_path / "new")

    code, printed = run("-c", STOPPED, "backup", new, "SIGHUP", "SIG_IGN", environment=environment)

    assert (code, (tmp_path / "new").exists()) == (0, True), printed


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_backup_of_a_newer_version_is_refused_before_a_table_is_dropped():
    head, _newline, rows = gzip.decompress(backup_of_two()).partition(b"\n")
    newer = json.loads(head)
    newer["migrations"].append(["registration", "9999_of_the_next_version"])
    written = gzip.compress(json.dumps(newer).encode() + b"\n" + rows)

    with reading.read_backup(BytesIO(written)) as backup, pytest.raises(NoBackup, match="9999_of_the_next_version"):
        restoring.restore(backup, erased={})

    assert Registrant.objects.count() == 2


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_two_restores_into_one_file_do_not_mix(tmp_path, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "site.sqlite3"))
    monkeypatch.setattr(connection, "close", lambda: None)
    scratch = tmp_path / "site.sqlite3.restoring"
    with restoring.alone_with(scratch):
        scratch.write_bytes(b"half of it")
        with pytest.raises(NoBackup, match="Another restore into this database runs"), restoring.where_to_build():
            pass

        assert scratch.read_bytes() == b"half of it"
    assert not scratch.exists()


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_two_restores_into_one_database_do_not_mix():
    another = pytest.raises(NoBackup, match="Another restore into this database runs")

    with restoring.where_to_build(), another, restoring.where_to_build():
        pass

    with restoring.where_to_build():
        pass


@pytest.mark.sqlite_only
@pytest.mark.parametrize("command", [["backup", "/nowhere"], ["doctor"]])
def test_postgresql_that_is_away_is_named_with_the_reason(command):
    environment = SETTINGS | {"DATABASE_URL": "postgresql://pxp:word@127.0.0.1:1/pxp", "SITE_URL": "http://127.0.0.1"}

    code, printed = run("manage.py", *command, environment=environment)

    assert code == 1
    assert 'does not answer: connection failed: connection to server at "127.0.0.1", port 1 failed' in printed


# --- The drill: a site under load, destroyed, and brought back ----------------


@contextmanager
def databases(tmp_path, *names):
    """Give a URL for each of these new databases: files, or databases on the tests' PostgreSQL server."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield [f"sqlite:///{tmp_path}/{name}.sqlite3" for name in names]
        return
    server = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
        yield [urlunsplit(server._replace(path=f"/{name}")) for name in names]
        for name in names:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def create(url):
    """Make the database, as the installer of a site does; SQLite makes its own."""
    if not url.startswith("sqlite"):
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {urlsplit(url).path[1:]}")


def destroy(url):
    """Lose the database."""
    if url.startswith("sqlite"):
        for file in Path(url.removeprefix("sqlite:///")).parent.glob(f"{Path(url).name}*"):
            file.unlink()
    else:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")


def manage(*arguments, environment):
    code, printed = run("manage.py", *arguments, environment=environment)
    assert code == 0, printed
    return printed


@pytest.mark.timeout(300)
def test_backup_under_load_brings_back_all_who_were_answered_before_it_and_none_erased_since(tmp_path):
    at = {"BACKUP_DIR": str(tmp_path / "kept"), "BACKUP_PASSPHRASE": "a long passphrase", "PROXY_COUNT": "1"}
    with ExitStack() as rig:
        (url,) = rig.enter_context(databases(tmp_path, "drill"))
        create(url)
        mails = rig.enter_context(ScriptedServer())
        at |= {"DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        address, site, environment = rig.enter_context(serving(tmp_path, program=NEXT_YEAR, **at))
        worker = rig.enter_context(running("manage.py", "run_worker", environment=environment, log=tmp_path / "worker"))
        with Crowd(address, mails) as crowd:
            crowd.wait_for(6)
            began = time.monotonic()
            printed = manage("backup", environment=environment)
            crowd.wait_for(len(crowd.those("confirmed")) + 2)
        before = crowd.those("confirmed", before=began)
        gone, *before = before
        gone.my_link = crowd.link_of(gone.email, "my")
        forget = "from registration.models import *; from registration.services.erase import erase; "
        forget += "from django.utils.timezone import now; "
        forget += f"erase(Registrant.objects.get(email='{gone.email}'), now=now())"
        manage("shell", "--no-imports", "-c", forget, environment=environment)
        worker.wait_for(erased_list.ErasedList(tmp_path / "kept/erased.txt").read)
        pages = {crowd.link_of(person.email, "my"): person for person in before}  # all have come, so none waits
        assert "" not in pages
        assert worker.stop(15) == 0
        site.stop(15)
        destroy(url)
        (file,) = (tmp_path / "kept").glob("*.backup.age")

        printed += manage("restore", str(file), environment=environment)

        again = running(*GUNICORN, environment=environment, log=tmp_path / "again")
        rig.enter_context(again).wait_for(lambda: crowd.ask("GET", "/readyz"))
        assert crowd.odd == []
        assert len(before) >= 5
        for path, person in pages.items():
            status, _location, page = crowd.ask("GET", path)
            assert (status, person.name in page) == (200, True)
        assert crowd.ask("GET", gone.my_link)[0] == 404
        assert "erased again: 1." in printed
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"example.org" not in file.read_bytes()


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_move_to_postgresql_takes_every_row_along_and_closes_the_old_database(tmp_path):
    (tmp_path / "backup").write_bytes(backup_of_two())
    with databases(tmp_path, "moved") as (url,):
        old = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/old.sqlite3", "SITE_URL": "http://testserver"}
        key = {"SECRET_KEY_FALLBACKS": settings.SECRET_KEY}
        assert "SECRET_KEY is not" in manage("restore", str(tmp_path / "backup"), "--without-erased", environment=old)

        printed = manage("move_to", url, environment=old | key)

        with psycopg.connect(url) as connection:
            (photo,) = connection.execute("SELECT large FROM conference_picture").fetchone()
            (changes,) = connection.execute("SELECT changes FROM conference_draft").fetchone()
            people = connection.execute("SELECT name FROM registration_registrant ORDER BY name").fetchall()
            now_free = connection.execute(
                "SELECT nextval('registration_registrant_id_seq') > max(id) FROM registration_registrant"
            )
            assert (people, now_free.fetchone()) == ([("Ada",), ("Bob",)], (True,))
        assert (photo, changes) == (PHOTO, CHANGES)
        assert re.search(r"^\d{3} rows in \d+ tables were moved, and counted there: the same.\n2 people, ", printed)
        code, printed = run("manage.py", "backup", str(tmp_path / "none"), environment=old)
        assert (code, "the database has no tables" in printed, (tmp_path / "none").exists()) == (1, True, False)
        # Nobody is told to make new tables in the old one, and who tries does no harm.
        _code, printed = run("manage.py", "doctor", environment=old)
        assert "[  ] Database: This database was moved to PostgreSQL: set DATABASE_URL to that one." in printed
        code, printed = run("manage.py", "migrate", environment=old)
        assert (code, "This database was moved" in printed, "Traceback" in printed) == (1, True, False)
        manage("move_to", "--undo", environment=old)
        assert "2 people, " in manage("backup", str(tmp_path / "again"), environment=old)


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_move_to_a_database_that_is_not_there_says_what_to_do_and_no_more(tmp_path):
    (tmp_path / "backup").write_bytes(backup_of_two())
    old = SETTINGS | {"DATABASE_URL": f"sqlite:///{tmp_path}/old.sqlite3", "SITE_URL": "http://testserver"}
    manage("restore", str(tmp_path / "backup"), "--without-erased", environment=old)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server, bare_role(server) as url:
        code, printed = run("manage.py", "move_to", url, environment=old)

    assert code == 1
    assert "Traceback" not in printed
    assert "createdb --owner=bare missing" in printed


@contextmanager
def bare_role(server):
    """A URL with a role that may make no database, and with the name of one that is missing."""
    server.execute("DROP ROLE IF EXISTS bare")
    server.execute("CREATE ROLE bare LOGIN PASSWORD 'bare'")
    parts = urlsplit(os.environ["DATABASE_URL"])
    try:
        yield urlunsplit(parts._replace(netloc=f"bare:bare@{parts.netloc.rpartition('@')[2]}", path="/missing"))
    finally:
        server.execute("DROP ROLE bare")
