"""Standard texts for people who are new here."""

# A paragraph is one line, so organisers can copy our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

NEW_HERE = _("New here?")

PASSAGES = [
    Passage(
        "new-here-intro",
        NEW_HERE,
        _("First words"),
        _("Welcome. You do not need to know anything to come. Here are the first steps, one at a time."),
    ),
    Passage(
        "new-here-who",
        NEW_HERE,
        _("Is it for me?"),
        _("""## Is it for me?

Yes, if you live with an illness, or if you care for someone who does. You can come as a patient, as a relative, as a caregiver, or as a member of the public.

You do not have to be an expert. You do not have to speak. You can just listen."""),
    ),
    Passage(
        "new-here-what",
        NEW_HERE,
        _("What happens?"),
        _("""## What happens?

People talk about health research, and about how patients take part in it. Each day has a few sessions. You watch and listen on your phone or computer.

It costs nothing. You need no account and no password."""),
    ),
    Passage(
        "new-here-energy",
        NEW_HERE,
        _("How much energy does it take?"),
        _("""## How much energy does it take?

As little as you like. Come to one session, or to one day. Leave when you need to, and come back when you can."""),
    ),
    Passage(
        "new-here-words",
        NEW_HERE,
        _("Words you may not know"),
        _("""## Do I know the words?

Some words may be new to you. Words with dots under them lead to what they mean, in plain language."""),
    ),
]
