"""The bytes of a mail as they reach a server: MIME tree, headers, names in any script, nothing above ASCII."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest

from registration.addresses import ascii_address
from registration.letters.frame import Mail, mailbox, one_line
from registration.letters.invites import Invite
from registration.mail.delivery import to_bytes
from registration.models import OutboxMessage
from registration.services import day_changes
from registration.services.days import cancel, confirm
from registration.status import MailKind
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    the_registration,
)
from tests.letters import letter_of

pytestmark = pytest.mark.sqlite_only

HEADERS = {"Message-ID": "<abc@pxp.example.org>", "Date": NOW, "Auto-Submitted": "auto-generated"}
HOSTILE_NAMES = [
    "Zoë O'Brien & Søn",
    'Ada "the first", of <London>',
    "אדה לאבלייס",
    "عائشة",
    "Ada 🧑‍🔬🎉",
    "山田 花子" * 20,
    "Ada\r\nBcc: eve@example.org",
    "Ada\x00\x1b\x85 Byron",
    "=?utf-8?q?Ada?=",
    "back\\slash",
]


def make_message(*, name="Ada", text="Hello\n", html="<p>Hello</p>", **fields):
    everyday = {"subject": "Hello", "from_email": "PxP <hello@pxp.example.org>", "headers": HEADERS}
    alternatives = [(html, "text/html")]
    return Mail(**everyday | fields, body=text, to=[mailbox(name, "ada@example.org")], alternatives=alternatives)


def parsed(message):
    return message_from_bytes(to_bytes(message), policy=policy.default)


def tree(part):
    kinds = part.get_content_type()
    return [kinds, *[tree(child) for child in part.iter_parts()]] if part.is_multipart() else kinds


def to_whom(message):
    """The name and address in To. Python's newer parser keeps blanks between encoded words, against RFC 2047 §6.2."""
    header = message_from_bytes(to_bytes(message))["To"]
    return parseaddr("".join(str(make_header([part])) for part in decode_header(header)))


