"""Only organisers upload files: files from others are dropped while they are read, and never reach a disk."""

from django.core.files.uploadhandler import load_handler

from conference.site.languages import ORGANISERS, without_language

HANDLERS = (
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
)


def accept_uploads(get_response):
    """Make the middleware; it comes after authentication, and before any middleware that reads a form."""

    def answer(request):
        is_theirs = without_language(request.path_info).startswith(ORGANISERS)
        is_upload = is_theirs and request.content_type == "multipart/form-data"
        if is_upload and request.user.is_active and request.user.is_staff:
            request.upload_handlers = [load_handler(name, request) for name in HANDLERS]
        return get_response(request)

    return answer
