"""The organisers' site: Django's admin under its own name, with a first page of its own.

It is outside `registration.admin`, because that package registers its pages with the site on import.
"""

from functools import wraps

from django.contrib import admin
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache


class OrganisersSite(admin.AdminSite):
    """The site at /organisers/."""

    site_header = _("PxP organisers")
    site_title = _("PxP organisers")
    index_title = _("Today")
    empty_value_display = "-"
    enable_nav_sidebar = False  # breadcrumbs are at the top of each page, and lists need the room

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Delete one row at a time, on its own page, which says what blocks it.
        self.disable_action("delete_selected")

    def get_urls(self):
        """Return the addresses of the site, the handbook's among them."""
        from conference.admin import file_addresses as program_files
        from conference.admin import handbook_pages  # imported here: it registers its pages with this site
        from pxp.accounts import team
        from pxp.accounts.access_team import remind  # as below
        from registration.admin import files

        own = [path("access-team/", self.admin_view(remind), name="remind-access-team")]
        here = [*own, *handbook_pages.urls(), *files.urls(), *program_files.urls(), *team.urls()]
        return [*here, *super().get_urls()]

    def register(self, model_or_iterable, admin_class=None, **options):
        """Put a model's pages on the site. Those of django-allauth stay off: nobody edits second factors by hand."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label not in ("account", "mfa")]
        super().register(ours, admin_class, **options)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Show the login form, or log in; with words that were typed before the session ended, keep them."""
        from pxp.accounts.login import OrganiserLogin  # as above

        url = OrganiserLogin().get_redirect_url(request) or reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return redirect(url)
        context = {**self.each_context(request), "title": _("Log in"), "subtitle": None, "next": url}
        context |= {"username": request.user.get_username(), "app_path": request.get_full_path()}
        request.current_app = self.name
        return OrganiserLogin.as_view(extra_context=context | (extra_context or {}))(request)

    def admin_view(self, view, cacheable=False):
        """Return the view, closed to others. If a session ended while its organiser typed, their words are kept."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def wrapper(request, *args, **kwargs):
            from pxp.accounts import kept_words, second_factor  # as above

            if request.path == reverse("admin:logout", current_app=self.name):
                return inner(request, *args, **kwargs)
            if not self.has_permission(request) and request.method == "POST":
                return self.ask_to_log_in_again(request)
            if self.has_permission(request) and second_factor.is_missing(request):
                return second_factor.ask_for_it(request)
            kept_words.forget_once_sent(request)
            return inner(request, *args, **kwargs)

        return wrapper

    def ask_to_log_in_again(self, request):
        """Show the login form with the submitted data, which comes back after the login."""
        from pxp.accounts import kept_words  # as above

        words = kept_words.pack(request)
        request.method, request.POST = "GET", QueryDict()
        return self.login(request, {"kept": words, "app_path": reverse("admin:login")})

    def index(self, request, extra_context=None):
        """Show what needs this organiser today, the way to the conference, and its numbers."""
        from pxp.first_page import first_page  # imported here: the site is created before the models are loaded

        page = first_page(request, now=timezone.now())  # first: it also loads this organiser's groups
        context = self.each_context(request) | page | (extra_context or {})
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)
