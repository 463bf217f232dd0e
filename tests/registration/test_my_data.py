"""“Give me my data”: a file with all that we hold about one person, and nothing about another."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from registration import links
from registration.models import Answer, Question, Registrant
from registration.pages.my_data import LEFT_OUT, SHOWN, data_about
from registration.services import retention
from registration.services.reminders import remind
from tests.factories import FIRST_DAY, NOW, make_confirmed, make_program, make_staff

pytestmark = pytest.mark.django_db

# Tables of the policy that hold nothing that could be found again by a person, and organisers' own accounts.
NOBODYS = {
    "registration.AttemptCount",  # keyed hashes
    "registration.LinkRequest",  # gone within seconds
    "registration.Pace",  # keyed hashes
    "registration.SpentMail",  # keyed hashes
    "registration.Farewell",  # as is this, and its person is gone
    "registration.Erasure",  # the number of a row that is gone
    "registration.AccountLetter",
    "registration.Organiser",
    "mfa.Authenticator",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "registration.PlannedAct",  # numbers of rows, until the worker has done the act
    "registration.Broadcast",  # words for many, and which filters chose them
    "registration.TableColumns",  # which columns an organiser chose for a table
    "registration.DayNotice",  # what was done with a day
    "registration.PeopleFile",  # rows of a file, as long as an organiser looks at it or can take it back
    "registration.FilePortion",
    "registration.FilePerson",
    "auth.User",
    "auth.User_groups",
    "auth.User_user_permissions",
    "admin.LogEntry",  # told as "what_organisers_changed", without the organiser
    "sessions.Session",
}


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def path(registrant):
    return f"/private/{links.private_token(registrant, now=NOW)}/data/"


def test_every_column_of_the_policy_is_shown_or_left_out_for_a_reason():
    named = {
        (table, column)
        for rule in retention.rules().values()
        for table, columns in rule.columns.items()
        for column in columns
        if table not in NOBODYS
    }
    dealt_with = [
        (model._meta.label, column)
        for columns_of in (SHOWN, LEFT_OUT)
        for model, columns in columns_of.items()
        for column in columns
    ]

    assert sorted(named) == sorted(dealt_with)


def test_keys_are_words_and_each_is_used_once_in_its_row():
    for columns in SHOWN.values():
        assert len(set(columns.values())) == len(columns)
        assert all(key.replace("_", "").isalpha() for key in columns.values())


def test_file_holds_all_of_a_persons_words(days):
    ada = make_confirmed(days[0], needs="More time", role_words="gardener", roles=["caregiver"])
    question = Question.objects.create(conference=days[0].conference, label="How did you hear of us?")
    Answer.objects.create(registrant=ada, question=question, values=["On the radio"])
    remind(now=FIRST_DAY - timedelta(days=1))
    LogEntry.objects.create(
        user=make_staff(),
        content_type=ContentType.objects.get_for_model(Registrant),
        object_id=str(ada.pk),
        object_repr="Ada",
        action_flag=CHANGE,
        change_message="Day 1 corrected",
    )

    data = json.loads(json.dumps(data_about(ada, now=NOW)))

    assert data["you"]["name"] == "Ada"
    assert data["you"]["email_address"] == "ada@example.org"
    assert data["you"]["roles"] == ["Relative or caregiver"]
    assert data["you"]["role_in_your_own_words"] == "gardener"
    assert data["your_days"][0]["where_you_stand"] == "Confirmed"
    assert data["your_days"][0]["confirmed_at"] == NOW.isoformat()
    assert data["your_days"][0]["reminders"][0]["minutes_before_the_day"] == 24 * 60
    assert data["your_answers"] == [{"question": "How did you hear of us?", "answers": ["On the radio"]}]
    assert data["what_you_asked_for"][0]["what_you_need"] == "More time"
    assert {mail["to"] for mail in data["mails_to_you"]} == {"ada@example.org"}
    assert data["what_organisers_changed"][0]["what"] == "Day 1 corrected"


def test_file_is_for_keeping_and_for_nobody_else(client, days):
    ada = make_confirmed(days[0], role_words="Zoë’s mother")
    make_confirmed(days[0], name="Bob", email=ada.email)

    response = client.get(path(ada))

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="pxp-my-data.json"'
    assert "no-store" in response["Cache-Control"]
    assert json.loads(response.content)["you"]["name"] == "Ada"
    assert "Zoë" in response.content.decode()
    assert "Bob" not in response.content.decode()


def test_page_leads_to_the_file(client, days):
    ada = make_confirmed(days[0])

    mine = f"/my/{links.token('my', ada)}/"

    assert f'href="{mine}data/"' in client.get(mine).text
    assert f'href="{path(ada)}"' in client.get(path(ada).removesuffix("data/")).text


def test_number_of_questions_to_the_database_does_not_grow_with_days(days, django_assert_num_queries):
    ada = make_confirmed(*days)
    Registrant.objects.filter(pk=ada.pk).update(role_words="x")

    with django_assert_num_queries(11):
        data_about(ada, now=NOW)
