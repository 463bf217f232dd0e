"""Files of people: what organisers take out of the site, and bring in. The services do it; these pages choose."""

from django.contrib import admin
from django.urls import path

from . import downloads, pages, people_import


def urls():
    """Return the addresses of these pages, for the site of organisers."""
    closed = admin.site.admin_view
    return [
        path("files/", closed(pages.files), name="files"),
        path("files/people/", closed(downloads.people), name="files-people"),
        path("files/zoom/<int:pk>/", closed(downloads.zoom), name="files-zoom"),
        path("files/needs/", closed(downloads.needs), name="files-needs"),
        path("files/numbers/", closed(pages.numbers), name="files-numbers"),
        path("files/numbers/download/", closed(downloads.numbers), name="files-numbers-download"),
        path("files/people-in/", closed(people_import.start), name="peoplefile-start"),
        path("files/people-in/<int:pk>/", closed(people_import.preview), name="peoplefile-look"),
        path("files/people-in/<int:pk>/bring-in/", closed(people_import.import_people), name="peoplefile-bring"),
        path("files/people-in/<int:pk>/undo/", closed(people_import.undo), name="peoplefile-undo"),
    ]
