"""How a visitor wants to read: larger text, more space, stronger contrast, plainer letters. It is in the address.

No cookie and no script (docs/decisions/0005-reading-settings-are-in-the-address.md); all links of a page keep it.
"""

from django.utils.translation import gettext_lazy as _

# Each name in an address has one value; the page's root element gets the class "name-value".
LOOKS = {"text": "larger", "spacing": "wide", "contrast": "more", "font": "plain"}
LABELS = {
    "text": _("Larger text"),
    "spacing": _("More space between lines and letters"),
    "contrast": _("Black and white, with strong contrast"),
    "font": _("Plain, wide letters"),
}


def look_asked_for(query):
    """Return the (name, value) pairs of LOOKS that a query has, in their order; all else in it is left out."""
    return tuple((name, value) for name, value in LOOKS.items() if query.get(name) == value)
