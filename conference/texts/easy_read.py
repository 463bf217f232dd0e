"""Standard texts of the easy-read pages: short sentences, one idea each, beside a picture."""

from django.utils.translation import gettext_lazy as _

from .passage import Passage

EASY_READ = _("Easy read")
EASY_PROGRAM = _("Easy read: program")
EASY_HOW_TO_JOIN = _("Easy read: how to join")

PASSAGES = [
    Passage(
        "easy-home-intro",
        EASY_READ,
        _("First words"),
        _("This page has easy words and pictures."),
    ),
    Passage(
        "easy-home-what",
        EASY_READ,
        _("What PxP is (picture: people)"),
        _("""## It is about health

PxP is for patients who take part in health research.

Health research looks for what helps when people are ill."""),
    ),
    Passage(
        "easy-home-meeting",
        EASY_READ,
        _("The conference (picture: a screen)"),
        _("""## {conference} is a meeting

The meeting is online.

You need a phone or a computer.

You can stay at home."""),
    ),
    Passage(
        "easy-home-who",
        EASY_READ,
        _("Who can come (picture: a heart)"),
        _("""## Who can come?

You can come if you are ill.

You can come if you care for a person who is ill.

All people are welcome."""),
    ),
    Passage(
        "easy-home-topics",
        EASY_READ,
        _("What it is about (picture: talking)"),
        _("""## What do we talk about?

Patients know what it is like to be ill.

So they can help to plan research.

We talk about how to do this well."""),
    ),
    Passage(
        "easy-home-free",
        EASY_READ,
        _("What it costs (picture: a coin with a zero)"),
        _("""## It is free

You do not pay."""),
    ),
    Passage(
        "easy-home-when",
        EASY_READ,
        _("Above the dates (picture: a calendar)"),
        _("""## When is it?

The date depends on where you live."""),
    ),
    Passage(
        "easy-home-sign-up",
        EASY_READ,
        _("How to sign up (picture: a form)"),
        _("""## How can I come?

You sign up first.

We ask for your name and your email.

Then we send you an email."""),
    ),
    Passage(
        "easy-program-intro",
        EASY_PROGRAM,
        _("First words"),
        _("Here is what happens on each day."),
    ),
    Passage(
        "easy-program-choose",
        EASY_PROGRAM,
        _("Your own pace (picture: a cup)"),
        _("""## You choose

You can come for one talk.

You can come for all talks.

You can stop when you are tired."""),
    ),
    Passage(
        "easy-join-intro",
        EASY_HOW_TO_JOIN,
        _("First words"),
        _("Here is how you get to the meeting, step by step."),
    ),
    Passage(
        "easy-join-mail",
        EASY_HOW_TO_JOIN,
        _("Step 1 (picture: an email)"),
        _("""## 1. Find our email

We sent you an email when you signed up.

There is a link in it."""),
    ),
    Passage(
        "easy-join-page",
        EASY_HOW_TO_JOIN,
        _("Step 2 (picture: a phone)"),
        _("""## 2. Open your page

Press the link in the email.

Then you see your own page.

It shows the day and the time."""),
    ),
    Passage(
        "easy-join-wait",
        EASY_HOW_TO_JOIN,
        _("Step 3 (picture: a clock)"),
        _("""## 3. Wait for the button

The button comes a short time before the start."""),
    ),
    Passage(
        "easy-join-press",
        EASY_HOW_TO_JOIN,
        _("Step 4 (picture: pressing a button)"),
        _("""## 4. Press the button

Now the meeting opens.

It may ask for your name.

You can type any name you like."""),
    ),
    Passage(
        "easy-join-rest",
        EASY_HOW_TO_JOIN,
        _("Step 5 (picture: a cup)"),
        _("""## 5. Rest when you need to

You can lie down.

You can leave and come back."""),
    ),
    Passage(
        "easy-join-help",
        EASY_HOW_TO_JOIN,
        _("If it does not work (picture: a question)"),
        _("""## Does it not work?

Write to us: [{contact}](mailto:{contact})

A person reads it and helps you."""),
    ),
    Passage(
        "easy-join-later",
        EASY_HOW_TO_JOIN,
        _("If you miss it (picture: a film)"),
        _("""## Did you miss it?

That is fine.

If we film a talk, you can watch it later."""),
    ),
]
