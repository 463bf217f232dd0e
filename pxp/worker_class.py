"""gunicorn's worker with threads, with our own page when gunicorn refuses a request before the site sees it."""

from wsgiref.util import setup_testing_defaults

from gunicorn.workers.gthread import ThreadWorker

from pxp.gate import REFUSED


class OwnWordsWorker(ThreadWorker):
    """Answers a request that is not HTTP, or whose headers or URL are too long (400, 414, 431), in our own words."""

    def handle_error(self, req, client, addr, exc):
        """Let gunicorn choose the status, and send our page in place of its own."""
        super().handle_error(req, OwnWords(client, self.wsgi), addr, exc)


class OwnWords:
    """A socket on which gunicorn writes a bare error page, and which sends ours with the same status."""

    def __init__(self, sock, application):
        self.sock = sock
        self.application = application

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def sendall(self, data):
        """Send our page for the status in the first line of `data`; gunicorn's own if that fails."""
        version, status, _reason = data.split(None, 2)
        try:
            data = own_page(self.application, version, int(status))
        finally:
            self.sock.sendall(data)


def own_page(application, version, status):
    """Return the bytes of the whole answer, as the site answers a request that its own gate refuses."""
    environ = {REFUSED: status, "HTTP_X_FORWARDED_PROTO": "https", "SERVER_PROTOCOL": version.decode()}
    setup_testing_defaults(environ)
    started = []
    body = b"".join(application(environ, lambda *start: started.append(start)))
    [(line, headers)] = started
    lines = [f"HTTP/1.1 {line}", *(f"{name}: {value}" for name, value in headers), "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
