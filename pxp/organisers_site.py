"""The organisers' site: Django's admin under its own name, with an overview on the first page.

It stands outside `registration.admin`: that package registers its pages with the site while it is imported.
"""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pxp.proxies import is_undeclared


class OrganisersSite(admin.AdminSite):
    """What stands at /organisers/."""

    site_header = _("PxP organisers")
    site_title = _("PxP organisers")
    index_title = _("Overview")
    empty_value_display = "-"
    enable_nav_sidebar = False  # the way back is at the top of each page, and lists need the room

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # One row at a time, on its own page, where what stands in the way is said.
        self.disable_action("delete_selected")

    def index(self, request, extra_context=None):
        """Show the numbers of the coming conference, what the outbox does, and what to do next."""
        from registration.admin.overview import overview_for  # the site is made before the models are loaded

        overview = overview_for(request.user, now=timezone.now())
        context = {"overview": overview, "has_undeclared_proxy": is_undeclared(request.META)}
        return super().index(request, context | (extra_context or {}))
