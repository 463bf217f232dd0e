"""Addresses of the public pages: of the current edition at `/`, of every edition under its year."""

from django.urls import include, path, register_converter

from conference.views import downloads, home, pages, program, speakers, time_zones


class YearConverter:
    """A year as editions bear it: 2027."""

    regex = r"2\d{3}"

    def to_python(self, value):
        """Keep the text: an edition's slug is a text."""
        return value

    def to_url(self, value):
        """Keep the text."""
        return value


register_converter(YearConverter, "year")

pages_of_an_edition = [
    path("", home.home, name="home"),
    path("program/", program.program, name="program"),
    path("program/day-<int:number>/", program.day, name="day"),
    path("program/sessions/day-<int:day_number>-session-<int:number>/", program.session, name="session"),
    path("speakers/", speakers.speakers, name="speakers"),
    path("speakers/<slug:slug>/", speakers.speaker, name="speaker"),
    path("how-to-join/", pages.how_to_join, name="how-to-join"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("patients-included/", pages.patients_included, name="patients-included"),
    path("contact/", pages.contact, name="contact"),
    path("time-zone/", time_zones.time_zone, name="time-zone"),
    path("program.ics", downloads.program_ics, name="program-ics"),
    path("program/day-<int:number>.ics", downloads.day_ics, name="day-ics"),
    path("program/sessions/day-<int:day_number>-session-<int:number>.ics", downloads.session_ics, name="session-ics"),
]

urlpatterns = [
    path("", include((pages_of_an_edition, "conference"))),
    path("<year:year>/", include((pages_of_an_edition, "edition"))),
]
