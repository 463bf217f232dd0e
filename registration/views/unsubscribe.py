"""Ending reminders and other messages: mail programs do it with one press (RFC 8058), people with a button."""

from django.template.response import TemplateResponse

from registration.services import broadcasts, reminders

from .decorators import of_person, open_to_all_origins, personal


# A mail program's own page may send this; the unguessable address is the proof (RFC 8058 §3.1).
@open_to_all_origins
@personal(of_person("unsubscribe"))
def unsubscribe(request, registrant):
    """Show a button; on POST switch reminders off, or on again. Repeating it does nothing more."""
    if request.method == "POST":
        wanted = "again" in request.POST
        reminders.set_reminders(registrant, wanted=wanted, now=request.edition.now)
        registrant.reminders = wanted
    context = {"wants": registrant.reminders, "is_done": request.method == "POST"}
    return TemplateResponse(request, "registration/unsubscribe.html", context)


@open_to_all_origins
@personal(of_person("unsubscribe"))
def unsubscribe_news(request, registrant):
    """The same for messages from the organisers that are not about the person's own place."""
    if request.method == "POST":
        wanted = "again" in request.POST
        broadcasts.set_news(registrant, wanted=wanted)
        registrant.news_mails = wanted
    context = {"wants": registrant.news_mails, "is_done": request.method == "POST"}
    return TemplateResponse(request, "registration/unsubscribe_news.html", context)
