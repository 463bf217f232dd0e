"""Two answers for machines that watch the site: is the process up, and can it serve people."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pxp.operations import moved_database
from pxp.operations.tokens import may_watch


@require_safe
@never_cache
def healthz(request):
    """Answer 200 as long as the process answers at all; no database is asked, so a slow one restarts nothing."""
    return HttpResponse("The site is up.\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """Answer 200 when the database answers and has all migrations, otherwise 503. A client that may watch gets more."""
    reason = why_not_ready()
    status = 503 if reason else 200
    if may_watch(request):
        return JsonResponse(details(request, reason), status=status)
    words = "The site is not ready.\n" if reason else "The site is ready.\n"
    response = HttpResponse(words, content_type="text/plain", status=status)
    if reason:
        response["Retry-After"] = "10"  # seconds
    return response


def why_not_ready():
    """Return the reason in words, or None. Newer migrations are fine: during an update the old version still runs."""
    try:
        return find_database_fault()
    except DatabaseError:
        return "The database does not answer."


def find_database_fault():
    """Return what keeps a database that answers from serving the site, in words, or None. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return None
    return moved_database.WORDS if moved_database.is_moved() else "The database is behind: run manage.py migrate."


def details(request, reason):
    """Return what is wrong, and what of this request arrived: `manage.py doctor` asks from outside."""
    from pxp.operations.notices import list_notices  # imported here: it needs the models

    return {
        "ready": not reason,
        "reason": reason,
        "notices": {} if reason else {notice.key: notice.words for notice in list_notices(now=timezone.now())},
        "forwarded_for": [
            part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
        ],
        "is_https": request.is_secure(),
        "host": request.headers.get("Host", ""),
    }
