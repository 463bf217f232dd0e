"""Addresses of the program as files. Their views are imported at the first request.

They import the schema of program files: 8 MiB and a seventh of the start-up time of each process, for pages that
organisers open a few times a year.
"""

from importlib import import_module

from django.contrib import admin
from django.urls import path

MAY_DOWNLOAD = "conference.view_session"
MAY_IMPORT = "conference.change_day"


def urls():
    """Return the addresses of these pages, for the site of organisers."""
    closed = admin.site.admin_view
    return [
        path("program-files/", closed(load_later("program_files")), name="program-files"),
        path("program-files/<int:pk>/download/", closed(load_later("download")), name="program-files-download"),
        path("program-files/<int:pk>/look/", closed(load_later("preview_file")), name="program-files-look"),
        path("program-files/<int:pk>/bring-in/", closed(load_later("import_file")), name="program-files-bring-in"),
        path("program-files/<int:pk>/undo/", closed(load_later("undo")), name="program-files-undo"),
    ]


def load_later(name):
    """Return a view of `conference.admin.files` that loads it at the first request."""

    def view(request, **kwargs):
        return getattr(import_module("conference.admin.files"), name)(request, **kwargs)

    return view
