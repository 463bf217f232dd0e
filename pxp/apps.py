"""Puts the organisers' own site in place of Django's stock admin."""

from django.contrib.admin.apps import AdminConfig


class OrganisersAdminConfig(AdminConfig):
    """`django.contrib.admin` with `registration.organisers_site.OrganisersSite` as its one site."""

    default_site = "registration.organisers_site.OrganisersSite"
