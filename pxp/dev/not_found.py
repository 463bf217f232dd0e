"""The demo answers a wrong address with our page, as a real site does, and not with the debug page of Django."""

from conference.views.errors import not_found


def show_own_not_found(get_response):
    """Make the middleware. Our own pages are rendered from a template; Django's debug page is not."""

    def answer(request):
        response = get_response(request)
        if response.status_code == 404 and not hasattr(response, "template_name"):
            return not_found(request, None)
        return response

    return answer