def plain(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(message):
    return message.get_body(("html",)).get_content().replace("\r\n", "\n")


def mail_of(kind):
    return letter_of(OutboxMessage.objects.of_kind(kind).latest("pk"))


@pytest.fixture
def conference(db):
    return make_conference(contact_email="team@pxp.example.org")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_arrive_as_typed_and_begin_no_header(name):
    mail = make_message(name=name, subject=one_line(f"For {name}"))

    message = parsed(mail)

    clean = " ".join("".join(" " if ord(char) < 32 or 127 <= ord(char) < 160 else char for char in name).split())
    clean = clean.replace("=?", "= ?")
    assert to_whom(mail) == (clean, "ada@example.org")
    assert [to.addr_spec for to in message["To"].addresses] == ["ada@example.org"]
    assert message["Subject"] == f"For {clean}"
    assert message["Bcc"] is None
    assert sorted(header.lower() for header in message) == [
        "auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to",
    ]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_lines_are_short_ascii_and_end_in_crlf(name):
    text = f"{name}\n.\nFrom me\n" * 40
    raw = to_bytes(make_message(name=name, subject=one_line(name * 3), text=text, invite=Invite("REQUEST", b"X\r\n")))

    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    assert max((len(line) for line in head.split(b"\r\n") if b"=?" in line), default=0) <= 76


@pytest.mark.parametrize(
    "subject",
    [
        "أيامكم في PxP: أولها في وقت متأخر من مساء الأحد (12:30 ص يوم الاثنين، 13 سبتمبر)",
        "à à à الاثنين، jours يوم في 13 أيامكم PxP: أولها 00:30 à في ص",
        "Zoë has a place: PxP Day 1, late on Sunday night (00:30 on Monday 13 September)",
    ],
)
def test_blanks_of_a_subject_come_back_as_written(subject):
    header = message_from_bytes(to_bytes(make_message(subject=subject)))["Subject"]

    # RFC 2047 §6.2: what is between two encoded words is not shown, all other blanks are.
    lines = re.sub(r"(\?=)\s+(=\?)", r"\1\2", header.replace("\n", ""))
    assert re.sub(r"=\?\S+?\?\S\?\S*\?=", lambda word: str(make_header(decode_header(word[0]))), lines) == subject


def test_text_and_html_come_back_as_written():
    text = "Zoë\n.\n..\n  indented \nFrom here = there\n" + "long " * 300 + "\n"

    message = parsed(make_message(text=text, html=f"<p>{text}</p>"))

    assert tree(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert plain(message) == text
    assert html(message) == f"<p>{text}</p>\n"
    assert message.defects == []


def test_mail_with_a_calendar_has_the_tree_that_clients_read():
    calendar = b"BEGIN:VCALENDAR\r\nX-A:\xc3\xa9\r\nEND:VCALENDAR\r\n"

    message = parsed(make_message(invite=Invite("CANCEL", calendar)))

    assert tree(message) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]
    inline = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    attached = next(part for part in message.walk() if part.get_content_type() == "application/ics")
    assert inline["Content-Type"].params == {"charset": "utf-8", "method": "CANCEL"}
    assert inline["Content-Disposition"] is None
    assert inline["Content-Transfer-Encoding"] == attached["Content-Transfer-Encoding"] == "base64"
    assert attached["Content-Type"].params == {"name": "invite.ics"}
    assert attached.get_filename() == "invite.ics"
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == calendar


def test_words_that_look_like_the_end_of_a_part_end_none():
    known = message_from_bytes(to_bytes(make_message())).get_boundary()
    text = f"--{known}\nContent-Type: text/html\n\n<p>Not ours</p>\n--{known}--\n"

    message = parsed(make_message(text=text))

    assert tree(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert plain(message) == text
    assert html(message) == "<p>Hello</p>\n"


def test_sender_and_headers_of_good_behaviour():
    url = f"https://pxp.example.org/unsubscribe/{'a' * 43}/"
    unsubscribe = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = make_message(
        reply_to=["team@pxp.example.org"],
        headers=HEADERS | unsubscribe,
        from_email='"PxP: Für Patienten" <hello@pxp.example.org>',
    )

    message = parsed(mail)

    assert message["From"].addresses[0].display_name == "PxP: Für Patienten"
    assert message["Reply-To"] == "team@pxp.example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert f"<{url}>".encode() in to_bytes(mail)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"] == "<abc@pxp.example.org>"
    assert message["Date"].datetime == NOW


def test_answers_of_people_go_to_the_contact_address_and_programs_send_none(db):
    make_pending(make_day(make_conference(contact_email="hello@faß.example")))

    message = mail_of(MailKind.PLEASE_CONFIRM)

    assert message["Reply-To"] == "hello@xn--fa-hia.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_addresses_need_no_smtputf8():
    assert ascii_address("ada@bücher.example") == "ada@xn--bcher-kva.example"
    assert mailbox("Ada, C.", "ada@example.org") == '"Ada, C." <ada@example.org>'


def test_please_confirm_holds_the_link_the_days_and_nothing_that_opens_more(conference):
    day = make_day(conference, 1, title="Boost your skills")
    ada = make_pending(day, name="Zoë O'Brien & Søn", email="ada@example.org", time_zone="Asia/Tokyo")

    message = mail_of(MailKind.PLEASE_CONFIRM)

    text = plain(message)
    assert message["Subject"] == "Please confirm your place at PxP"
    assert "Zoë" not in text
    assert text.index("/confirm/") < text.index("You asked for a place")
    assert "Monday 13 September 2027\n04:00 to 07:00, Tokyo time (UTC+9)\n" in text
    assert "In UTC: Sunday 12 September 2027, 19:00 to 22:00" in text
    assert "Not you? Then do nothing." in text
    for word in ("/my/", "/join/", "/calendar/"):
        assert word not in message.as_string()
    assert "List-Unsubscribe" not in message
    assert not ada.is_verified


def test_confirmation_of_two_days_has_no_calendar_and_invites_follow(conference):
    make_confirmed(make_day(conference, 1), make_day(conference, 2))

    kinds = list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))
    text = plain(mail_of(MailKind.CONFIRMATION))
    assert kinds == ["please_confirm", "confirmation", "invite", "invite"]
    assert tree(mail_of(MailKind.CONFIRMATION)) == ["multipart/alternative", "text/plain", "text/html"]
    assert mail_of(MailKind.INVITE)["Subject"] == "Calendar invite: PxP Day 2, Monday 13 September, 3:00 pm"
    assert mail_of(MailKind.CONFIRMATION)["Subject"] == "Your days at PxP, starting Sunday 12 September, 3:00 pm"
    assert text.count("/join/") == 2
    assert "/calendar/" in text
    assert "google" not in text


