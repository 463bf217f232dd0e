"""The organisers' own questions in real Chromium: on the form, on a person's page, and while they are written."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from conference.models import Day
from registration import links
from registration.models import Answer, Question, Registrant
from registration.services.answers import change_answers
from tests.factories import make_confirmed, make_program, make_staff

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def days(db):
    return list(Day.objects.for_edition(make_program(name="PxP", sessions=1)))


@pytest.fixture
def questions(days):
    """One question of each kind; two must be answered."""
    kinds = [
        {"label": "How did you hear of us?", "hint": "One word is enough.", "is_required": True},
        {"label": "What should we talk about?", "kind": "long"},
        {"label": "Is this your first PxP?", "kind": "one", "options": "Yes\nNo"},
        {"label": "Which topics?", "kind": "several", "options": "Cancer\nRare diseases\nPain", "is_required": True},
    ]
    return [
        Question.objects.create(conference=days[0].conference, position=number, **fields)
        for number, fields in enumerate(kinds)
    ]


def state_empty(page, site, days, questions):
    page.goto(f"{site}/register/")
    expect(page.get_by_label("How did you hear of us?")).to_be_visible()


def state_nothing_answered(page, site, days, questions):
    page.goto(f"{site}/register/")
    page.locator("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("link", name="Which topics? Choose an answer to this question.")).to_be_visible()


def state_my_answers(page, site, days, questions):
    ada = make_confirmed(days[0])
    change_answers(ada, {questions[0].pk: ["A friend"], questions[3].pk: ["Pain"]})
    page.goto(f"{links.my_url(ada)}answers/")


def state_my_answer_missing(page, site, days, questions):
    page.goto(f"{links.my_url(make_confirmed(days[0]))}answers/")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Error: A few questions – PxP")


STATES = {name.removeprefix("state_"): state for name, state in list(globals().items()) if name.startswith("state_")}


@pytest.mark.parametrize("name", STATES)
def test_page_can_be_used_by_everybody(site, page, days, questions, faults_of, name):
    STATES[name](page, site, days, questions)

    assert faults_of(page) == []


def test_someone_answers_by_keyboard_and_changes_it_later(site, new_page, days, questions):
    page = new_page(width=390, script=False)
    page.goto(f"{site}/register/day-1/")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_label("How did you hear of us?").fill("A friend")
    page.get_by_label("Cancer").press("Space")
    page.get_by_label("How did you hear of us?").press("Enter")
    expect(page).to_have_title("Check your email – PxP")
    ada = Registrant.objects.get()
    assert [answer.values for answer in Answer.objects.for_person(ada)] == [["A friend"], ["Cancer"]]

    ada = make_confirmed(days[1], country="JP", time_zone="Asia/Tokyo")
    page.goto(f"{links.my_url(ada)}answers/")
    page.get_by_label("Pain").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    assert [answer.values for answer in Answer.objects.for_person(ada)] == [["A friend"], ["Cancer", "Pain"]]


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone, dark", "desk, light"])
def test_organisers_pages_can_be_used_by_everybody(width, dark, new_page, site, days, questions, axe):
    change_answers(make_confirmed(days[0]), {questions[0].pk: ["A friend"]})
    make_staff(password="secret")
    page = new_page(width=width, dark=dark)
    page.set_viewport_size(
        {"width": width, "height": 600}
    )  # as low as this nothing sticks; axe takes what it covers for small
    page.goto(f"{site}/organisers/")
    page.get_by_label("Username").fill("organiser")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    faults = {}
    for name, args in (("changelist", []), ("add", []), ("change", [questions[3].pk]), ("delete", [questions[0].pk])):
        page.goto(site + reverse(f"admin:registration_question_{name}", args=args))
        faults[name] = axe(page)

    assert {name: found for name, found in faults.items() if found} == {}
