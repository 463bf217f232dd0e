"""check_mail against a real name server and a real mail server on this machine."""

import socketserver
import threading
from io import StringIO

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.core.management import CommandError, call_command

from registration.mail.dns_check import NoNetwork, check_domain

pytestmark = pytest.mark.sqlite_only

GOOD = {
    "example.org": "v=spf1 include:_spf.example.net ~all",
    "s1._domainkey.example.org": "v=DKIM1; k=rsa; p=MIIBIjANBg",
    "_dmarc.example.org": "v=DMARC1; p=none",
}


class NameServer(socketserver.ThreadingUDPServer):
    """Answers TXT questions from a dictionary."""

    def __init__(self, texts):
        super().__init__(("127.0.0.1", 0), Answer)
        self.texts = texts

    @property
    def resolver(self):
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], self.server_address[1], 2
        return resolver


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        data, socket = self.request
        question = dns.message.from_wire(data)
        name = question.question[0].name
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        texts = self.server.texts.get(name.to_text(omit_final_dot=True), [])
        texts = [texts] if isinstance(texts, str) else texts
        if texts:
            answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", [f'"{text}"' for text in texts]))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def name_server():
    """A function that starts a name server with these texts and returns its resolver."""
    servers = []

    def start(texts):
        server = NameServer(texts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.resolver

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def in_order(texts, name_server, domain="example.org"):
    return {finding.name: finding.is_in_order for finding in check_domain(domain, resolver=name_server(texts))}


def test_domain_with_all_three_is_in_order(name_server):
    assert in_order(GOOD, name_server) == {"SPF": True, "DKIM": True, "DMARC": True}


def test_domain_with_nothing_is_told_what_to_do(name_server):
    findings = check_domain("example.org", resolver=name_server({}))

    assert not any(finding.is_in_order for finding in findings)
    assert "SPF record" in findings[0].words
    assert "--selector NAME" in findings[1].words
    assert "v=DMARC1; p=none" in findings[2].words


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"example.org": ["v=spf1 -all", "v=spf1 ~all"]}, "SPF"),
        ({"example.org": "v=spf1 +all"}, "SPF"),
        ({"s1._domainkey.example.org": "v=DKIM1; p="}, "DKIM"),
        ({"_dmarc.example.org": "v=DMARC1; p=maybe"}, "DMARC"),
    ],
)
def test_record_that_does_not_help_is_not_in_order(name_server, change, name):
    assert in_order(GOOD | change, name_server) == {"SPF": True, "DKIM": True, "DMARC": True} | {name: False}


def test_policy_of_the_organisation_covers_its_mail_domain(name_server):
    texts = GOOD | {"mail.example.org": "v=spf1 -all"}

    assert in_order(texts, name_server, "mail.example.org")["DMARC"]


def test_no_name_server_is_said_as_such():
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], 9, 0.5

    with pytest.raises(NoNetwork):
        check_domain("example.org", resolver=resolver)


@pytest.fixture
def asked_here(monkeypatch):
    """Make the system's resolver the one of a test's name server."""
    return lambda resolver: monkeypatch.setattr(dns.resolver, "default_resolver", resolver)


def test_command_sends_a_mail_and_says_that_all_is_in_order(settings, smtp_server, name_server, asked_here):
    settings.DEFAULT_FROM_EMAIL = "PxP <hello@example.org>"
    asked_here(name_server(GOOD))
    out = StringIO()

    call_command("check_mail", "ada@example.org", stdout=out)

    (mail,) = smtp_server.received
    assert mail.message["Subject"] == "A test mail from PxP"
    assert out.getvalue().count("[ok]") == 4


def test_command_says_what_is_wrong_and_fails(settings, make_smtp_server, name_server, asked_here):
    settings.DEFAULT_FROM_EMAIL = "PxP <hello@example.org>"
    make_smtp_server(answers={"RCPT": ["550 5.1.1 No such user"]})
    asked_here(name_server({}))
    out = StringIO()

    with pytest.raises(CommandError, match="Not everything is in order"):
        call_command("check_mail", "ada@example.org", stdout=out)

    assert out.getvalue().count("[  ]") == 4
    assert "could not be sent" in out.getvalue()


def test_command_without_a_network_says_so(settings, smtp_server, asked_here):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], 9, 0.5
    asked_here(resolver)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("check_mail", "ada@example.org", stdout=out)

    assert "no name server answers" in out.getvalue()


@pytest.mark.parametrize("address", ["ada", "ılgaz@example.org", f"ada@{'ü' * 60}.example"])
def test_command_refuses_what_is_no_address(address):
    with pytest.raises(CommandError, match="is not an email address"):
        call_command("check_mail", address)
