"""What people answer to the organisers' own questions."""

from django.db import transaction

from registration.models import Answer, Question, Registrant


def change_answers(registrant, answers):
    """Keep what a person answered on their own page. `answers` as in `write_answers`. Sends nothing."""
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registrant).locked().get()
        write_answers(registrant, answers)


def write_answers(registrant, answers):
    """Put new answers in the place of a person's old ones. The caller holds the person's lock, in a transaction.

    `answers` maps a question's primary key to a list of texts; an empty list takes the answer away, and questions that
    are not named keep theirs. A question that organisers deleted in the meantime, or of another edition, is left out.
    """
    questions = Question.objects.of(registrant.conference_id).with_ids(answers).locked() if answers else []
    for question in questions:
        if answers[question.pk]:
            Answer.objects.update_or_create(
                registrant=registrant, question=question, defaults={"values": answers[question.pk]}
            )
        else:
            Answer.objects.of(registrant).to(question).delete()
