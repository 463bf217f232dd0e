"""Standard texts of the home page and of the speakers."""

# A paragraph is one line, so organisers can copy our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

HOME = _("Home")
SPEAKERS = _("Speakers")

PASSAGES = [
    Passage(
        "home-lead",
        HOME,
        _("First words, under the name"),
        _("A conference on patient engagement in health research, made by patient partners."),
    ),
    Passage(
        "home-questions",
        HOME,
        _("Three questions"),
        _("""## Is this for you?

- Do you want to learn more about patient engagement in health research?
- Do you want to meet others, share resources and talk about challenges?
- Do you want to build your knowledge and skills?

One yes is enough. You are welcome here."""),
    ),
    Passage(
        "home-what",
        HOME,
        _("What PxP is"),
        _("""## What is PxP?

PxP is a hub for patient engagement in health research. We made it for patient partners and other people with lived experience: patients, relatives, caregivers and members of the public. It is a place to find knowledge, skills and resources."""),
    ),
    Passage(
        "home-reasons",
        HOME,
        _("Two reasons to come"),
        _("""### For Patients

Most resources on patient engagement are written for researchers. Here, patient partners come first. Health researchers are welcome too.

### By Patients

An experienced international committee of patient partners chose every topic and speaker."""),
    ),
    Passage(
        "home-engagement",
        HOME,
        _("What patient engagement is"),
        _("""## What is patient engagement?

Researchers know science and medicine. People with lived experience know what it is like to live with an illness, or to care for someone. When they work together, research gets stronger at every step.

This is patient engagement. Some call it patient and public involvement. The person who takes part is often called a patient partner."""),
    ),
    Passage(
        "home-engagement-more",
        HOME,
        _("What patient partners do"),
        _("""A research team may ask them about:

- the first idea
- the methods
- the results
- how results reach the people who need them

They take part in every kind of research, from basic science (how the body works) to clinical studies (new treatments).

In the United Kingdom and Europe you may hear “patient and public involvement”, in Australia “consumer engagement”. Use the name that feels right to you."""),
    ),
    Passage(
        "speakers-intro",
        SPEAKERS,
        _("Above the speakers"),
        _("These people speak at the sessions, or lead them. We will add more names as we know them."),
    ),
]
