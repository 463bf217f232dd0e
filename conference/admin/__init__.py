"""Organisers' pages for the program, one file a subject. `registration.admin` adds what people's places need."""

from django.utils.translation import gettext_lazy as _

from conference.workplace import areas, handbook

from . import today
from .conferences import ConferenceAdmin
from .days import DayAdmin
from .file_addresses import MAY_DOWNLOAD
from .sessions import SessionAdmin
from .speakers import SpeakerAdmin
from .texts import TextAdmin
from .translations import MAY_TRANSLATE

__all__ = ["ConferenceAdmin", "DayAdmin", "SessionAdmin", "SpeakerAdmin", "TextAdmin", "today"]

areas.add(areas.PROGRAM, _("Days"), "admin:conference_day_changelist", "conference.view_day", position=1)
areas.add(areas.PROGRAM, _("Sessions"), "admin:conference_session_changelist", "conference.view_session", position=2)
areas.add(areas.PROGRAM, _("Speakers"), "admin:conference_speaker_changelist", "conference.view_speaker", position=3)
areas.add(areas.PROGRAM, _("Years"), "admin:conference_conference_changelist", "conference.view_conference", position=4)
areas.add(areas.PAGES, _("Translations"), "admin:conference_translations", MAY_TRANSLATE, position=3)
areas.add(areas.PAGES, _("Words of the pages"), "admin:conference_text_changelist", "conference.view_text", position=1)
areas.add(areas.FILES, _("Program as a file"), "admin:program-files", MAY_DOWNLOAD, position=2)

handbook.explain(
    "change-the-program",
    *(
        f"admin:conference_{table}_{page}"
        for table in ("session", "speaker")
        for page in ("changelist", "change", "add")
    ),
    *(f"admin:conference_conference_{page}" for page in ("publish", "drop", "link", "preview")),
)
handbook.explain("a-day-on-one-page", "admin:conference_day_program")
handbook.explain(
    "change-a-time-or-call-a-day-off", *(f"admin:conference_day_{page}" for page in ("changelist", "change", "add"))
)
handbook.explain("change-the-words-of-the-pages", "admin:conference_text_changelist", "admin:conference_text_change")
handbook.explain("reminders", "admin:conference_conference_change")
handbook.explain(
    "next-year", *(f"admin:conference_conference_{page}" for page in ("changelist", "add")), "admin:next_year"
)
handbook.explain("translate", "admin:conference_translations", "admin:conference_translate")
handbook.explain("files-of-the-program", "admin:program-files")
