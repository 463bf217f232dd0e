"""An organiser's change of a day has its turn, however many people hold the day one after the other."""

import time
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from conference.models import Day
from tests.factories import make_day

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]


def wait_for_waiting(number):
    """Wait until so many transactions wait for a lock, at most three seconds."""
    end = time.monotonic() + 3
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= number:
                return
            time.sleep(0.01)


def test_people_who_come_later_wait_behind_an_organiser_who_changes_the_day():
    day, order, is_held, let_go = make_day(), [], Event(), Event()

    def take(name, hold):
        with transaction.atomic():
            hold()
            order.append(name)
            is_held.set()
            let_go.wait(10)
        connection.close()

    threads = [
        Thread(target=take, args=("first person", lambda: Day.objects.shared([day.pk]))),
        Thread(target=take, args=("organiser", lambda: Day.objects.locked_in_turn(day.pk))),
        Thread(target=take, args=("second person", lambda: Day.objects.shared([day.pk]))),
    ]
    threads[0].start()
    assert is_held.wait(10)
    for number in (1, 2):
        threads[number].start()
        wait_for_waiting(number)
    let_go.set()
    for thread in threads:
        thread.join()

    assert order == ["first person", "organiser", "second person"]
