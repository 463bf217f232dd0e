"""Organisers' own questions: on the form, kept with the sign-up, changed by the person, read and exported."""

import csv
import io
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from conference.models import Day
from registration import links
from registration.models import Answer, Question, Registrant
from registration.services.answers import change_answers
from registration.services.sign_up import sign_up
from tests.factories import NOW, make_conference, make_confirmed, make_pending, make_program, person

pytestmark = pytest.mark.django_db

LEAST = {
    "name": "Ada",
    "email": "ada@example.org",
    "days": ["1"],
    "country": "JP",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=1)))


def ask(days, label="How did you hear of us?", **fields):
    return Question.objects.create(conference=days[0].conference, label=label, **fields)


def ask_one_of_each(days, **fields):
    return [
        ask(days, "How did you hear of us?", position=1, **fields),
        ask(days, "What should we talk about?", kind="long", position=2, **fields),
        ask(days, "Is this your first PxP?", kind="one", options="Yes\nNo", position=3, **fields),
        ask(days, "Which topics?", kind="several", options="Cancer\nRare diseases\nPain", position=4, **fields),
    ]


def field(question):
    return f"question_{question.pk}"


def said(registrant):
    return {answer.question.label: answer.values for answer in Answer.objects.for_person(registrant)}


# --- On the form -----------------------------------------------------------------------------------------------------


def test_a_sign_up_without_answers_works_when_none_must_be_given(client, days):
    ask_one_of_each(days)

    response = client.post("/register/", LEAST)

    assert response.status_code == 302
    assert said(Registrant.objects.get()) == {}


def test_answers_are_kept_with_the_sign_up(client, days):
    short, long, one, several = ask_one_of_each(days, is_required=True)
    typed = {field(short): "A friend", field(long): "Rest\nPace", field(one): "No", field(several): ["Pain", "Cancer"]}

    response = client.post("/register/", LEAST | typed)

    assert response.status_code == 302
    assert said(Registrant.objects.get()) == {
        short.label: ["A friend"],
        long.label: ["Rest\nPace"],
        one.label: ["No"],
        several.label: ["Pain", "Cancer"],
    }


def test_form_says_what_must_be_answered_and_keeps_the_rest(client, days):
    short = ask(days, is_required=True, hint="One word is enough.")
    several = ask(days, "Which topics?", kind="several", options="Cancer\nPain", is_required=True)
    long = ask(days, "What should we talk about?", kind="long", is_required=True)

    response = client.post("/register/", LEAST | {field(long): "Rest & pace", field(several): ["Music"]})

    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {
        field(short): ["Answer this question."],
        field(several): ["Choose from the list only."],
    }
    assert form[field(long)].value() == "Rest & pace"
    assert "Rest &amp; pace</textarea>" in response.text
    assert "One word is enough." in response.text
    assert not Registrant.objects.exists()


def test_a_choice_that_must_be_made_says_so(client, days):
    one = ask(days, kind="one", options="Yes\nNo", is_required=True)

    response = client.post("/register/", LEAST)

    assert response.context["form"].errors == {field(one): ["Choose an answer to this question."]}


def test_form_asks_only_what_must_be_answered_and_calls_it_not_optional(client, days):
    ask(days, "Must you?", is_required=True)
    ask(days, "May you?")

    page = " ".join(client.get("/register/").text.split())

    assert re.search(r"Must you\?\s*</label>", page)
    assert "May you?" not in page


def test_answers_survive_looking_at_other_times(client, days):
    short = ask(days, is_required=True)

    response = client.post("/register/", LEAST | {field(short): "A friend", "places": "1"})

    assert response.context["form"][field(short)].value() == "A friend"


def test_what_is_asked_no_more_and_other_editions_stay_off_the_form(client, days):
    ask(days, "Old?", is_asked=False)
    Question.objects.create(conference=make_conference(slug="2026", is_published=False), label="Other?")

    page = client.get("/register/").text

    assert "Old?" not in page
    assert "Other?" not in page
    assert "Some questions from us" not in page


