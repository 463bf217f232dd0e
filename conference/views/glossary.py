"""Pages for people who are new here: the first steps, and the words."""

from django.template.response import TemplateResponse

from conference.site.edition import with_conference
from conference.site.public import public_page
from conference.texts.glossary import terms


@public_page
@with_conference
def new_here(request):
    """Show the first steps, one at a time."""
    return TemplateResponse(request, "conference/new_here.html")


@public_page
@with_conference
def glossary(request):
    """Show the words we use, in plain language."""
    return TemplateResponse(request, "conference/glossary.html", {"terms": terms()})
