"""Reports our own faults to Sentry (SENTRY_DSN), built only from our code, so they cannot contain people's data."""

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

from pxp.logs import OF_STRANGERS

# Keep only the location of a frame: no variables, and no source lines, since the code is public.
FRAME = ("filename", "module", "function", "lineno", "in_app")
KEPT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk", "server_name")


def start(dsn, **options):
    """Begin to report. `options` are those of `sentry_sdk.init`."""
    sentry_sdk.init(
        dsn,
        integrations=[DjangoIntegration(transaction_style="function_name", middleware_spans=False)],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
        before_send=lambda event, hint: None if is_of_stranger(event) else keep_code_alone(event),
        **options,
    )


def is_of_stranger(event):
    """Return whether an event is about a request that was refused: robots ask each machine for other hosts all day."""
    return event.get("logger", "").startswith(OF_STRANGERS)


def keep_code_alone(event):
    """Return a new event with what comes from the code: exception types, locations, log messages without their values.

    Messages of exceptions are left out, since a database quotes the row in them.
    """
    kept = {name: event[name] for name in KEPT if name in event}
    if event.get("transaction_info", {}).get("source") == "component":  # the view's name; otherwise it may be a URL
        kept["transaction"] = event["transaction"]
    if method := event.get("request", {}).get("method"):
        kept["request"] = {"method": method}
    if template := event.get("logentry", {}).get("message"):
        kept["logentry"] = {"message": template}
    kept["exception"] = {
        "values": [
            {
                "type": fault.get("type"),
                "module": fault.get("module"),
                "mechanism": {"type": "generic", "handled": bool((fault.get("mechanism") or {}).get("handled"))},
                "stacktrace": {
                    "frames": [
                        {name: frame[name] for name in FRAME if name in frame}
                        for frame in (fault.get("stacktrace") or {}).get("frames", [])
                    ]
                },
            }
            for fault in event.get("exception", {}).get("values", [])
        ]
    }
    return kept
