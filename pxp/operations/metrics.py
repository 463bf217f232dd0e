"""Metrics for Prometheus at /metrics, for clients that send WATCH_TOKEN. Not loaded without that setting."""

import time

from django.db.models import Max
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)
from prometheus_client.core import GaugeMetricFamily

from pxp.operations import machine, notices
from pxp.operations.tokens import may_watch
from registration.models import AttemptCount, OutboxMessage, Registration

MADE = "pxp.made"  # WSGI environment key: Django made this answer, it was not cached

SECONDS = Histogram(
    "pxp_request_seconds",
    "How long answers took to begin.",
    ["method", "status", "ready"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
REFUSED = Counter("pxp_refused_total", "Requests that a limit refused (413, 429).", ["status"])
METHODS = {"GET", "HEAD", "POST"}


class Timed:
    """A WSGI middleware around the whole site that counts and times answers."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Answer, and record the time until the first byte."""
        began = time.perf_counter()

        def start(status, headers, *error):
            method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
            ready = "no" if environ.get(MADE) else "yes"
            SECONDS.labels(method, status[:3], ready).observe(time.perf_counter() - began)
            if status[:3] in ("413", "429"):
                REFUSED.labels(status[:3]).inc()
            return start_response(status, headers, *error)

        return self.application(environ, start)


def mark_made(application):
    """Return the application, which notes in the environment that it was asked."""

    def marked(environ, start_response):
        environ[MADE] = True
        return application(environ, start_response)

    return marked


class FromDatabase:
    """Figures that all processes share: read from the database each time."""

    def collect(self):
        now = timezone.now()
        people = GaugeMetricFamily("pxp_registrations", "Registrations by day and status.", labels=["day", "status"])
        for day, counts in Registration.objects.counted_by_day().items():
            for status, number in counts.items():
                people.add_metric([str(day), str(status)], number)
        yield people
        mails = GaugeMetricFamily("pxp_mails", "Mails by state.", labels=["state"])
        for state, number in OutboxMessage.objects.counted_by_state().items():
            mails.add_metric([str(state)], number)
        yield mails
        faults = GaugeMetricFamily("pxp_mails_with_fault", "Mails that wait because of a fault.", labels=["fault"])
        for fault, number in OutboxMessage.objects.counted_by_fault().items():
            faults.add_metric([str(fault)], number)
        yield faults
        due_at = OutboxMessage.objects.due(now).values_list("due_at", flat=True).first()
        age = (now - due_at).total_seconds() if due_at else 0
        yield GaugeMetricFamily("pxp_oldest_due_mail_seconds", "For how long the oldest mail has been due.", value=age)
        limits = GaugeMetricFamily("pxp_most_tries", "The most tries of one key within a day.", labels=["limit"])
        for name, number in AttemptCount.objects.values_list("limit").annotate(Max("count")).order_by("limit"):
            limits.add_metric([name], number)
        yield limits
        if (free := machine.percent_free()) is not None:
            yield GaugeMetricFamily("pxp_disk_free_percent", "How much of the fullest disk here is free.", value=free)
        wrong = GaugeMetricFamily("pxp_notice", "What is wrong now, as organisers see it.", labels=["key"])
        for notice in notices.list_notices(now=now):
            wrong.add_metric([notice.key], 1)
        yield wrong


@require_safe
@never_cache
def metrics(request):
    """Answer with all figures; 404 without the token."""
    if not may_watch(request):
        raise Http404
    registry = CollectorRegistry()
    if values.ValueClass.__name__ == "MmapedValue":  # several web processes, each with a file (pxp/gunicorn.py)
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(SECONDS)
        registry.register(REFUSED)
    registry.register(FromDatabase())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
