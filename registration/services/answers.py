"""Answers to the organisers' own questions."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches

from django.db import transaction

from registration.models import Answer, Question, Registrant


def change_answers(registrant: Registrant, answers: Mapping[int, list[str]]) -> None:
    """Save what a person answered on their own page. `answers` as in `write_answers`. Sends nothing."""
    with transaction.atomic():
        registrant = Registrant.objects.only_row(registrant).locked().get()
        write_answers(registrant, answers)


def write_answers(registrant: Registrant, answers: Mapping[int, list[str]]) -> None:
    """Replace a person's answers. The caller has locked the person in a transaction.

    `answers` maps a question's primary key to a list of texts; an empty list deletes the answer, and other questions
    keep theirs. A question that organisers deleted in the meantime, or of another edition, is left out.
    """
    if not answers:
        return
    questions = Question.objects.for_edition(registrant.conference_id).with_ids(answers)
    for question in questions.locked(no_key=True):
        if answers[question.pk]:
            Answer.objects.update_or_create(
                registrant=registrant, question=question, defaults={"values": answers[question.pk]}
            )
        else:
            Answer.objects.for_person(registrant).for_question(question).delete()


def renamed_options(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Return {old words: new words} for those answers of a list that were corrected, not removed or added."""
    pairs: dict[str, str] = {}
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[start:end], [words for words in after[new_start:new_end] if words not in before]
        if kind == "replace":
            for place, words in enumerate(words for words in old if words not in after):
                near = [new[place]] if len(old) == len(new) else get_close_matches(words, new, n=1)
                pairs |= {words: near[0]} if near and near[0] not in pairs.values() else {}
    return pairs


def people_who_chose(question: Question, options: Iterable[str]) -> dict[str, int]:
    """Return {words: how many people chose them} for those of `options` that people chose."""
    counts: dict[str, int] = {}
    for answer in Answer.objects.for_question(question):
        for value in set(answer.values) & set(options):
            counts[value] = counts.get(value, 0) + 1
    return counts


def rename_options(question: Question, names: Mapping[str, str]) -> None:
    """Replace corrected words, {old: new}, in everybody's answers to a question. Sends nothing."""
    with transaction.atomic():
        for answer in Answer.objects.for_question(question).select_for_update():
            values = [names.get(value, value) for value in answer.values]
            if values != answer.values:
                answer.values = values
                answer.save(update_fields=["values"])
