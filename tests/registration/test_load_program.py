"""A program file that moves a day: people who are on it hear of it, as when an organiser moves it."""

import pytest
from django.core.management import call_command

from conference.models import Day
from registration.status import News
from tests.factories import make_confirmed, make_pending, the_registration
from tests.support.program_files import PXP_2023, changed

pytestmark = pytest.mark.django_db


def test_file_that_moves_a_day_tells_the_people_on_it(capsys, tmp_path):
    path = tmp_path / "pxp.yaml"
    path.write_text(PXP_2023)
    options = (str(path), "--first-day", "2027-09-12")
    call_command("load_program", *options)
    first, second, _third = Day.objects.in_order()
    ada, bob = make_confirmed(first, second), make_pending(first, name="Bob")
    capsys.readouterr()

    path.write_text(changed(PXP_2023, '"2023-09-12T19:00:00Z"', '"2023-09-12T18:30:00Z"'))
    call_command("load_program", *options)

    assert capsys.readouterr().out == (
        "Loaded PxP 2027: 3 days, 9 sessions, 5 speakers.\n"
        "Changed: Day 1 (starts_at, ends_at).\n"
        "A day has moved. People who get the new time by mail: 1.\n"
    )
    news = [the_registration(*found).news for found in ((ada, first), (ada, second), (bob, first))]
    assert news == [News.MOVED, "", ""]


def test_file_cannot_leave_out_a_day_with_people_on_it(capsys, tmp_path):
    path = tmp_path / "pxp.yaml"
    path.write_text(PXP_2023)
    call_command("load_program", str(path), "--first-day", "2027-09-12")
    third = Day.objects.in_order().last()
    make_confirmed(third)
    capsys.readouterr()

    shorter = PXP_2023[: PXP_2023.index("  - number: 3\n    title")]
    path.write_text(shorter.replace(', "09-14"]', "]").replace(', "09-15"]', "]"))
    with pytest.raises(SystemExit) as end:
        call_command("load_program", str(path), "--first-day", "2027-09-12")

    assert end.value.code == 1
    assert capsys.readouterr().err == (
        f"{path}: Day 3: The file leaves it out, but it has registrations. Put it back into the file. "
        "Organisers can call a day off instead.\n"
        "Nothing was changed.\n"
    )
    assert third.sessions.count() == 3