@pytest.mark.parametrize(("kind", "limit"), [("short", 300), ("long", 2000)])
def test_an_answer_that_is_too_long_is_refused_with_both_numbers(kind, limit, client, days):
    question = ask(days, kind=kind, is_required=True)

    response = client.post("/register/", LEAST | {field(question): "a" * (limit + 1)})

    assert response.status_code == 422
    assert f"it may have {limit} characters, and yours has {limit + 1}" in response.text


# --- Whose answers count ---------------------------------------------------------------------------------------------


def test_newest_form_counts_until_the_address_is_confirmed(days):
    question = ask(days)
    for words in (["A friend"], ["A poster"], []):
        ada = sign_up(days[0].conference, person=person(), days=days[:1], answers={question.pk: words}, now=NOW)
        assert said(ada) == ({question.label: words} if words else {})


def test_a_form_changes_no_answer_of_someone_who_confirmed(days):
    question = ask(days)
    ada = make_confirmed(days[0])
    change_answers(ada, {question.pk: ["A friend"]})

    sign_up(days[0].conference, person=person(), days=days[1:2], answers={question.pk: ["Eve"]}, now=NOW)

    assert said(ada) == {question.label: ["A friend"]}


def test_an_answer_to_a_question_that_is_gone_or_of_another_edition_is_left_out(days):
    other = Question.objects.create(conference=make_conference(slug="2026"), label="Other?")
    question = ask(days)
    gone = question.pk
    question.delete()
    ada = make_pending(days[0])

    change_answers(ada, {gone: ["A friend"], other.pk: ["Yes"]})

    assert said(ada) == {}


# --- On the person's page --------------------------------------------------------------------------------------------


def my(registrant):
    return reverse("registration:my", args=[links.token("my", registrant)])


def answers_page(registrant):
    return reverse("registration:my-answers", args=[links.token("my", registrant)])


def test_a_person_changes_and_empties_answers_on_their_page(client, days):
    short, _long, one, several = ask_one_of_each(days)
    ada = make_confirmed(days[0])
    change_answers(ada, {short.pk: ["A friend"], one.pk: ["Yes"], several.pk: ["Pain"]})

    page = client.get(answers_page(ada))
    typed = {field(short): "A poster", field(one): "", field(several): ["Pain", "Cancer"]}
    response = client.post(answers_page(ada), typed | {"roles": ["patient"], "role_words": "Aunt"})

    assert answers_page(ada) in client.get(my(ada)).text
    assert page.context["form"][field(short)].value() == "A friend"
    assert page.context["form"][field(several)].value() == ["Pain"]
    assert response.url == f"{my(ada)}?done=answers"
    assert "Your answers are saved." in client.get(response.url).text
    assert said(ada) == {short.label: ["A poster"], several.label: ["Pain", "Cancer"]}
    ada.refresh_from_db()
    assert (ada.roles, ada.role_words) == (["patient"], "Aunt")


def test_page_says_of_no_question_that_it_can_be_left_out_where_it_is_refused(client, days):
    ask(days, kind="long")
    ada = make_confirmed(days[0])
    assert "You do not have to answer. The organisers" in client.get(answers_page(ada)).text

    ask(days, is_required=True)

    assert "You do not have to answer what is marked as optional." in client.get(answers_page(ada)).text


def test_a_mistake_in_an_answer_keeps_what_was_typed(client, days):
    short, long = ask(days, is_required=True), ask(days, "What else?", kind="long")
    ada = make_confirmed(days[0])

    response = client.post(answers_page(ada), {field(short): "", field(long): "Rest", "roles": ["astronaut"]})

    assert response.status_code == 422
    assert "<title>Error: A few questions" in response.text
    assert "Choose from the list only." in response.text
    assert "Rest</textarea>" in response.text
    assert said(ada) == {}


def test_an_answer_stays_theirs_when_it_is_asked_no_more(client, days):
    question = ask(days, is_required=True)
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], name="Bob")
    change_answers(ada, {question.pk: ["A friend"]})
    question.is_asked = False
    question.save()

    assert question.label in client.get(answers_page(ada)).text
    assert question.label not in client.get(answers_page(bob)).text
    assert client.post(answers_page(ada), {field(question): ""}).status_code == 302
    assert said(ada) == {}
    assert client.post(answers_page(bob), {}).status_code == 302


