"""Puts the organisers' own site in place of Django's stock admin."""

from django.contrib.admin.apps import AdminConfig


class OrganisersAdminConfig(AdminConfig):
    """`django.contrib.admin` with `registration.admin.site.OrganisersSite` as its one site."""

    default_site = "registration.admin.site.OrganisersSite"
