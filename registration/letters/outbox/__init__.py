"""The outbox: queueing and withdrawing mails.

All of it runs inside the transaction of the change that a mail is about. Mails with a calendar entry are in `versions`.
The workers' side is `registration.mail.leases`.
"""

from registration.mail.leases import send_to, try_again, withdraw_for

from .after_sign_up import (
    drop_expired,
    queue_confirmation,
    queue_need_answer,
    queue_reminder,
    take_back_reminders,
)
from .broadcasts import queue_broadcast, queue_question_of, queue_sample, queue_tests
from .new_address import queue_address_changed, queue_new_address, queue_private_link, withdraw_new_address
from .on_request import ask_again, queue_link, queue_please_confirm, withdraw_held_question
from .page_links import queue_page_link, take_back_links
from .versions import (
    MergeFacts,
    put_endings_in_words,
    queue_called_off,
    queue_cancel,
    queue_invite,
    queue_moved,
    queue_place,
    queue_restored,
    queue_rewritten,
    queue_taken_out,
    row_in_words,
    row_with_entry,
    take_back_taken_out,
)

__all__ = [
    "MergeFacts",
    "ask_again",
    "drop_expired",
    "put_endings_in_words",
    "queue_address_changed",
    "queue_broadcast",
    "queue_called_off",
    "queue_cancel",
    "queue_confirmation",
    "queue_invite",
    "queue_link",
    "queue_moved",
    "queue_need_answer",
    "queue_new_address",
    "queue_page_link",
    "queue_place",
    "queue_please_confirm",
    "queue_private_link",
    "queue_question_of",
    "queue_reminder",
    "queue_restored",
    "queue_rewritten",
    "queue_sample",
    "queue_taken_out",
    "queue_tests",
    "row_in_words",
    "row_with_entry",
    "send_to",
    "take_back_links",
    "take_back_reminders",
    "take_back_taken_out",
    "try_again",
    "withdraw_for",
    "withdraw_held_question",
    "withdraw_new_address",
]
