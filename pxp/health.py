"""Two answers for machines that watch the site: is the process up, and can it serve people."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request):
    """Answer 200 as long as the process answers at all; no database is asked, so a slow one restarts nothing."""
    return HttpResponse("The site is up.\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """Answer 200 when the database answers and has all migrations, otherwise 503 with the reason in words."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return not_ready("The database does not answer.\n")
    if waiting:
        return not_ready("The database is behind: run manage.py migrate.\n")
    return HttpResponse("The site is ready.\n", content_type="text/plain")


def not_ready(reason):
    """Return the 503 answer with its reason."""
    return HttpResponse(reason, content_type="text/plain", status=503)
