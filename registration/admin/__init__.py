"""Organisers' pages for people and mails, one file a subject; the site's first page; places on the days' pages."""

from django.utils.translation import gettext_lazy as _

from conference.workplace import areas, handbook
from registration.groups import is_in_access_team, is_lead

from . import today
from .access import AccessRequestAdmin
from .conferences import ConferenceWithRemindersAdmin
from .days import DayWithPlacesAdmin
from .files.common import may_open
from .history import HistoryAdmin
from .mail_words import LetterTextAdmin
from .outbox import OutboxMessageAdmin
from .people import RegistrantAdmin
from .questions import QuestionAdmin
from .registrations import RegistrationAdmin
from .waiting import may_take_back
from .write import BroadcastAdmin
from .write.common import may_write

__all__ = [
    "AccessRequestAdmin",
    "BroadcastAdmin",
    "ConferenceWithRemindersAdmin",
    "DayWithPlacesAdmin",
    "HistoryAdmin",
    "LetterTextAdmin",
    "OutboxMessageAdmin",
    "QuestionAdmin",
    "RegistrantAdmin",
    "RegistrationAdmin",
    "today",
]

areas.add(
    areas.PEOPLE, _("People"), "admin:registration_registrant_changelist", "registration.view_registrant", position=1
)
areas.add(
    areas.PEOPLE,
    _("Registrations"),
    "admin:registration_registration_changelist",
    "registration.view_registration",
    position=2,
)
areas.add(
    areas.PEOPLE, _("Access requests"), "admin:registration_accessrequest_changelist", is_in_access_team, position=3
)
areas.add(areas.MAILS, _("Messages to people"), "admin:registration_broadcast_changelist", may_write, position=1)
areas.add(areas.MAILS, _("What waits"), "admin:waiting", may_take_back, position=2)
areas.add(
    areas.MAILS,
    _("Words of automatic mails"),
    "admin:registration_lettertext_changelist",
    "registration.change_lettertext",
    position=3,
)
areas.add(
    areas.MAILS,
    _("Outbox"),
    "admin:registration_outboxmessage_changelist",
    "registration.view_outboxmessage",
    position=4,
)
areas.add(
    areas.PAGES, _("Questions"), "admin:registration_question_changelist", "registration.view_question", position=2
)
areas.add(areas.FILES, _("People as files"), "admin:files", may_open, position=1)
areas.add(areas.TEAM, _("What was done"), "admin:admin_logentry_changelist", is_lead, position=2)

handbook.explain("find-a-person", "admin:registration_registrant_changelist")
handbook.explain("correct-a-name-or-an-address", "admin:registration_registrant_change")
handbook.explain(
    "one-person-who-signed-up-twice",
    "admin:registration_registrant_same",
    "admin:registration_registrant_merge",
    "admin:registration_merge_undo",
)
handbook.explain("add-a-person-who-wrote-or-phoned", "admin:registration_registrant_add")
handbook.explain("confirm-cancel-send-again", "admin:registration_registration_changelist")
handbook.explain(
    "what-people-need-the-access-team",
    "admin:registration_accessrequest_changelist",
    "admin:registration_accessrequest_change",
)
handbook.explain(
    "when-mails-do-not-arrive",
    "admin:registration_outboxmessage_changelist",
    "admin:registration_outboxmessage_change",
)
handbook.explain(
    "ask-your-own-questions", *(f"admin:registration_question_{page}" for page in ("changelist", "change", "add"))
)
handbook.explain("files-for-spreadsheets-and-others", "admin:files", "admin:files-numbers")
handbook.explain(
    "bring-people-in-from-a-file", *(f"admin:peoplefile-{page}" for page in ("start", "look", "bring", "undo"))
)
handbook.explain("the-first-page", "admin:index")
handbook.explain(
    "write-to-people",
    *(f"admin:registration_broadcast_{page}" for page in ("changelist", "add", "change")),
    *(f"admin:broadcast-{page}" for page in ("people", "whom", "words", "send", "reached", "stop")),
)
handbook.explain("take-back-what-writes-to-several-people", "admin:waiting")
handbook.explain(
    "change-the-words-of-automatic-mails",
    "admin:registration_lettertext_changelist",
    "admin:registration_lettertext_change",
)
handbook.explain("confirm-cancel-send-again", "admin:registration_registration_change")
handbook.explain("accounts", "admin:admin_logentry_changelist", "admin:admin_logentry_change")
handbook.explain("accounts", "admin:auth_user_changelist", "admin:auth_user_change", "admin:auth_user_add")
