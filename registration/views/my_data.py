"""A person's own data as a file."""

from django.http import JsonResponse

from registration.pages.my_data import data_about

from .decorators import of_person, personal


@personal(of_person("my"), methods=["GET", "HEAD"])
def data(request, registrant):
    """Return everything that we hold about the person, as a JSON file to keep."""
    content = data_about(registrant, now=request.edition.now)
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="pxp-my-data.json"'
    return response
