"""The outbox: what writes mails into it, and what takes them out again.

`queueing` and `versions` run inside the transaction of the change that a mail is about. `leases` is the workers' side.
"""

from .leases import try_again, withdraw_for
from .queueing import (
    drop_expired,
    queue_confirmation,
    queue_link,
    queue_need_answer,
    queue_please_confirm,
    queue_reminder,
)
from .versions import (
    queue_called_off,
    queue_cancel,
    queue_invite,
    queue_moved,
    queue_place,
    queue_restored,
)

__all__ = [
    "drop_expired",
    "queue_called_off",
    "queue_cancel",
    "queue_confirmation",
    "queue_invite",
    "queue_link",
    "queue_moved",
    "queue_need_answer",
    "queue_place",
    "queue_please_confirm",
    "queue_reminder",
    "queue_restored",
    "try_again",
    "withdraw_for",
]
