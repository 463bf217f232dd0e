"""All URLs of the site; those printed in newsletters never change."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from pxp import health
from registration.mail.provider_events import tracking_view

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # A person's own pages have no language in their URL: they use the person's language.
    path("", include("registration.urls")),
    path("", include("conference.urls_of_programs")),
    *i18n_patterns(
        path("organisers/", include("pxp.accounts.urls")),
        path("organisers/", admin.site.urls),
        path("", include("registration.public_urls")),
        path("", include("conference.urls")),
        prefix_default_language=False,
    ),
]

if settings.MAIL_PROVIDER:
    urlpatterns = [path("mail-events/", tracking_view(settings.MAIL_PROVIDER), name="mail-events"), *urlpatterns]

if settings.WATCH_TOKEN:
    from pxp.operations.metrics import metrics

    urlpatterns = [path("metrics", metrics, name="metrics"), *urlpatterns]

handler400 = "pxp.error_pages.bad_request"
handler403 = "pxp.error_pages.permission_denied"
handler404 = "conference.views.errors.not_found"
handler500 = "pxp.server_errors.server_error"

if settings.DEBUG:
    urlpatterns = [path("_styleguide/", include("pxp.dev.styleguide.urls")), *urlpatterns]

if settings.DEBUG and settings.MAILBOX_DIR:
    urlpatterns = [path("_mailbox/", include("pxp.dev.mailbox")), *urlpatterns]
