"""Headers of every answer that no package sets."""

HEADERS = {
    # Only our own pages may embed these; share images, which others may embed, set their own header.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def add_headers(get_response):
    """Make the middleware."""

    def answer(request):
        response = get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response

    return answer
