"""Addresses of the style guide, under /_styleguide/."""

from django.urls import path

from . import views

app_name = "styleguide"
urlpatterns = [
    path("", views.index, name="index"),
    path("mistakes/", views.mistakes, name="mistakes"),
    path("again/", views.again, name="again"),
    path("first/<int:number>/", views.first, name="first"),
    path("mails/", views.mails, name="mails"),
    path("mails/<int:number>/", views.mail, name="mail"),
]
