"""Addresses of people's own pages. Mails link to them, so they never change, and they name no language."""

from django.urls import path

from registration.views import (
    calendar,
    confirm,
    join,
    my,
    my_address,
    my_answers,
    my_calendar,
    my_details,
    private,
    unsubscribe,
)

app_name = "registration"

urlpatterns = [
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("my/<str:token>/", my.my, name="my"),
    path("my/<str:token>/details/", my_details.details, name="my-details"),
    path("my/<str:token>/address/", my_address.change, name="my-address"),
    path("my/<str:token>/new-link/", my_address.renew, name="my-new-link"),
    path("address/<str:token>/", my_address.confirm, name="address"),
    path("my/<str:token>/calendar/", my_calendar.my_calendar, name="my-calendar"),
    path("my/<str:token>/answers/", my_answers.answers, name="my-answers"),
    path("my/<str:token>/needs/", my_details.needs, name="my-needs"),
    path("my/<str:token>/data/", private.ask_for("data"), name="my-data"),
    path("my/<str:token>/delete/", private.ask_for("delete"), name="my-delete"),
    path("my/<str:token>/needs/told/", private.ask_for("needs"), name="my-needs-told"),
    path("private/<str:token>/", private.private, name="private"),
    path("private/<str:token>/data/", private.data, name="private-data"),
    path("private/<str:token>/delete/", private.delete, name="private-delete"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<str:token>/news/", unsubscribe.unsubscribe_news, name="unsubscribe-news"),
    path("join/<str:token>/", join.join, name="join"),
    path("calendar/<str:token>.ics", calendar.calendar, name="calendar"),
    path("calendar/<str:token>/day-<int:number>.ics", calendar.day, name="calendar-day"),
]
