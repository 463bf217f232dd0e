"""Standard texts of the privacy page.

They describe what the site does: if you change what data is collected, who may read it or when it is deleted, change
them too.
"""

# A paragraph is one line, so organisers can copy our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

PRIVACY = _("Privacy")

PASSAGES = [
    Passage(
        "privacy-intro",
        PRIVACY,
        _("First words"),
        _("We ask for as little as we can. You can look around this site without telling us anything."),
    ),
    Passage(
        "privacy-asked",
        PRIVACY,
        _("What we ask, and why"),
        _("""## What we ask, and why

When you sign up, we ask for:

- **Your name**: to write to you by name. Any name you like will do.
- **Your email address**: to send you what you need to join.
- **The days you want to join**: to keep your place on them.
- **Your nearest city**, if you like: to show times where you are.

You may also tell us more. You do not have to:

- **Your role**, such as patient partner: to learn who comes.
- **What you need to take part**: to arrange it. This can say something about your health, so we read it only once you confirm.

On the day, we note that you came. This is how we learn how many people join."""),
    ),
    Passage(
        "privacy-readers",
        PRIVACY,
        _("Who reads it"),
        _("""## Who reads it

- The organisers of the conference see your name, your address, your days, and the role you gave.
- Only the access team sees what you need to take part. They arrange it.
- We do not sell it, and we do not share it with advertisers.

The meeting runs on another company’s service, such as Zoom. When you enter it, that company’s own rules apply too."""),
    ),
    Passage(
        "privacy-deleted",
        PRIVACY,
        _("What stays"),
        # The list before these words comes from registration/services/retention.yaml.
        _("We keep counts, such as how many people came to a day. Nobody can find you in them."),
    ),
    Passage(
        "privacy-choices",
        PRIVACY,
        _("Your choices"),
        _("""## Your choices

Our emails have a link to your own page. There you can add or cancel days, change what we know about you, and download or delete it. Keep that link to yourself: it opens your page without a password.

Do you have a question about your data, or can you no longer read your email? Write to [{contact}](mailto:{contact})."""),
    ),
    Passage(
        "privacy-cookies",
        PRIVACY,
        _("Cookies"),
        _("""## Cookies

We set no cookies, not even on pages with a form. Only organisers, who log in, get one. Nobody follows you here: there are no adverts and no counters from other companies.

When you open the program, your browser keeps a copy of it on your device, so you can read it without internet. The copy says nothing about you. To remove it, delete the data of this site in the settings of your browser."""),
    ),
]
