"""Permissions of our own organisers' pages."""

from functools import wraps

from django.core.exceptions import PermissionDenied


def require_right(right):
    """Decorate a view that only some organisers may open; for others it raises PermissionDenied.

    `right` is the name of a permission, or a function of the user.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not (right(request.user) if callable(right) else request.user.has_perm(right)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
