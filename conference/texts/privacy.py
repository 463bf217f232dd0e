"""Standard words of the privacy page.

They say what the site does: whoever changes what is asked, who may read it or when it goes, changes them too.
"""

# A paragraph is one line, so that organisers can take our words into the admin as they are.
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

- **What we may call you**: to write to you by name.
- **Your email address**: to send you what you need to join.
- **The days you want to join**: to keep your place on them.
- **Your country and time zone**: to show each time on your own clock.

You may also tell us more. You do not have to:

- **Your role**, such as patient partner: to learn who comes.
- **What you need to take part**: to arrange it. This can say something about your health. So we ask you first if we may read and keep it.

On the day, we note that you came. This is how we learn how many people join."""),
    ),
    Passage(
        "privacy-readers",
        PRIVACY,
        _("Who reads it"),
        _("""## Who reads it

- The organisers of the conference see your name, your address, your days, and the role you gave.
- What you need to take part is seen by the access team alone. They arrange it.
- We do not sell or share any of it for adverts.

The meeting runs on another company’s service, such as Zoom. When you enter it, that company’s own rules hold too."""),
    ),
    Passage(
        "privacy-deleted",
        PRIVACY,
        _("What stays"),
        # The list before these words comes from registration/services/retention.yaml.
        _("What stays are counts, such as how many people came to a day. Nobody can find you in them."),
    ),
    Passage(
        "privacy-choices",
        PRIVACY,
        _("Your choices"),
        _("""## Your choices

Our emails have a link to your own page. There you can see your days, drop one, or add one. Keep that link to yourself: it opens your page without a password.

Do you want to know what we hold about you, to correct it, or to have it deleted? Do you want to take back your yes to what we keep about your needs? Write to [{contact}](mailto:{contact})."""),
    ),
    Passage(
        "privacy-cookies",
        PRIVACY,
        _("Cookies"),
        _("""## Cookies

The pages you read set no cookies. A page with a form sets one cookie. It makes sure that the form comes from you, and nothing else. Nobody follows you here: there are no adverts and no counters from other companies.

When you open the program, your browser keeps a copy of it on your device. So you can read it without internet. The copy says nothing about you. To remove it, delete the data of this site in the settings of your browser."""),
    ),
]
