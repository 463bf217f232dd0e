"""Organisers' lists: filters behind one fold that says which are on, and rows that a phone can show as cards."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from conference.admin.base import PlainAdmin
from conference.models import Day, RowQuerySet
from registration.models import OutboxMessage, Registration
from tests.factories import make_confirmed, make_pending, make_program

pytestmark = pytest.mark.django_db
PEOPLE = reverse("admin:registration_registrant_changelist")
PLACES = reverse("admin:registration_registration_changelist")
MAILS = reverse("admin:registration_outboxmessage_changelist")


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(days=2, sessions=1)))


def words_of(part):
    return " ".join(re.sub("<[^>]*>", " ", part).split())


def fold_of(page):
    """What the fold of the filters says while it is closed."""
    return words_of(re.search(r'<search class="filters".*?<summary>(.*?)</summary>', page.text, re.S)[1])


def test_the_fold_of_filters_says_which_are_on(organiser, days):
    make_confirmed(*days)

    usual = organiser.get(PEOPLE)
    narrowed = organiser.get(PEOPLE, {"day": days[0].pk, "status": "confirmed"})

    assert fold_of(usual) == f"Filters conference: {days[0].conference}"
    assert fold_of(narrowed) == f"Filters conference: All years day: {days[0]} status: Confirmed"
    assert "Clear all filters" not in usual.text
    assert "Clear all filters" in narrowed.text


def test_all_is_offered_beside_a_search_alone(organiser, days):
    make_confirmed(days[0], name="Ada")

    assert "Show all" not in organiser.get(PEOPLE).text
    assert "1 result" in words_of(organiser.get(PEOPLE, {"q": "ada"}).text)
    assert "Show all" in organiser.get(PEOPLE, {"q": "ada"}).text


def test_the_way_back_says_no_name_twice(organiser, days):
    way = (
        organiser.get(reverse("admin:registration_registrant_add"))
        .text.partition('class="crumbs')[2]
        .split("</nav>")[0]
    )

    assert re.findall(r">([^<>]+)</a></li>", way)[:2] == ["Today", "People"]
    assert way.count("People</a>") == 1


def test_one_door_is_open_where_the_address_of_another_begins_alike(organiser, days):
    page = organiser.get(reverse("admin:conference_translations")).text

    assert re.findall(r'aria-current="true">(\w+)</a>', page.partition("</header>")[2])[:1] == ["Pages"]


def test_the_filters_are_folded_and_follow_the_search(organiser, days):
    page = organiser.get(PEOPLE).text

    assert re.search(r'<search class="filters"[^>]*>\s*<details>', page)
    assert page.index("changelist-search") < page.index('class="filters"') < page.index('id="changelist-form"')
    assert page.count('class="filters"') == 1
    assert "changelist-filter" not in page


def test_a_filter_marks_the_choice_that_holds(organiser, days):
    page = organiser.get(PEOPLE, {"status": "confirmed"}).text

    marked = re.findall(r'aria-current="true">\s*([^<]*?)\s*</a>', page)

    assert "Confirmed" in marked
    assert "On the waiting list" not in marked


def test_a_cell_says_its_column_for_a_card_and_keeps_its_role(organiser, days):
    make_pending(days[0], name="Zoë <b>")

    page = organiser.get(PEOPLE).text

    row = re.search(r"<tbody.*?</tbody>", page, re.S)[0]
    assert re.findall(r'role="(\w+)" data-label="([^"]*)"', row) == [
        ("rowheader", "Name"),
        ("cell", "Email"),
        ("cell", "Days"),
        ("cell", "Where"),
        ("cell", "Address confirmed"),
        ("cell", "Signed up"),
    ]
    assert "Zoë &lt;b&gt;" in row
    assert re.search(r'<label class="tick"><input type="checkbox"[^>]*class="action-select"[^>]*></label></td>', row)


def test_a_column_says_how_the_list_is_sorted_by_it(organiser, days):
    make_pending(days[0])

    usual = organiser.get(PEOPLE).text
    by_name = organiser.get(PEOPLE, {"o": "1"}).text

    sorted_by = re.compile(r'column-(\w+)[^>]*aria-sort="(\w+)"')
    assert sorted_by.findall(usual) == [("created_at_on_own_clock", "descending")]
    assert sorted_by.findall(by_name) == [("name", "ascending")]


def test_a_persons_page_is_headed_by_the_name_and_begins_with_what_one_comes_for(organiser, days):
    person = make_confirmed(days[0], name="Ada Lovelace")

    page = organiser.get(reverse("admin:registration_registrant_change", args=[person.pk])).text

    assert words_of(re.search(r"<h1>.*?</h1>", page, re.S)[0]) == "Ada Lovelace"
    headings = [words_of(words) for words in re.findall(r'class="fieldset-heading">([^<]*)<', page)]
    assert headings == ["Days and mails", "Where they are", "About them", "Calendar", "Sign-up"]


@pytest.mark.parametrize(
    ("address", "sorts"),
    [
        (PEOPLE, ["name", "email", "created_at_on_own_clock"]),
        (PLACES, ["person", "created_at_on_own_clock"]),
        (MAILS, ["created_at_on_own_clock"]),
    ],
)
def test_a_long_list_sorts_by_what_filters_and_search_do_not_find(organiser, days, address, sorts):
    make_confirmed(days[0])

    page = organiser.get(address).text

    assert re.findall(r"<th[^>]*class=\"sortable column-(\w+)", page) == sorts


@pytest.mark.parametrize(
    ("address", "order", "names"),
    [
        (PEOPLE, "1", ["ada", "Bob", "carl", "Eve", "Zoë"]),
        (PEOPLE, "-1", ["Zoë", "Eve", "carl", "Bob", "ada"]),
        (PEOPLE, "6", ["Zoë", "ada", "Eve", "carl", "Bob"]),
        (PEOPLE, "-6", ["Bob", "carl", "Eve", "ada", "Zoë"]),
        (PLACES, "1.-6", ["ada", "Bob", "carl", "Eve", "Zoë"]),
        (PLACES, "", ["Bob", "carl", "Eve", "ada", "Zoë"]),
    ],
)
def test_rows_of_many_pages_are_in_order(organiser, days, monkeypatch, address, order, names):
    monkeypatch.setattr(PlainAdmin, "list_per_page", 2)
    for minute, name in enumerate(("Zoë", "ada", "Eve", "carl", "Bob")):
        now = datetime(2027, 8, 1, 12, minute, tzinfo=UTC)
        make_confirmed(days[0], name=name, email=f"{name[0]}@example.org", now=now)

    pages = [organiser.get(address, {"o": order, "p": number}).context["cl"].result_list for number in (1, 2, 3)]

    assert [getattr(row, "registrant", row).name for page in pages for row in page] == names


def test_a_search_finds_a_few_and_many_alike(organiser, days, monkeypatch):
    monkeypatch.setattr(PlainAdmin, "list_per_page", 2)
    for name in ("Ada", "Adam", "Adana", "Bob"):
        make_confirmed(days[0], name=name, email=f"{name}@example.org")

    for words, found in (("bob", ["Bob"]), ("ada", ["Adana", "Adam"]), ("nobody", []), ("ada adam", ["Adam"])):
        for address in (PEOPLE, PLACES):
            rows = organiser.get(address, {"q": words}).context["cl"]
            assert [getattr(row, "registrant", row).name for row in rows.result_list] == found
            assert rows.result_count == (3 if words == "ada" else len(found))


def test_registrations_and_mails_of_many_people_found_are_those_of_a_few(days, monkeypatch):
    for name in ("Ada", "Adam", "Bob"):
        make_confirmed(*days, name=name, email=f"{name}@example.org")

    few = [set(rows.objects.matching("ada")) for rows in (Registration, OutboxMessage)]
    monkeypatch.setattr(RowQuerySet, "FEW", 1)
    many = [set(rows.objects.matching("ada")) for rows in (Registration, OutboxMessage)]

    assert many == few
    assert len(few[0]) == 4


@pytest.mark.parametrize("few", [1000, 0])
def test_mails_to_an_address_that_a_person_had_before_are_found_in_any_case(days, monkeypatch, few):
    monkeypatch.setattr(RowQuerySet, "FEW", few)
    addresses = ["Ada.Old@Example.org", "ada.old@example.org", "ADA.OLD@EXAMPLE.ORG", "ada.new@example.org"]
    mails = []
    for number, address in enumerate(addresses):
        person = make_confirmed(days[0], name="Bo", email=f"bo{number}@example.org")
        person.mails.update(to_email=address)
        mails.append(set(person.mails.all()))

    found = [set(OutboxMessage.objects.matching(words)) for words in ("ada.old@", "ADA.OLD@", "Ada.oLD@example.org ")]

    assert found == [set().union(*mails[:3])] * 3


def test_a_search_that_finds_little_is_made_once(organiser, days, django_assert_max_num_queries):
    make_confirmed(days[0], name="Ada")

    with django_assert_max_num_queries(22) as queries:
        organiser.get(PEOPLE, {"q": "ada"})

    assert len([query for query in queries if "LIKE" in query["sql"]]) == 1
