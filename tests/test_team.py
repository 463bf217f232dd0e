"""The team: who is invited, comes, changes roles and leaves; each deed is on record, and nobody raises themselves."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pxp.first_page import first_page
from registration.groups import ACCESS_TEAM, LEADS, OBSERVERS, ORGANISERS, PROGRAM, ROLES, TRANSLATORS
from registration.models import AccountLetter
from registration.models.history import note
from registration.services import team
from registration.services.accounts import _TEXTS, AccountMailKind, send_letters
from registration.services.invitations import VALID_FOR
from tests.factories import NOW, make_confirmed, make_program, make_staff
from tests.support.at_once import at_once
from tests.support.forms import forms_of

pytestmark = pytest.mark.django_db

WORDS = "four words of nobody"


@pytest.fixture
def lead(client):
    vera = make_staff(LEADS, username="vera", email="vera@example.org")
    client.force_login(vera)
    return vera


def invite(client, name="farah", email="farah@example.org", roles=(PROGRAM, ACCESS_TEAM)):
    return client.post(reverse("admin:team-invite"), {"name": name, "email": email, "roles": roles})


def history():
    return list(LogEntry.objects.order_by("pk").values_list("user__username", "object_repr", "change_message"))


def link_in_mail(smtp_server, address):
    assert send_letters(now=timezone.now()) == 1
    return re.search(
        r"http://testserver(/organisers/invitation/\S+)", smtp_server.to(address)[-1].message.get_content()
    )[1]


def accept(client, link, password=WORDS):
    form = client.get(link)
    if form.status_code != 302:
        return form
    return client.post(form["Location"], {"new_password1": password, "new_password2": password})


def test_each_kind_of_mail_to_an_account_has_its_text():
    assert set(_TEXTS) == set(AccountMailKind)


def test_a_name_with_a_space_is_told_how_to_write_it(client, lead):
    page = invite(client, name="Farah Noor")

    assert "Write it in letters and digits, without spaces." in page.text
    assert "valid username" not in page.text


def test_the_invited_sets_a_password_by_mail_and_logs_in(client, lead, smtp_server):
    response = invite(client)

    assert response["Location"] == reverse("admin:team")
    farah = User.objects.get(username="farah")
    assert (farah.is_staff, farah.is_superuser, farah.has_usable_password()) == (True, False, False)
    assert {group.name for group in farah.groups.all()} == {PROGRAM, ACCESS_TEAM}
    assert history() == [("vera", "farah", "Invited as: Program, Access")]
    link = link_in_mail(smtp_server, "farah@example.org")
    text = smtp_server.to("farah@example.org")[0].message.get_content()
    assert "Then log in with the name farah." in text
    assert "- Access: Reads what people need to take part, and answers them." in text

    browser = Client()
    assert accept(browser, link)["Location"] == reverse("password_reset_complete")
    assert browser.post("/organisers/login/", {"username": "farah", "password": WORDS}).status_code == 302
    assert browser.get(reverse("admin:index")).status_code == 200
    assert history()[1:] == [("farah", "farah", "Accepted the invitation")]
    assert "This invitation has been used, or has expired." in accept(Client(), link).text


def test_pages_about_passwords_have_the_name_of_the_site(client, lead, smtp_server):
    invite(client)
    nobody = Client()
    accept(nobody, link_in_mail(smtp_server, "farah@example.org"))

    titles = [
        re.sub(r"\s+", " ", re.search("<title>(.*?)</title>", nobody.get(address).text, re.DOTALL)[1]).strip()
        for address in (
            reverse("admin_password_reset"),
            reverse("password_reset_done"),
            reverse("password_reset_complete"),
            reverse("password_reset_confirm", args=["x", "y"]),
        )
    ]

    assert titles == [
        "Password reset | PxP organisers",
        "Password reset sent | PxP organisers",
        "Your password is set | PxP organisers",
        "Password reset unsuccessful | PxP organisers",
    ]


def test_an_invitation_lasts_14_days_and_a_guess_opens_nothing(client, lead, smtp_server):
    invite(client)
    link = link_in_mail(smtp_server, "farah@example.org")

    with time_machine.travel(timezone.now() + VALID_FOR + timedelta(minutes=1)):
        too_late = accept(Client(), link)
    guessed = accept(Client(), re.sub(r"[^/:]+:[^/]+/$", "a-guess/", link))

    for page in (too_late, guessed):
        assert page.status_code == 200
        assert "This invitation has been used, or has expired." in page.text


def test_who_has_not_come_is_first_and_gets_the_invitation_again(client, lead, smtp_server):
    make_staff(username="bob")
    invite(client)
    first = link_in_mail(smtp_server, "farah@example.org")
    farah = User.objects.get(username="farah")
    address = reverse("admin:team-again", args=[farah.pk])

    page = client.get(reverse("admin:team"))
    asked = client.get(address)
    assert not AccountLetter.objects.exists()
    client.post(address)
    again = link_in_mail(smtp_server, "farah@example.org")
    accept(Client(), again)
    late = client.post(address, follow=True)

    assert [(member.name, member.waits) for member in page.context["members"]] == [
        ("farah", True),
        ("bob", False),
        ("vera", False),
    ]
    assert "Has not accepted yet." in page.text
    assert "The mail goes to farah@example.org." in asked.text
    assert "No mail was sent: farah has set a password." in late.text
    assert not AccountLetter.objects.exists()
    assert [words for _who, _whom, words in history()][1:] == ["Invited again", "Accepted the invitation"]
    assert "has expired" in accept(Client(), first).text


def test_the_first_page_tells_leads_after_three_days_who_has_not_answered(rf, lead):
    team.invite("farah", "farah@example.org", [PROGRAM], by=lead, now=NOW)
    request = rf.get("/organisers/")

    def told(user, now):
        request.user = user
        return [one.title for one in first_page(request, now=now)["notices"] if "invitation" in one.title]

    soon, later = NOW + timedelta(days=2), NOW + timedelta(days=3)
    assert told(lead, soon) == []
    assert told(lead, later) == ["farah has not answered the invitation"]
    assert told(make_staff(username="bob"), later) == []


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": "VERA"}, "name", "Another organiser has or had this name. Choose another."),
        ({"email": "Vera@example.org"}, "email", "Another organiser has this address."),
        ({"name": ""}, "name", "Write a name."),
        ({"name": "Farah Khan"}, "name", None),
        ({"email": ""}, "email", "Write an email address, like name@example.org."),
        ({"roles": []}, "roles", "Choose at least one role."),
        ({"roles": ["Superusers"]}, "roles", "Select a valid choice. Superusers is not one of the available choices."),
    ],
)
def test_what_does_not_fit_is_shown_again_with_what_to_do(typed, field, words, client, lead):
    page = invite(client, **typed)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    if words:
        assert page.context["form"].errors[field] == [words]
    assert not AccountLetter.objects.exists()
    assert list(User.objects.all()) == [lead]


def test_a_lead_changes_roles_and_only_ours(client, lead):
    bob = make_staff(ORGANISERS, username="bob")
    other = bob.groups.create(name="Something of the site's own")
    address = reverse("admin:team-roles", args=[bob.pk])

    shown = client.get(address)
    client.post(address, {"roles": [OBSERVERS]})
    client.post(address, {"roles": [OBSERVERS]})

    assert {name: sorted(groups) for name, groups in shown.context["form"].initial.items()} == {
        "roles": [ORGANISERS, other.name]
    }
    assert {group.name for group in bob.groups.all()} == {OBSERVERS, other.name}
    assert history() == [("vera", "bob", "Roles: from Organiser to Observer")]


def test_a_removed_organiser_is_out_at_once_and_stays_in_the_history(client, lead):
    bob = make_staff(ORGANISERS, username="bob", password=WORDS, email="bob@example.org")
    browser = Client()
    browser.post("/organisers/login/", {"username": "bob", "password": WORDS})
    assert browser.get(reverse("admin:index")).status_code == 200
    address = reverse("admin:team-remove", args=[bob.pk])

    asked = client.get(address)
    assert User.objects.get(username="bob").is_active
    client.post(address)

    assert "bob is logged out everywhere at once" in asked.text
    assert browser.get(reverse("admin:index"))["Location"].startswith("/organisers/login/")
    assert not browser.login(username="bob", password=WORDS)
    bob.refresh_from_db()
    assert (bob.is_active, bob.is_staff, bob.has_usable_password(), bob.groups.count()) == (False, False, False, 0)
    assert history() == [("vera", "bob", "Removed from the team")]
    assert "bob" not in [member.name for member in client.get(reverse("admin:team")).context["members"]]


def test_who_never_came_leaves_no_account_behind(client, lead, smtp_server):
    invite(client)
    link = link_in_mail(smtp_server, "farah@example.org")

    client.post(reverse("admin:team-remove", args=[User.objects.get(username="farah").pk]))

    assert not User.objects.filter(username="farah").exists()
    assert "<title>\nThis invitation does not work" in (page := accept(Client(), link).text)
    assert "has expired" in page
    assert invite(client).status_code == 302  # the name is free again


def test_nobody_raises_themselves_and_no_lead_touches_a_superuser(client, lead):
    boss = User.objects.create_superuser("boss", "boss@example.org")
    bob = make_staff(ORGANISERS, username="bob")

    for page in ("team-roles", "team-remove", "team-again"):
        for account in (lead, boss):
            assert client.post(reverse(f"admin:{page}", args=[account.pk]), {"roles": list(ROLES)}).status_code == 403
    with pytest.raises(team.NotAllowed):
        team.set_roles(lead, [LEADS, ACCESS_TEAM], by=lead)
    with pytest.raises(team.NotAllowed):
        team.remove(lead, by=bob)
    with pytest.raises(team.NotAllowed):
        team.invite("eve", "eve@example.org", [LEADS], by=bob, now=NOW)
    assert history() == []


def test_two_leads_who_choose_roles_for_one_person_see_each_others_choice(client, lead):
    farah = make_staff(PROGRAM, username="farah")
    page = reverse("admin:team-roles", args=[farah.pk])
    form = forms_of(client.get(page).text)[-1]
    client.post(page, form.fields | {"roles": [TRANSLATORS]})

    late = client.post(page, form.fields | {"roles": [OBSERVERS]})

    assert late.status_code == 422
    assert "Someone else changed the roles in the meantime: Translator. Save again to use yours." in late.text
    assert [group.name for group in farah.groups.all()] == [TRANSLATORS]
    again = forms_of(late.text)[-1].fields
    assert [client.post(page, again).status_code for _press in range(2)] == [302, 302]
    assert [group.name for group in farah.groups.all()] == [OBSERVERS]


def test_pressed_twice_the_team_page_says_that_it_is_done(client, lead):
    invited = [invite(client) for _press in range(2)]
    farah = User.objects.get(username="farah")
    removed = [client.post(reverse("admin:team-remove", args=[farah.pk]), follow=True) for _press in range(2)]

    assert [response.status_code for response in invited] == [302, 302]
    assert AccountLetter.objects.count() == 0
    assert [str(one) for one in removed[0].context["messages"]][1:] == [
        "farah is invited already.",
        "farah is removed from the team.",
    ]
    assert [str(one) for one in removed[1].context["messages"]] == ["This account is not on the team any more."]
    assert client.get(reverse("admin:team-remove", args=[farah.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["team", "account"])
def test_of_two_who_end_each_other_at_the_same_moment_one_stays(way):
    pair = [User.objects.create_superuser(name, f"{name}@example.org") for name in ("ada", "grace")]
    clients = [Client(raise_request_exception=False) for _one in pair]
    for client, user in zip(clients, pair, strict=True):
        client.force_login(user)

    def end(client, other):
        if way == "team":
            return client.post(reverse("admin:team-remove", args=[other.pk])).status_code
        return save_account(client, other, is_superuser=None).status_code

    answers = at_once(partial(end, clients[0], pair[1]), partial(end, clients[1], pair[0]))

    assert User.objects.filter(is_active=True, is_superuser=True).count() == 1
    assert answers.count(302) == 1
    assert 500 not in answers


def save_account(client, account, **changes):
    """Save the page of an account as it is, with some changes; None unticks a box."""
    page = reverse("admin:auth_user_change", args=[account.pk])
    form = client.get(page).context["adminform"].form
    typed = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if form.initial[name]}
    typed |= {"username": account.username, "email": account.email}
    joined = account.date_joined
    typed |= {"date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}"}
    return client.post(page, {name: value for name, value in (typed | changes).items() if value is not None})


@pytest.mark.parametrize("box", ["is_active", "is_staff", "is_superuser"])
def test_the_only_superuser_cannot_end_themselves(box, client):
    boss = User.objects.create_superuser("boss", "boss@example.org")
    client.force_login(boss)

    refused = save_account(client, boss, **{box: None})

    boss.refresh_from_db()
    assert getattr(boss, box)
    assert "This is the only superuser who can log in." in refused.text
    assert client.post(reverse("admin:auth_user_delete", args=[boss.pk]), {"post": "yes"}).status_code == 403
    User.objects.create_superuser("other", "other@example.org")
    assert save_account(client, boss, **{box: None}).status_code == 302
    boss.refresh_from_db()
    assert not getattr(boss, box)


def test_an_account_that_did_something_has_no_button_to_delete_it(client):
    boss, bob = User.objects.create_superuser("boss", "boss@example.org"), make_staff(ORGANISERS, username="bob")
    client.force_login(boss)
    page, delete = (reverse(f"admin:auth_user_{name}", args=[bob.pk]) for name in ("change", "delete"))
    before = client.get(page).text

    note(bob, boss, "Looked")

    assert delete in before
    assert delete not in client.get(page).text
    assert client.get(delete).status_code == 403


def test_a_superuser_alone_joins_the_access_team_on_the_teams_page(client):
    boss = User.objects.create_superuser("boss", "boss@example.org")
    client.force_login(boss)
    page = reverse("admin:team-roles", args=[boss.pk])
    before = client.get(reverse("admin:team"))

    client.post(page, {"roles": [ACCESS_TEAM]})

    assert before.context["members"][0].roles == "Superuser"
    assert page in before.text
    assert reverse("admin:team-remove", args=[boss.pk]) not in before.text
    assert client.get(reverse("admin:team")).context["members"][0].roles == "Superuser; Access"
    assert client.get(reverse("admin:registration_accessrequest_changelist")).status_code == 200
    client.post(page, {"roles": []})
    assert not boss.groups.exists()
    assert client.post(reverse("admin:team-remove", args=[boss.pk])).status_code == 403


def test_an_observer_sees_numbers_and_no_person_and_a_translator_the_translations(client):
    [day] = make_program(days=1).days.all()
    make_confirmed(day, name="Ada")
    client.force_login(make_staff(OBSERVERS, username="olu"))

    page = client.get(reverse("admin:index"))

    assert page.context["bars"][0].taken == 1
    assert page.context["areas"] == []
    assert "Ada" not in page.text
    client.force_login(make_staff(TRANSLATORS, username="tomo"))
    assert [str(area.words) for area, _state in client.get(reverse("admin:index")).context["areas"]] == ["Pages"]
    assert client.get(reverse("admin:conference_translations")).status_code == 200


def test_the_team_page_asks_the_same_number_of_queries_for_one_and_for_three(
    client, lead, django_assert_max_num_queries
):
    client.get(reverse("admin:team"))
    with django_assert_max_num_queries(14):
        client.get(reverse("admin:team"))
    for name in ("bob", "eve"):
        invite(client, name=name, email=f"{name}@example.org")

    with django_assert_max_num_queries(14):
        client.get(reverse("admin:team"))
