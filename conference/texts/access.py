"""Standard texts of the accessibility page and of Patients Included."""

# A paragraph is one line, so organisers can copy our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

ACCESS = _("Accessibility")
PATIENTS_INCLUDED = _("Patients Included")

PASSAGES = [
    Passage(
        "accessibility-intro",
        ACCESS,
        _("First words"),
        _(
            "You should be able to take part with the body, the mind and the device you have. Here is what we know so far."
        ),
    ),
    Passage(
        "accessibility-sessions",
        ACCESS,
        _("What each session offers"),
        _("""## What each session offers

See this before you tell us what you need. “To be announced” means that we do not know yet."""),
    ),
    Passage(
        "accessibility-ask",
        ACCESS,
        _("Ask for what you need"),
        _("""## Tell us what you need

Do you need something else to take part? Tell us when you sign up, or write to [{contact}](mailto:{contact}). Use your own words. You do not have to name an illness or give a reason.

When you sign up, only the PxP access team reads this part."""),
    ),
    Passage(
        "accessibility-pace",
        ACCESS,
        _("Your own pace"),
        _("""## At your own pace

- Come for one session, one day, or all days.
- You may leave and come back.
- The program shows how long things take, as far as we know it."""),
    ),
    Passage(
        "accessibility-site",
        ACCESS,
        _("This website"),
        _("""## This website

- You can use all of it with a keyboard alone, or with a screen reader.
- It works on old phones and slow connections. No page needs a script.
- Once you have opened the program, most browsers let you read it without internet. It says how old it is.
- You can make the text much larger without losing anything.
- It has a light and a dark look. It follows your device.
- Nothing moves by itself. No form has a time limit.

We aim for the strictest level of the web’s rules for access (WCAG 2.2, level AAA) wherever we can.

Does something on this site stop you? Please tell us: [{contact}](mailto:{contact}). We want to fix it."""),
    ),
    Passage(
        "patients-included-intro",
        PATIENTS_INCLUDED,
        _("First words"),
        _(
            """[The Patients Included charter](https://patientsincluded.org) is a promise that a conference can make. It has five parts. Here is what we do for each, and what we do not know yet."""
        ),
    ),
    Passage(
        "patients-included-design",
        PATIENTS_INCLUDED,
        _("1. Patients help to design it"),
        _("""## 1. Patients help to design it

Patient partners chose every topic and every speaker. They are an experienced committee with members from many countries."""),
    ),
    Passage(
        "patients-included-part",
        PATIENTS_INCLUDED,
        _("2. Patients speak and attend"),
        _("""## 2. Patients speak, and patients attend

Patient partners are on the program, and we made it for them. Everyone with lived experience can come."""),
    ),
    Passage(
        "patients-included-costs",
        PATIENTS_INCLUDED,
        _("3. Costs are paid"),
        _("""## 3. Nobody has to pay

It is free. It is online, so nobody has to pay for travel or a place to stay.

Whether we pay the costs of patients on the program, and whether there are scholarships: to be announced."""),
    ),
    Passage(
        "patients-included-needs",
        PATIENTS_INCLUDED,
        _("4. Needs are met, sessions are open"),
        _("""## 4. Needs are met, and sessions are open

You can tell us what you need when you sign up. A person will read it and reply. Every session is open to everyone who signs up for that day.

For captions, sign language, breaks and recordings, see our page about accessibility."""),
    ),
    Passage(
        "patients-included-afar",
        PATIENTS_INCLUDED,
        _("5. You can follow it from anywhere"),
        _("""## 5. You can follow it from anywhere

All of it is online. Nobody has to travel. Choose your city, and this site shows every time where you are."""),
    ),
]
