"""The program for other programs: schedule JSON and frab XML."""

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema

from conference.models import Conference, Session
from tests.factories import FIRST_DAY, make_appearance, make_conference, make_day, make_session, make_speaker

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).parents[1] / "schemas"


@pytest.fixture
def program():
    """Two days: a session with all that can be known, one of which nothing is known, a day without any."""
    conference = make_conference(name="PxP", platform="Zoom")
    day = make_day(conference, title="Boost your skills", starts_at=FIRST_DAY)
    known = make_session(
        day,
        title="Voices & <choices>",
        starts_at=FIRST_DAY,
        ends_at=FIRST_DAY + timedelta(minutes=50),
        summary="One line.",
        description="First.\n\nSecond.\x0b",
        recording_url="https://video.example.org/1",
    )
    make_appearance(known, make_speaker(conference, bio="Grace speaks."))
    make_session(day, 2, title="")
    make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1))
    return conference


def test_json_holds_to_the_schema_of_schedules(client, program):
    data = client.get("/program.json").json()

    jsonschema.validate(data, json.loads((SCHEMAS / "schedule.json").read_text()))


def test_each_session_says_in_which_language_its_words_are(client, program):
    day, session = program.days.first(), Session.objects.get(number=1)
    day.translate("title", "fr", "Développez vos compétences")
    day.save()
    session.translate("title", "fr", "Voix et choix")
    session.save()
    only_english = make_session(day, 3, title="Nobody translated this")

    days = client.get("/fr/program.json").json()["schedule"]["conference"]["days"]
    told = {one["id"]: one for one in days[0]["rooms"]["Zoom"]}

    assert {(one["title"], one["language"]) for one in told.values()} == {
        ("Voix et choix", "fr"),
        ("À annoncer", "fr"),
        ("Nobody translated this", "en"),
    }
    assert told[only_english.pk]["track"] == "Développez vos compétences"
    assert b"Voix et choix" in client.get("/fr/program.xml").content


def test_names_of_sessions_and_rooms_last(client, program, machine_clock):
    def names(path):
        told = client.get(path).json()["schedule"]["conference"]
        return [room["guid"] for room in told["rooms"]], [
            session["guid"] for day in told["days"] for session in day["rooms"]["Zoom"]
        ]

    before = names("/program.json")
    assert names("/fr/program.json") == before
    machine_clock.move_to(FIRST_DAY + timedelta(days=200))
    make_day(make_conference(slug="2028"), starts_at=FIRST_DAY + timedelta(days=365))

    assert names("/2027/program.json") == before
    assert len({*before[0], *before[1]}) == 3


def test_xml_holds_to_the_schema_of_frab(client, program):
    answer = client.get("/program.xml")

    assert list(xmlschema.XMLSchema(SCHEMAS / "schedule.xsd").iter_errors(answer.content)) == []


def test_both_say_the_same_of_a_session(client, program):
    day = client.get("/program.json").json()["schedule"]["conference"]["days"][0]
    known = day["rooms"]["Zoom"][0]
    event = ElementTree.fromstring(client.get("/program.xml").content).find("day/room/event")

    assert known["title"] == event.findtext("title") == "Voices & <choices>"
    assert known["date"] == event.findtext("date") == FIRST_DAY.isoformat()
    assert known["duration"] == event.findtext("duration") == "00:50"
    assert [person["public_name"] for person in known["persons"]] == [event.findtext("persons/person")] == ["Grace"]
    assert known["links"][0]["url"] == event.find("links/link").get("href") == "https://video.example.org/1"
    assert event.findtext("description") == "First.\n\nSecond."


def test_unknown_stays_to_be_announced(client, program):
    unknown = client.get("/program.json").json()["schedule"]["conference"]["days"][0]["rooms"]["Zoom"][1]

    assert unknown["title"] == "To be announced"
    assert unknown["date"] == FIRST_DAY.isoformat()
    assert unknown["description"].startswith("The time of this session is to be announced")


def test_nothing_is_announced_once_its_day_is_over(client, program, machine_clock):
    day = program.days.get(number=1)
    machine_clock.move_to(day.ends_at)

    unknown = client.get("/program.json").json()["schedule"]["conference"]["days"][0]["rooms"]["Zoom"][1]

    assert unknown["title"] == "Session 2"
    assert unknown["description"] == "These are the hours of the whole day."
    assert b"announced" not in client.get("/program.xml").content


def test_conference_lasts_from_its_first_day_to_its_last_whatever_their_numbers(client, program):
    make_day(program, 3, starts_at=FIRST_DAY - timedelta(days=3))

    told = client.get("/program.json").json()["schedule"]["conference"]

    assert (told["start"], told["end"]) == ("2027-09-09", "2027-09-13")


def test_platform_with_a_sign_that_xml_forbids_is_readable(client, program):
    Conference.objects.update(platform="Zo\x0bom")

    rooms = ElementTree.fromstring(client.get("/program.xml").content).iterfind("day/room")

    assert {room.get("name") for room in rooms} == {"Zoom"}


@pytest.mark.parametrize("path", ["/program.json", "/program.xml"])
def test_every_site_may_fetch_it_and_ask_whether_it_changed(client, program, path):
    answer = client.get(path)
    again = client.get(path, headers={"if-none-match": answer["ETag"]})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert again.status_code == 304


def test_version_changes_with_the_program_alone(client, program):
    def version():
        return client.get("/program.json").json()["schedule"]["version"]

    before = version()
    same = version()
    session = Session.objects.get(title="")
    session.title = "Strengthen"
    session.save()

    assert before == same != version()


def test_long_program_costs_the_same_queries(client, program, django_assert_num_queries):
    with django_assert_num_queries(6):
        client.get("/program.json")
    for number in range(3, 12):
        make_appearance(make_session(program.days.get(number=2), number), make_speaker(program, slug=f"grace-{number}"))

    with django_assert_num_queries(6):
        client.get("/program.json")