def test_an_answer_that_is_no_longer_offered_stays_when_something_else_is_saved(client, days):
    _short, _long, one, several = ask_one_of_each(days)
    ada = make_confirmed(days[0])
    change_answers(ada, {one.pk: ["Yes"], several.pk: ["Cancer", "Pain"]})
    one.options, several.options = "No\nNot sure", "Pain\nRare diseases"
    one.save()
    several.save()

    form = client.get(answers_page(ada)).context["form"]
    ticked = {field(each): form[field(each)].value() for each in (one, several)}
    response = client.post(answers_page(ada), ticked | {"role_words": "Aunt"})

    assert [value for value, _words in form.fields[field(one)].choices] == ["No", "Not sure", "Yes", ""]
    assert response.status_code == 302
    assert said(ada) == {one.label: ["Yes"], several.label: ["Cancer", "Pain"]}
    client.post(answers_page(ada), ticked | {field(one): "No", field(several): ["Pain"]})
    assert said(ada) == {one.label: ["No"], several.label: ["Pain"]}
    assert "Cancer" not in client.get(answers_page(ada)).text


# --- In another language ----------------------------------------------------------------------------------------------


def test_translated_choices_pasted_from_a_list_lose_its_bullets(days):
    one = ask(days, kind="one", options="Yes\nNo")
    one.translate("options", "fr", "•\tOui\n•\tNon")

    with translation.override("fr"):
        assert one.option_pairs == [("Yes", "Oui"), ("No", "Non")]


def test_translated_choices_follow_their_originals_to_another_place(client, days):
    one = ask(days, kind="one", options="Yes\nNo\nNot sure", is_required=True)
    one.translate("options", "fr", "Oui\nNon\nJe ne sais pas")
    one.options = "Not sure\nNo\nYes\nNo, never"
    one.save()

    page = client.get("/fr/register/").text
    response = client.post("/fr/register/", LEAST | {field(one): "No"})

    shown = re.findall(rf'name="{field(one)}" value="([^"]+)".*?>\s*([^<>]+?)\s*</', page, re.DOTALL)
    assert shown == [("Not sure", "Je ne sais pas"), ("No", "Non"), ("Yes", "Oui"), ("No, never", "No, never")]
    assert '<span lang="en">No, never</span>' in page
    assert response.status_code == 302
    assert said(Registrant.objects.get()) == {one.label: ["No"]}


def test_a_hint_says_which_language_it_is_in(client, days):
    ask(days, is_required=True, hint="One word, like “<3”.")

    html = client.get("/ar/register/").text

    assert 'helptext"><span lang="en" dir="ltr">One word, like “&lt;3”.</span></div>' in html


def test_a_translation_has_a_line_for_each_choice(organiser, days):
    one = ask(days, "First?", kind="one", options="Yes\nNo")
    address = "/organisers/conference/conference/translations/2027/ar/?group="
    group = organiser.get(address).context["groups"][-1]
    rows = organiser.get(address + group.key).context["rows"]
    typed = {f"seen-{row['part'].key}": row["seen"] for row in rows}
    label, options = (f"registration.question-{one.pk}-{name}" for name in ("label", "options"))
    typed |= {label: "الأولى؟", options: "نعم"}

    refused = organiser.post(address + group.key, typed)

    one.refresh_from_db()
    assert (refused.status_code, one.translations) == (422, {})
    assert "A text does not fit its original. Nothing is saved yet." in refused.text
    assert "Write 2 different answers, one a line, in the order of the original." in refused.text
    assert "الأولى؟</textarea>" in refused.text
    assert organiser.post(address + group.key, typed | {options: "نعم\r\nلا"}).status_code == 302
    Question.objects.update(options="Yes\nNo\nNot sure")
    [row] = [row for row in organiser.get(address + group.key).context["rows"] if row["part"].key == options]
    still = {options: row["words"], f"seen-{options}": row["seen"], f"fits-{options}": "on"}
    assert "Write 3 different answers" in organiser.post(address + group.key, still).text


# --- For organisers --------------------------------------------------------------------------------------------------


