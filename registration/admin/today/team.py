"""The team on the first page: who is there, and who has not come yet."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import doors

from .needs import team_of


@doors.describe(doors.TEAM)
def team(desk):
    """Say how many organisers there are, and whose invitation waits."""
    accounts = team_of(desk)
    words = ngettext("%(n)d organiser.", "%(n)d organisers.", len(accounts)) % {"n": len(accounts)}
    absent = [user.username for user, _groups in accounts if user.last_login is None]
    if not absent:
        return words
    names = get_text_list(absent[:3], _("and"))
    sentence = ngettext("%(names)s has not logged in yet.", "%(names)s have not logged in yet.", len(absent[:3]))
    return f"{words} {sentence % {'names': names}}"
