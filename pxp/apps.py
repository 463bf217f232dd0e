"""Puts the organisers' own site in place of Django's stock admin."""

from django.contrib.admin.apps import AdminConfig


class OrganisersAdminConfig(AdminConfig):
    """`django.contrib.admin` with `pxp.organisers_site.OrganisersSite` as its one site."""

    default_site = "pxp.organisers_site.OrganisersSite"

    def ready(self):
        super().ready()
        from pxp import checks, proxies  # noqa: F401 - importing registers them