def save_question(client, days, question=None, **fields):
    data = {
        "conference": days[0].conference.pk,
        "label": "Which topics?",
        "kind": "several",
        "options": "Cancer\r\n\r\n Pain \r\nCancer",
        "is_asked": "on",
        "position": 1,
    }
    address = "admin:registration_question_" + ("change" if question else "add")
    return client.post(reverse(address, args=[question.pk] if question else []), data | fields)


def test_an_organiser_adds_a_question(organiser, client, days):
    response = save_question(organiser, days, is_required="on")

    assert response.status_code == 302
    assert Question.objects.get().option_list == ["Cancer", "Pain"]
    assert "Which topics?" in client.get("/register/").text


def test_answers_pasted_from_a_list_lose_its_bullets(organiser, days):
    save_question(organiser, days, label="• Which topics?", options="•\tCancer\r\n- Pain\r\n· Long-term – COVID")

    question = Question.objects.get()
    assert question.option_list == ["Cancer", "Pain", "Long-term – COVID"]
    assert question.label == "Which topics?"


@pytest.mark.parametrize("options", ["", "Cancer", "\r\n \r\n", "Pain\r\nPain"])
def test_a_choice_of_nothing_is_refused_in_words(options, organiser, days):
    response = save_question(organiser, days, options=options)

    assert response.context["adminform"].form.errors["options"] == [
        "Write at least two answers to choose from, one a line."
    ]
    assert not Question.objects.exists()


def test_the_kind_of_a_question_with_answers_stays(organiser, days):
    question = ask(days)
    change_answers(make_confirmed(days[0]), {question.pk: ["A friend"]})

    refused = save_question(organiser, days, question)
    response = save_question(organiser, days, question, kind="short", label="Where did you hear of us?")

    assert refused.context["adminform"].form.errors == {
        "kind": ["People have answered already, so this stays. Add a new question instead."]
    }
    assert response.status_code == 302
    assert Answer.objects.get().question.label == "Where did you hear of us?"


def test_a_question_with_answers_is_not_deleted_but_asked_no_more(organiser, days):
    question = ask(days)
    change_answers(make_confirmed(days[0]), {question.pk: ["A friend"]})
    address = reverse("admin:registration_question_delete", args=[question.pk])

    page = organiser.get(address)
    answers = organiser.post(address, {"post": "yes"})

    assert "1 answer belongs to it. To stop asking, open the question" in page.text
    assert answers.status_code == 200
    assert Question.objects.exists()
    assert "1 answer" in organiser.get(reverse("admin:registration_question_changelist")).text


def test_the_list_shows_the_questions_of_one_edition(organiser, days, django_assert_max_num_queries):
    ask_one_of_each(days)
    other = Question.objects.create(conference=make_conference(slug="2026"), label="Other?")
    address = reverse("admin:registration_question_changelist", query={"conference": other.conference_id})
    organiser.get(address)  # the first page of a minute also writes that the session is in use

    with django_assert_max_num_queries(12):
        page = organiser.get(address)

    assert list(page.context["cl"].result_list) == [other]


def test_a_question_without_answers_is_deleted(organiser, days):
    question = ask(days)

    response = organiser.post(reverse("admin:registration_question_delete", args=[question.pk]), {"post": "yes"})

    assert response.status_code == 302
    assert [str(message) for message in get_messages(response.wsgi_request)]
    assert not Question.objects.exists()


def test_organisers_read_answers_on_the_person_and_in_the_table(organiser, days):
    short, _long, _one, several = ask_one_of_each(days)
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], name="Bob")
    change_answers(ada, {short.pk: ["=1+1 <b>"], several.pk: ["Cancer", "Pain"]})

    page = organiser.get(reverse("admin:registration_registrant_change", args=[ada.pk])).text
    response = organiser.post(
        reverse("admin:registration_registrant_changelist"),
        {"action": "download_table", "_selected_action": [ada.pk, bob.pk], "index": 0},
    )

    assert "<strong>How did you hear of us?</strong> =1+1 &lt;b&gt;" in page
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    labels = [question.label for question in Question.objects.for_edition(days[0].conference)]
    cells = {row["Name"]: [row[label] for label in labels] for row in rows}
    assert cells == {"Ada": ["'=1+1 <b>", "", "", "Cancer; Pain"], "Bob": ["", "", "", ""]}
