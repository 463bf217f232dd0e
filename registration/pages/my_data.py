"""Everything that we store about one person, as plain data with readable keys (GDPR articles 15 and 20).

Each column of the retention policy's tables about people is either shown here or left out for a reason; a test compares
the two.
"""

from datetime import datetime

from registration.models import AccessRequest, Answer, Merge, OutboxMessage, Registrant, Registration, Reminder
from registration.models.details import DETAILS
from registration.models.history import entries_about

# {table: {column: key}}. Instants are in UTC.
SHOWN = {
    Registrant: {detail.column: detail.key for detail in DETAILS}
    | {
        "conference": "conference",
        "name_key": "name_as_we_compare_it",
        "email_key": "email_address_as_we_compare_it",
        "new_email": "new_email_address_not_confirmed_yet",
        "calendar_mails": "wants_calendar_mails",
        "neutral_titles": "wants_neutral_calendar_titles",
        "reminders": "wants_reminders",
        "news_mails": "wants_other_messages",
        "is_added_by_organiser": "added_by_an_organiser",
        "created_at": "signed_up_at",
        "verified_at": "address_confirmed_at",
        "undeliverable_at": "address_does_not_work_since",
        "undeliverable_reason": "why_the_address_does_not_work",
        "public_id": "number_in_your_links",
        "page_link_version": "version_of_the_link_to_your_page",
        "calendar_link_version": "version_of_the_link_to_your_calendar",
        "door_link_version": "version_of_your_links_to_the_days",
    },
    Registration: {
        "day": "day",
        "status": "where_you_stand",
        "created_at": "asked_for_at",
        "confirmed_at": "confirmed_at",
        "waitlisted_at": "on_the_waiting_list_since",
        "cancelled_at": "cancelled_at",
        "cancelled_by": "cancelled_by",
        "attended_at": "came_at",
        "reference": "number_in_your_link_to_the_day",
        "invite_uid": "number_of_the_calendar_entry",
        "invite_sequence": "version_of_the_calendar_entry",
        "is_invited": "a_calendar_invite_was_written",
        "invited_starts_at": "start_in_our_newest_mail",
        "invited_ends_at": "end_in_our_newest_mail",
        "news": "news_that_we_have_yet_to_write_about",
    },
    Reminder: {"minutes_before": "minutes_before_the_day", "starts_at": "start_of_the_day", "at": "written_at"},
    Answer: {"question": "question", "values": "answers"},
    AccessRequest: {
        "words": "what_you_need",
        "state": "how_far_we_are",
        "answer": "our_answer",
        "consented_at": "you_agreed_that_we_read_it_at",
        "created_at": "asked_at",
    },
    OutboxMessage: {
        "kind": "kind",
        "state": "what_became_of_it",
        "to_email": "to",
        "subject": "subject",
        "message_id": "message_id",
        "created_at": "written_at",
        "due_at": "next_try_at",
        "expires_at": "of_no_use_after",
        "attempts": "tries",
        "tried_at": "last_try_at",
        "finished_at": "done_at",
        "last_error": "what_went_wrong",
        "language": "language",
        "fault": "why_it_waits",
        "sequence": "version_of_the_calendar_entry",
        "starts_at": "start_in_the_calendar_entry",
        "ends_at": "end_in_the_calendar_entry",
        "was_starts_at": "start_that_you_knew_before",
        "was_ends_at": "end_that_you_knew_before",
    },
    Merge: {"merged_at": "put_together_at", "public_id": "number_in_your_links_from_before"},
}

# {table: {column: why it is not in the file}}
LEFT_OUT = {
    Merge: {
        "kept": "It is the person themselves.",
        "user": "It is an organiser.",
        "leads_on": "It says whether old links still lead to the person's page.",
        "page_link_version": "It is a part of old links.",
        "calendar_link_version": "It is a part of old links.",
        "kept_page_link_version": "It is a part of old links.",
        "kept_calendar_link_version": "It is a part of old links.",
        "facts": "It numbers rows of this file. Its words may be of another mailbox, and go after a day.",
    },
    Registration: {"registrant": "It is the person themselves."},
    Reminder: {"registration": "It is listed with its day."},
    Answer: {"registrant": "It is the person themselves."},
    AccessRequest: {
        "registrant": "It is the person themselves.",
        "is_hidden": "Such rows are left out: an organiser changed the address, so others may ask.",
    },
    OutboxMessage: {
        "registrant": "It is the person themselves.",
        "registration": "The subject names the day.",
        "letter": "The kind says it, in words.",
        "facts": "It numbers rows that are in this file: days, or what was asked for.",
        "lease": "It numbers a try to send, not a person.",
        "is_held_back": "It says when the mail may leave, and nothing of a person.",
        "is_bulk": "It says which mails leave first, and nothing of a person.",
        "broadcast": "The subject says which message it was.",
    },
}


def data_about(registrant, *, now):
    """Return all that is kept about a person at the UTC instant `now`, ready for JSON, in the active language."""
    days = Registration.objects.for_person(registrant).with_people().prefetch_related("reminders")
    needs = AccessRequest.objects.for_person(registrant).shown_to_the_person()
    return {
        "written_at": _plain(now),
        "you": _row(registrant),
        "your_days": [_row(row) | {"reminders": _rows(row.reminders.all())} for row in days],
        "your_answers": _rows(Answer.objects.for_person(registrant)),
        "what_you_asked_for": _rows(needs),
        "your_second_sign_ups": _rows(Merge.objects.into(registrant)),
        "mails_to_you": _rows(OutboxMessage.objects.for_person(registrant).with_people().newest_first()),
        "what_organisers_changed": [
            {"at": _plain(entry.action_time), "about": entry.object_repr, "what": entry.get_change_message()}
            for entry in entries_about(registrant, needs=needs)
        ],
    }


def _rows(rows):
    return [_row(row) for row in rows]


def _row(row):
    return {key: _value(row, column) for column, key in SHOWN[type(row)].items()}


def _value(row, column):
    if row._meta.get_field(column).choices:
        return str(getattr(row, f"get_{column}_display")())
    value = getattr(row, column)
    if column == "roles":
        return [str(dict(Registrant.Role.choices).get(role, role)) for role in value]
    return value if column == "values" else _plain(value)


def _plain(value):
    """Return a value as JSON knows it; an object by its name."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)
