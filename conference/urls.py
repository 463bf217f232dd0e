"""Addresses of the public pages: of the current edition at `/`, of every edition under its year."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from conference.views import (
    discovery,
    downloads,
    easy_read,
    feeds,
    glossary,
    home,
    my_plan,
    offline,
    pages,
    program,
    reading_settings,
    schedules,
    sharing,
    speakers,
    time_zones,
)


class YearConverter(StringConverter):
    """The year of an edition: 2027."""

    regex = r"2\d{3}"


class NumberConverter(IntConverter):
    """A day's number, written in one way only: not 0, not 007, none that a database cannot hold."""

    regex = "[1-9][0-9]{0,2}"


register_converter(YearConverter, "year")
register_converter(NumberConverter, "number")

pages_of_an_edition = [
    path("", home.home, name="home"),
    path("program/", program.program, name="program"),
    path("program/changes.atom", feeds.changes, name="changes"),
    path("program/my-plan/", my_plan.my_plan, name="my-plan"),
    path("program/my-plan.ics", my_plan.my_plan_ics, name="my-plan-ics"),
    path("program/day-<number:number>/", program.day, name="day"),
    path("program/sessions/<slug:slug>/", program.session, name="session"),
    path("speakers/", speakers.speakers, name="speakers"),
    path("speakers/<slug:slug>/", speakers.speaker, name="speaker"),
    path("how-to-join/", pages.how_to_join, name="how-to-join"),
    path("easy-read/", easy_read.home, name="easy-read"),
    path("easy-read/program/", easy_read.program, name="easy-read-program"),
    path("easy-read/how-to-join/", easy_read.how_to_join, name="easy-read-how-to-join"),
    path("new-here/", glossary.new_here, name="new-here"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("partners/", sharing.partners, name="partners"),
    path("share/<slug:name>.png", sharing.share_image, name="share"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("accessibility/criteria/", pages.accessibility_criteria, name="accessibility-criteria"),
    path("privacy/", pages.privacy, name="privacy"),
    path("patients-included/", pages.patients_included, name="patients-included"),
    path("contact/", pages.contact, name="contact"),
    path("reading/", reading_settings.reading_settings, name="reading"),
    path("time-zone/places.json", time_zones.places, name="places"),
    path("time-zone/", time_zones.time_zone, name="time-zone"),
    path("offline/", offline.offline, name="offline"),
    path("program.json", schedules.program_json, name="program-json"),
    path("program.xml", schedules.program_xml, name="program-xml"),
    path("program.ics", downloads.program_ics, name="program-ics"),
    path("program/day-<number:number>.ics", downloads.day_ics, name="day-ics"),
    path("program/sessions/<slug:slug>.ics", downloads.session_ics, name="session-ics"),
]

urlpatterns = [
    path("manifest.webmanifest", discovery.manifest, name="manifest"),
    path("", include((pages_of_an_edition, "conference"))),
    path("<year:year>/", include((pages_of_an_edition, "edition"))),
]
