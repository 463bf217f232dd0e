"""The mail from the Access team to a person who told us what they need."""

from registration.models import AccessRequest

from .frame import Mail, write


def write_need_answer(access_request: AccessRequest) -> Mail:
    """Return the mail with the team's answer; the request has its person and conference loaded.

    Its subject is in the organisers' list of mails, so it does not say what this is about.
    """
    words = {
        "answer": access_request.answer,
        "is_in_hand": access_request.is_in_hand,
        "is_arranged": access_request.is_arranged,
        "cannot_be_met": access_request.cannot_be_met,
    }
    return write("need_answer", access_request.registrant, words)
