"""Files of people: what organisers take out of the site. The services make them; these pages choose and hand over."""

from django.contrib import admin
from django.urls import path

from . import downloads, pages


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
    ]
