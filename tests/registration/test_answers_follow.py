"""A corrected answer to choose from: what people chose follows, after a yes. And counts of what people did."""

import pytest
from django.urls import reverse

from registration.models import Question, QuestionKind, Registration
from registration.services.answers import change_answers, renamed_options
from registration.services.day_changes import call_off, restore
from registration.services.days import cancel
from registration.status import CancelledBy, Status
from tests.factories import NOW, make_confirmed, make_day, the_registration

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["Patiant", "Carer"], ["Patient", "Carer"], {"Patiant": "Patient"}),
        (["Patiant", "Carer"], ["Patient", "Carer", "Other"], {"Patiant": "Patient"}),
        (["Patiant", "Carer"], ["Patient", "Family carer", "Student"], {"Patiant": "Patient"}),
        (["A", "B"], ["B", "A"], {}),
        (["A", "B"], ["A"], {}),
        (["A"], ["A", "B"], {}),
        (["Yes", "No"], ["No", "Yes", "Maybe"], {}),
    ],
)
def test_corrected_words_are_told_from_new_and_removed_ones(before, after, expected):
    assert renamed_options(before, after) == expected


def save(client, question, options, **changes):
    data = {"conference": question.conference_id, "label": question.label, "kind": question.kind, "position": 0}
    url = reverse("admin:registration_question_change", args=[question.pk])
    return client.post(url, data | {"is_asked": "on", "options": options} | changes)


def test_answers_follow_a_corrected_word_after_a_yes(organiser):
    day = make_day()
    kind = QuestionKind.SEVERAL
    question = Question.objects.create(conference=day.conference, label="You?", kind=kind, options="Patiant\nCarer\nX")
    ada, bob = make_confirmed(day), make_confirmed(day, name="Bob")
    change_answers(ada, {question.pk: ["Patiant", "Carer"]})
    change_answers(bob, {question.pk: ["X"]})

    asked = save(organiser, question, "Patient\nCarer")
    unsaved = [answer.values for answer in question.answers.order_by("pk")]
    name, value = asked.context["yes"]
    save(organiser, question, "Patient\nCarer", **{name: value})

    assert asked.context["questions"] == [
        "1 person chose “Patiant”. Their answer becomes “Patient”.",
        "1 person chose “X”, which is no longer offered. Their answer stays.",
    ]
    assert unsaved == [["Patiant", "Carer"], ["X"]]
    assert [answer.values for answer in question.answers.order_by("pk")] == [["Patient", "Carer"], ["X"]]


def test_a_word_that_nobody_chose_is_corrected_without_a_question(organiser):
    day = make_day()
    question = Question.objects.create(
        conference=day.conference, label="You?", kind=QuestionKind.ONE, options="Patiant\nCarer"
    )

    assert save(organiser, question, "Patient\nCarer").status_code == 302


# --- A day that is called off and comes back


def numbers(client, day):
    """Return the numbers of the day's line on the first page, and how many rows each link leads to."""
    [bar] = client.get(reverse("admin:index")).context["bars"]
    found = [number for _words, number, _url in bar.numbers]
    lists = [client.get(url).context["cl"].result_count if url else 0 for _words, _number, url in bar.numbers]
    return found, lists


def test_counts_say_what_people_did_when_a_day_comes_back(organiser):
    day = make_day()
    for name in ("Ada", "Bob", "Eve"):
        make_confirmed(day, name=name)
    gone = make_confirmed(day, name="Grace")
    cancel(the_registration(gone, day), now=NOW, by=CancelledBy.PERSON)
    before = numbers(organiser, day)

    call_off(day, now=NOW)
    off = numbers(organiser, day)
    page = organiser.get(reverse("admin:conference_day_change", args=[day.pk])).text
    restore(day, now=NOW)

    assert before == ([3, 0, 0], [3, 0, 0])
    assert off == ([0, 0, 0], [0, 0, 0])
    assert "Ended with the day: 3" in page
    assert numbers(organiser, day) == before
    assert Registration.objects.filter(status=Status.CANCELLED).count() == 1  # taken back before anybody was told
