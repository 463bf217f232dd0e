"""Standard words of the home page, the program and the speakers."""

# A paragraph is one line, so that organisers can take our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

HOME = _("Home")
PROGRAM = _("Program")
SPEAKERS = _("Speakers")

PASSAGES = [
    Passage(
        "home-lead",
        HOME,
        _("First words, under the name"),
        _("Learn how patients shape health research. It is free, it is online, and patient partners made it for you."),
    ),
    Passage(
        "home-questions",
        HOME,
        _("Three questions"),
        _("""## Is this for you?

- Do you want to **learn more** about patient engagement in health research?
- Do you want to **meet people** who do this too, share what helps, and talk about what is hard?
- Do you want to **build on** what you know and what you can do?

If you say yes to just one of these, you are welcome here."""),
    ),
    Passage(
        "home-what",
        HOME,
        _("What PxP is"),
        _("""## What is PxP?

PxP means “For Patients, By Patients”. It is a hub for patient engagement in health research: a place to meet, to learn and to share.

We made it for patient partners and for other people with lived experience. That can be you as a patient, as a relative, as a caregiver, or as a member of the public who works with researchers. Do you do research yourself? You are welcome too. Here, patients come first."""),
    ),
    Passage(
        "home-engagement",
        HOME,
        _("What patient engagement is"),
        _("""## What is patient engagement?

Researchers know a lot about science and medicine. You know what it is like to live with an illness, or to care for somebody. Research needs both. When people like you take part, each step of it gets stronger.

**What do you do as a patient partner?** A research team may ask what you think about:

- the first idea for a study
- the way the study is done
- what the results mean
- how to bring the results to the people who need them

**In which research?** In every kind. It may be basic science, which looks at how the body works. It may be a clinical study, which tests a new treatment.

**Why does it have so many names?** Patient engagement is one name. In the United Kingdom and Europe you may hear “patient and public involvement”. In Australia you may hear “consumer engagement”. The person who takes part is often called a patient partner. Use the name that feels right to you."""),
    ),
    Passage(
        "home-conference",
        HOME,
        _("The conference"),
        _("""## The conference

{conference} is online and it is free. You can join from home, from anywhere in the world.

It is about what you need to be a partner in research: knowledge, skills, and resources that you can use.

Everybody joins at the same moment. But the world has many clocks. For some people it is already the next day. That is why we name two dates for each day."""),
    ),
    Passage(
        "home-reasons",
        HOME,
        _("Two reasons to come"),
        _("""## Two reasons to come

### For Patients

Most guides to patient engagement speak to researchers. This conference speaks to you, the patient partner, first.

### By Patients

Patient partners chose it all. A committee of them, from many countries and with much experience, picked each topic and each speaker."""),
    ),
    Passage(
        "home-days",
        HOME,
        _("Above the days"),
        _("""## The days

Each day has its own theme. Come to one day, or to all of them. Take what you have energy for."""),
    ),
    Passage(
        "home-sneak-peek",
        HOME,
        _("Above the sneak peek at the program"),
        _("""## A sneak peek at the program

Here is what we know so far. Where you read “to be announced”, we will add more."""),
    ),
    Passage(
        "home-register",
        HOME,
        _("You register for each day"),
        _("""## Save your place

You register for each day that you want to join. Choose one day below, or take all of them in one go. It is free. You need no account and no password."""),
    ),
    Passage(
        "home-new",
        HOME,
        _("New here?"),
        _("""## New here?

You do not have to know anything to come. These words may help:

- **Health research**: work to find out what keeps people well and what helps when they are ill.
- **Lived experience**: what you know because you live with an illness, or because you care for somebody.
- **Patient partner**: a person with lived experience who works with a research team.
- **Session**: one part of a day, with its own topic.
- **Facilitator**: the person who leads a session and makes sure that people are heard."""),
    ),
    Passage(
        "program-intro",
        PROGRAM,
        _("Above the program"),
        _("Here is each day with its sessions. You do not have to see it all. Choose what you have energy for."),
    ),
    Passage(
        "speakers-intro",
        SPEAKERS,
        _("Above the speakers"),
        _("These people speak at the sessions or lead them. We will add more names when we know them."),
    ),
]