def test_confirmation_begins_with_the_earliest_day_whatever_its_number(conference):
    put_off = make_day(conference, 1, starts_at=FIRST_DAY + timedelta(days=9))
    make_confirmed(put_off, make_day(conference, 2))

    mail = mail_of(MailKind.CONFIRMATION)

    assert mail["Subject"] == "Your days at PxP, starting Monday 13 September, 3:00 pm"
    assert plain(mail).index("Day 2") < plain(mail).index("Day 1")


def test_confirmation_of_one_day_is_the_invite_too(conference):
    make_confirmed(make_day(conference, 1))

    kinds = list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))
    message = mail_of(MailKind.CONFIRMATION)
    assert kinds == ["please_confirm", "confirmation"]
    assert tree(message)[0] == "multipart/mixed"
    assert "/my/" in plain(message)


def test_change_says_old_and_new_on_its_first_line(conference):
    day = make_day(conference, 2)
    make_confirmed(day, make_day(conference, 3))
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)

    day_changes.reschedule(day, starts_at=day.starts_at.replace(hour=20), ends_at=day.ends_at, now=NOW)
    day_changes.tell_news(now=NOW)

    message = mail_of(MailKind.UPDATE)
    first_line = plain(message).splitlines()[0]
    assert message["Subject"] == "Changed: PxP Day 2, Monday 13 September, 4:00 pm"
    assert first_line == (
        "PxP Day 2 has a new time. It was Monday 13 September 2027, 3:00 pm to 6:00 pm, Toronto time (UTC−4). "
        "It is now Monday 13 September 2027, 4:00 pm to 6:00 pm, Toronto time (UTC−4)."
    )


class Tags(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_html_parts_have_a_language_a_title_and_nothing_from_elsewhere(conference):
    make_confirmed(make_day(conference, 1), make_day(conference, 2), name="Ada <b>bold</b>")

    for row in OutboxMessage.objects.of_kind("confirmation", "invite"):
        message = letter_of(row)
        page = html(message)
        tags = Tags(page).found
        assert ("html", {"lang": "en", "dir": "ltr"}) in tags
        assert f"<title>\n{message['Subject']}\n</title>" in page.replace("\u00a0", " ")
        assert {tag for tag, _ in tags}.isdisjoint({"img", "link", "script", "form", "b"})
        assert sum(tag == "h1" for tag, _ in tags) == 1
        assert len(plain(message)) < 100_000
        assert len(page) < 100_000


def test_only_mails_that_nobody_asked_for_offer_to_end_them(conference):
    moved, dropped = make_day(conference, 2), make_day(conference, 3)
    ada = make_pending(moved, dropped)
    offered = {row.kind: "List-Unsubscribe-Post" in letter_of(row) for row in OutboxMessage.objects.all()}
    confirm(ada, now=NOW)
    rows = OutboxMessage.objects.of_kind("confirmation", "invite")
    offered |= {row.kind: "List-Unsubscribe-Post" in letter_of(row) for row in rows}
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)

    day_changes.reschedule(moved, starts_at=moved.starts_at.replace(hour=20), ends_at=moved.ends_at, now=NOW)
    day_changes.tell_news(now=NOW)
    cancel(the_registration(ada, dropped), now=NOW)

    later = OutboxMessage.objects.queued()
    offered |= {row.kind: "List-Unsubscribe-Post" in letter_of(row) for row in later}
    assert offered == {"please_confirm": False, "confirmation": False, "invite": False, "update": True, "cancel": False}


@pytest.mark.django_db
def test_mail_in_a_language_that_was_given_up_is_in_the_sites_own_and_leads_to_its_pages(settings):
    day = make_day()
    make_confirmed(day, name="Ada", language="ar")
    settings.LANGUAGES = [("en", "English"), ("fr", "Français")]

    message = letter_of(OutboxMessage.objects.get(kind=MailKind.CONFIRMATION))

    assert message["Subject"].startswith("You have a place")
    assert "/ar/" not in message.get_body(("plain",)).get_content() + message.get_body(("html",)).get_content()
