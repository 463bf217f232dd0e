"""Standard texts of sign-up, how to join, and contact."""

# A paragraph is one line, so organisers can copy our words into the admin as they are.
# ruff: noqa: E501

from django.utils.translation import gettext_lazy as _

from .passage import Passage

SIGN_UP = _("Sign-up")
HOW_TO_JOIN = _("How to join")
CONTACT = _("Contact")

PASSAGES = [
    Passage(
        "sign-up-intro",
        SIGN_UP,
        _("Above the form"),
        _(
            "Tell us who you are and which days you want to join. It takes a few minutes, and there is no time limit. "
            "You need no account and no password."
        ),
    ),
    Passage(
        "how-to-join-intro",
        HOW_TO_JOIN,
        _("First words"),
        _(
            "You join from home, with a computer, a tablet or a phone. Here is what happens, step by step. "
            "You can stop, rest and come back at any time."
        ),
    ),
    Passage(
        "how-to-join-steps",
        HOW_TO_JOIN,
        _("On the day, step by step"),
        _("""## On the day

1. **Find your email from us.** It has a link to your own join page for that day. The same link is in the invite in your calendar.
2. **Open your join page.** You can open it at any time, even days before. It shows the day and the hour.
3. **Wait for the button.** Shortly before the start, the button to the meeting appears on your join page.
4. **Press the button.** The meeting opens. If it asks for a name, give any name you like.
5. **Get comfortable.** Sit, lie down, or move around. You can leave and come back with the same button."""),
    ),
    Passage(
        "how-to-join-before",
        HOW_TO_JOIN,
        _("Try it out beforehand"),
        _("""## Try it out beforehand

Trying it out saves energy on the day.

1. Open your join page with the device that you will use.
2. Check that the date and the hour are right for you.
3. Play any video with sound. Can you hear it well? Then your sound works.
4. The meeting is on Zoom. Try a test meeting on [{zoom_test}](https://{zoom_test}). Follow its steps.
5. Put your charger, water and anything else you need within reach."""),
    ),
    Passage(
        "how-to-join-help",
        HOW_TO_JOIN,
        _("If it does not work"),
        _("""## If it does not work

- **You cannot find our email.** Look in the folder for spam or junk. Or get your link again: “Lost your link?” is at the foot of every page.
- **There is no button yet.** It is too early. Load the page again shortly before the start.
- **You see nothing, or you hear nothing.** Leave the meeting, then press the button again. Turn your sound up. Try another device, if you have one.
- **The picture stops and starts.** Turn off your own camera. Close other programs.
- **It still does not work.** Write to [{contact}](mailto:{contact}). Tell us what you see. A person will reply."""),
    ),
    Passage(
        "how-to-join-later",
        HOW_TO_JOIN,
        _("If you miss something"),
        _("""## If you miss something

You may be asleep, or tired, or ill that day. Please do not push yourself. If a session has a recording, the link is on the page of that session."""),
    ),
    Passage(
        "contact-intro",
        CONTACT,
        _("How to reach us"),
        _("""Do you have a question? Does something not work? Do you need help to sign up? Write to us in your own words. A few words are enough.

A person will read your email and reply."""),
    ),
]
