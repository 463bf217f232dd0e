"""The budget for mail: nobody's mailbox is filled, nobody is locked out, and nothing is lost."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from registration import links
from registration.abuse import budget, caps, limits
from registration.abuse.mailboxes import LARGE_PROVIDERS, domain_of, mailbox_of
from registration.letters.frame import NAMELESS
from registration.models import LinkRequest, OutboxMessage, Pace, Registrant, Registration, SpentMail
from registration.services import address
from registration.services.day_changes import call_off, tell_news
from registration.services.days import add_day, cancel, confirm, send_again
from registration.services.erase import erase
from registration.services.lost_link import answer_link_requests, ask_for_links, send_links
from registration.services.person import set_neutral_titles
from registration.services.sign_up import sign_up
from registration.status import Letter, MailKind, MailState
from tests.factories import NOW, make_confirmed, make_pending, make_program, person
from tests.letters import letter_of, text_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


def let_leave(now):
    """Send what is due, as a worker does with a server that takes everything. Return the mails, in order."""
    sent = []
    while rows := list(OutboxMessage.objects.due(now)[:50]):
        OutboxMessage.objects.only_rows(rows).update(state=MailState.SENT, finished_at=now, is_held_back=False)
        sent += rows
    return sent


def words(mail):
    return text_of(mail, now=max(NOW, mail.due_at))


def stranger(number, email="ada@example.org"):
    return person(f"Name {number}", email=email)


# --- A day of attacks ------------------------------------------------------------------------------------------------


def lost_link(days, now, number):
    ask_for_links(days[0].conference, "ada@example.org", now=now)
    answer_link_requests(now=now)


def sign_ups_with_names(days, now, number):
    sign_up(days[0].conference, person=stranger(number), days=days, now=now)


def sign_ups_with_tags(days, now, number):
    sign_up(days[0].conference, person=stranger(1, f"ada+{number}@example.org"), days=days, now=now)


def new_addresses(days, now, number):
    eve = make_confirmed(days[0], name=f"Eve {number}", email=f"eve{number}@example.com", now=now)
    address.ask_for_address(eve, "ada@example.org", now=now)


def everything_again(days, now, number):
    for ada in Registrant.objects.with_address("ada@example.org").verified():
        send_again(ada, now=now)


def on_and_off(days, now, number):
    for row in Registration.objects.filter(registrant__email="ada@example.org", registrant__verified_at__isnull=False):
        if row.is_live and row.day_id == days[0].pk:
            cancel(row, now=now)
            add_day(row.registrant, days[0], now=now)
            set_neutral_titles(row.registrant, wanted=number % 2 == 0, now=now)


ATTACKS = [lost_link, sign_ups_with_names, sign_ups_with_tags, new_addresses, everything_again, on_and_off]


def attack_for_a_day(days, attacks, *, start):
    """Attack every two hours for 24 hours. Return how many mails reached Ada, in all spellings of her address."""
    mails = []
    for number in range(12):
        now = start + number * 2 * HOUR
        for attack in attacks:
            attack(days, now, number)
        mails += let_leave(now)
    return sum(mailbox_of(mail.to_email) == "ada@example.org" for mail in mails)


@pytest.mark.parametrize(
    "attacks",
    [*([attack] for attack in ATTACKS), ATTACKS],
    ids=lambda them: them[0].__name__ if len(them) == 1 else "all",
)
@pytest.mark.parametrize("is_known", [False, True])
def test_nobody_makes_more_than_five_mails_a_day_reach_a_stranger(days, attacks, is_known):
    if is_known:
        make_confirmed(*days, email="ada@example.org")
        let_leave(NOW)

    assert attack_for_a_day(days, attacks, start=NOW + 25 * HOUR) <= 5


# --- Nothing is lost at the cap, and nobody is locked out ------------------------------------------------------------


def test_household_of_any_size_gets_its_mail_and_each_confirms_alone(client, days):
    texts = []
    for number in range(9):
        sign_up(days[0].conference, person=stranger(number), days=days[: number % 3 + 1], now=NOW)
        texts += [words(mail) for mail in let_leave(NOW)]
    link = re.search(r"/confirm/[\w-]+/", texts[-1])[0]

    page = client.get(link)
    for path, listed in re.findall(r'action="(/confirm/[\w-]+/)".*?name="days" value="([\d ]+)"', page.text, re.DOTALL):
        client.post(path, {"days": listed})
    client.post(link, {"days": "1 2 3"})

    assert len(texts) == 4
    assert "4 people signed up for PxP 2027 with this address." in texts[-1]
    assert [f"Name {number}" in page.text for number in range(9)] == [True] * 9
    assert not Registration.objects.pending().exists()
    assert Registrant.objects.verified().count() == 9


def test_a_person_who_came_after_the_last_mail_gets_one_the_next_day(days):
    for number in range(9):
        sign_up(days[0].conference, person=stranger(number), days=days[:1], now=NOW)
        let_leave(NOW)

    held = OutboxMessage.objects.queued().get()

    assert (held.is_held_back, held.due_at) == (True, NOW + 24 * HOUR)
    assert "9 people signed up for PxP 2027 with this address." in words(held)
    assert let_leave(NOW + 24 * HOUR) == [held]


def test_mail_that_is_held_back_is_true_when_it_leaves(days):
    for number in range(7):
        sign_up(days[0].conference, person=stranger(number), days=days[:1], now=NOW)
        let_leave(NOW)
    *others, last = Registrant.objects.order_by("pk")

    for registrant in others:
        confirm(registrant, now=NOW + HOUR)
    one_left = [words(mail) for mail in OutboxMessage.objects.held_back().queued()]
    confirm(last, now=NOW + HOUR)

    assert ["people signed up" in text for text in one_left] == [False]
    assert not OutboxMessage.objects.held_back().queued().exists()


def test_household_is_found_also_when_the_one_whose_mail_waits_is_deleted(days):
    for number in range(6):
        sign_up(days[0].conference, person=stranger(number), days=days[:1], now=NOW)
        let_leave(NOW)
    newest = Registrant.objects.newest_first().first()

    erase(newest, now=NOW)
    answer_link_requests(now=NOW)

    assert "5 people signed up" in words(OutboxMessage.objects.queued().get())


def test_spent_budget_leaves_the_lost_link_in_reserve(days):
    make_confirmed(days[0], email="ada@example.org")
    let_leave(NOW)
    start = NOW + 25 * HOUR
    for number in range(9):
        sign_up(days[0].conference, person=stranger(number), days=days[:1], now=start)
        let_leave(start)

    send_links(days[0].conference, "ada@example.org", now=start + HOUR)

    assert [mail.kind for mail in let_leave(start + HOUR)] == [MailKind.LINK]


def test_page_says_the_same_for_an_address_that_nobody_uses(days):
    make_confirmed(days[0], email="ada@example.org")
    let_leave(NOW)
    for email in ("ada@example.org", "nobody@example.org"):
        for minute in range(5):
            now = NOW + 25 * HOUR + minute * timedelta(minutes=1)
            assert budget.last_left_at(email, now=now, is_link=True) is None
            send_links(days[0].conference, email, now=now)
            let_leave(now)

        assert budget.last_left_at(email, now=now, is_link=True) == now


def test_only_mails_that_left_count(days):
    for number in range(9):
        sign_up(days[0].conference, person=stranger(number), days=days[:1], now=NOW)
        OutboxMessage.objects.queued().update(state=MailState.DEAD, finished_at=NOW)

    sign_up(days[0].conference, person=stranger(1), days=days[:1], now=NOW)

    assert len(let_leave(NOW)) == 1
    assert budget.last_left_at("ada@example.org", now=NOW) is None


def test_refused_mail_is_sent_as_soon_as_it_is_asked_for_again(days):
    make_pending(days[0])
    OutboxMessage.objects.queued().update(state=MailState.DEAD, finished_at=NOW)

    send_links(days[0].conference, "ada@example.org", now=NOW + timedelta(minutes=1))

    assert [mail.kind for mail in let_leave(NOW + timedelta(minutes=1))] == [MailKind.PLEASE_CONFIRM]


def test_button_confirms_the_days_that_it_lists(client, days):
    ada = make_pending(days[0])
    page = client.get(f"/confirm/{links.token('confirm', ada)}/").text
    listed = re.search(r'name="days" value="([\d ]+)"', page)[1]
    make_pending(days[1])

    client.post(f"/confirm/{links.token('confirm', ada)}/", {"days": listed})

    assert dict(Registration.objects.values_list("day__number", "status")) == {1: "confirmed", 2: "pending"}


def test_names_on_the_page_are_plain_text(client, days):
    ada = make_pending(days[0], email="ada@example.org")
    make_pending(days[0], name='<a href="//evil">bit.ly/3xYz</a>', email="ada@example.org")

    page = client.get(f"/confirm/{links.token('confirm', ada)}/").text

    assert "&lt;a href=&quot;//evil&quot;&gt;bit.ly/3xYz&lt;/a&gt;" in page
    assert 'href="//evil' not in page


def test_page_says_when_a_mail_waits_until_tomorrow(client, days):
    ada = make_confirmed(*days, email="ada@example.org")
    page = f"/my/{links.token('my', ada)}/"

    answers = []
    for _ in range(2):
        answers.append(client.post(page, {"action": "send-again"}, follow=True).text)
        let_leave(timezone.now())

    assert ["this email will reach you tomorrow" in text for text in answers] == [False, True]


def test_mail_of_an_organiser_does_not_wait_behind_one_that_is_held_back(days):
    ada = make_confirmed(*days, email="ada@example.org")
    for _ in range(3):
        send_again(ada, now=NOW)
        let_leave(NOW)
    assert OutboxMessage.objects.for_person(ada).held_back().queued().exists()

    call_off(days[0], now=NOW + HOUR)
    tell_news(now=NOW + HOUR)

    assert MailKind.CANCEL in [mail.kind for mail in let_leave(NOW + HOUR)]


def test_budget_is_not_reset_by_deleting_who_spent_it(days):
    for number in range(9):
        eve = make_confirmed(days[0], name=f"Eve {number}", email=f"eve{number}@example.com")
        address.ask_for_address(eve, "ada@example.org", now=NOW)
        let_leave(NOW)
        erase(eve, now=NOW)

    assert SpentMail.objects.filter(mailbox=budget._hidden("mailbox", "ada@example.org")).count() == 4


# --- Paces delay, and lose nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "address", "network"),
    [
        ("MAILS_FROM_A_NETWORK", "a{}@gmail.com", "203.0.113.9"),
        ("MAILS_TO_A_DOMAIN", "a{}@example.org", ""),
        ("MAILS_TO_A_LARGE_PROVIDER", "a{}@gmail.com", ""),
        ("MAILS_OF_THE_SITE", "a@e{}.example", ""),
    ],
)
def test_pace_lets_a_burst_leave_at_once_and_the_rest_one_by_one(days, monkeypatch, limit, address, network):
    monkeypatch.setattr(budget, limit, caps.Pace(limit, burst=3, seconds=60))

    for number in range(6):
        who = person(f"Name {number}", email=address.format(number))
        sign_up(days[0].conference, person=who, days=days[:1], network=network, now=NOW)

    waits = [(due_at - NOW).total_seconds() for due_at in OutboxMessage.objects.values_list("due_at", flat=True)]
    assert sorted(waits) == [0, 0, 0, 0, 60, 120] or sorted(waits) == [0, 0, 0, 60, 120, 180]


@pytest.mark.parametrize("is_known", [True, False])
def test_who_asks_again_keeps_the_place_in_the_line(days, monkeypatch, is_known):
    monkeypatch.setattr(budget, "MAILS_TO_A_DOMAIN", caps.Pace("MAILS_TO_A_DOMAIN", burst=1, seconds=60))
    edition, ask = days[0].conference, lambda name: sign_up(edition, person=person(name), days=days[:1], now=NOW)
    if is_known:
        make_confirmed(days[0], name="Eve")
        OutboxMessage.objects.all().delete()
    for name in ("Ada", "Bob", "Carol", "Eve", "Grace"):
        ask(name)
    mails = OutboxMessage.objects.queued().for_address("eve@example.org")
    turn = mails.get().due_at

    ask("Eve")
    signed_up_again = mails.get().due_at
    send_links(edition, "eve@example.org", now=NOW)

    assert turn > NOW
    assert (signed_up_again, mails.get().due_at) == (turn, turn)


def test_pages_say_how_long_a_crowd_has_to_wait(client, days, monkeypatch):
    monkeypatch.setattr(budget, "MAILS_TO_A_DOMAIN", caps.Pace("MAILS_TO_A_DOMAIN", burst=2, seconds=1500))
    pages = []

    for name in ("Ada", "Bob", "Carol", "Eve", "Grace"):
        typed = {"name": name, "email": f"{name}@example.org", "days": [days[0].number], "time_zone": "America/Toronto"}
        pages.append(client.post("/register/", typed, follow=True).text)
    lost = client.post("/lost-link/", {"email": "nobody@example.org"}, follow=True).text
    elsewhere = client.post("/lost-link/", {"email": "nobody@elsewhere.example"}, follow=True).text

    said = [re.findall(r"can take up to (.*?)\.", page) for page in pages]
    assert said == [[], [], ["25 minutes"], ["50 minutes"], ["1 hour 15 minutes"]]
    waits = [due_at - created_at for due_at, created_at in OutboxMessage.objects.values_list("due_at", "created_at")]
    assert max(waits) <= timedelta(minutes=75)
    assert "can take up to 1 hour 15 minutes" in lost
    assert "It can take a few minutes." in elsewhere


def test_every_declared_limit_is_used():
    declared = {name for module in (caps, limits) for name in vars(module) if name.isupper() and name.count("_")}
    code = [path.read_text() for app in ("pxp", "registration") for path in Path(app).rglob("*.py")]

    unused = {name for name in declared if sum(len(re.findall(rf"\b{name}\b", text)) for text in code) < 2}

    assert declared >= {"MAILS_TO_A_MAILBOX", "FORMS_PER_NETWORK", "MAILS_OF_THE_SITE"}
    assert unused == set()


def test_counts_name_nobody(days):
    sign_up(days[0].conference, person=stranger(1), days=days[:1], network="203.0.113.9", now=NOW)
    ask_for_links(days[0].conference, "ada@example.org", network="203.0.113.9", now=NOW)

    kept = str([*SpentMail.objects.values(), *Pace.objects.values(), *LinkRequest.objects.values("network")])

    for word in ("ada@", "ada|", "203.0"):
        assert word not in kept


# --- Which addresses are one mailbox, for counting -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ada.Lovelace+pxp@googlemail.com", "adalovelace@gmail.com"),
        ("a.d.a@gmail.com", "ada@gmail.com"),
        ("ada+1@hospital.example", "ada@hospital.example"),
        ("a.d.a@hospital.example", "a.d.a@hospital.example"),
        ("ada+x@pm.me", "ada@proton.me"),
        ("a-d_a@protonmail.com", "ada@proton.me"),
        ("ada@mac.com", "ada@icloud.com"),
        ("ADA@XN--BCHER-KVA.example", "ada@bücher.example"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ("+ada@example.org", "+ada@example.org"),
    ],
)
def test_spellings_of_one_mailbox_are_counted_together(address, mailbox):
    assert mailbox_of(address) == mailbox
    assert domain_of(address) == mailbox.rpartition("@")[2]


def test_tags_are_folded_for_counting_only(days):
    for tag in ("a", "b"):
        make_pending(days[0], email=f"ada+{tag}@gmail.com")

    assert set(Registrant.objects.values_list("email", flat=True)) == {"ada+a@gmail.com", "ada+b@gmail.com"}
    assert set(LARGE_PROVIDERS) >= {"gmail.com", "outlook.com", "proton.me"}


# --- No word of a stranger reaches an address that nobody verified ----------------------------------------------------


def test_mail_to_an_unverified_address_holds_no_word_that_a_stranger_typed(client, days):
    typed = "bit.ly/3xYz call +33 800"
    said = {"carer_name": typed, "role_words": typed}
    for number in range(6):
        who = person(f"{typed} {number}", email="ada@example.org", **said)
        sign_up(days[0].conference, person=who, days=days, needs=typed, now=NOW)
        send_links(days[0].conference, "ada@example.org", now=NOW)
    eve = make_confirmed(days[0], name=typed, email="eve@example.org", **said)
    address.ask_for_address(eve, "bob@example.org", now=NOW)

    mails = OutboxMessage.objects.queued().exclude(to_email="eve@example.org")
    texts = [raw_text(mail) for mail in mails]

    assert {mail.letter for mail in mails} == {Letter.PLEASE_CONFIRM, Letter.ADDRESS} <= set(NAMELESS)
    assert not [text for text in texts if "bit.ly" in text or "33 800" in text or "eve@" in text]


def test_link_mail_names_no_unconfirmed_person(days):
    make_confirmed(days[0], name="Ada", email="ada@example.org")
    make_pending(days[0], name="bit.ly/3xYz", email="ada@example.org")

    send_links(days[0].conference, "ada@example.org", now=NOW)

    text = raw_text(OutboxMessage.objects.of_kind(MailKind.LINK).get())
    assert ("Ada" in text, "bit.ly" in text) == (True, False)


def raw_text(mail):
    """Everything in a mail as a reader sees it: its headers and both bodies."""
    message = letter_of(mail)
    bodies = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return "\n".join([*map(str, message.values()), *bodies])
