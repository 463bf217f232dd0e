"""A page's forms as in a browser: what each submits, and which button Enter presses (HTML 4.10.21.2)."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Kinds of `<input>` in which Enter sends the form.
TYPED = {"text", "search", "email", "url", "tel", "number", "password", "date", "time", "datetime-local"}
NOT_SENT = {"submit", "button", "image", "reset", "checkbox", "radio", "file"}


@dataclass
class Button:
    """One that sends its form."""

    name: str = ""
    value: str = ""
    action: str = ""  # another address than the form's
    words: str = ""
    is_off: bool = False


@dataclass
class Form:
    """One form, with what it sends as it is: {name: values}."""

    action: str = ""
    method: str = "get"
    key: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)  # values that can be ticked
    typed: list[str] = field(default_factory=list)  # names of fields in which Enter sends it
    buttons: list[Button] = field(default_factory=list)

    @property
    def by_enter(self):
        """What Enter in a text field sends; None if it sends nothing."""
        if not self.typed or (not self.buttons and len(self.typed) > 1):
            return None
        first = self.buttons[0] if self.buttons else Button()
        return None if first.is_off else self.sent(first)

    def sent(self, button=None):
        """Return what it sends, by this button."""
        more = {button.name: [button.value]} if button and button.name else {}
        return self.fields | more


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self.within, self.select, self.textarea, self.button = [], None, None, None, None

    def handle_starttag(self, tag, attributes):
        """Note a form, or a field or button of one."""
        has = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.within = Form(has.get("action", ""), has.get("method", "get").lower(), has.get("id", ""))
            self.forms.append(self.within)
        owner = next((form for form in self.forms if form.key and form.key == has.get("form")), self.within)
        name = has.get("name", "")
        is_off = "disabled" in has
        if owner is None or (is_off and tag not in ("button", "input")):
            return
        if tag == "select":
            self.select = (owner, name, "multiple" in has)
        elif tag == "option" and self.select:
            self._choose(has)
        elif tag == "textarea":
            self.textarea = (owner, name)
            owner.fields.setdefault(name, []).append("")
        elif tag == "button" and has.get("type", "submit") == "submit":
            self.button = Button(name, has.get("value", ""), has.get("formaction", ""), "", is_off)
            owner.buttons.append(self.button)
        elif tag == "input":
            self._put(owner, name, has)

    def _choose(self, has):
        owner, name, is_multiple = self.select
        if "selected" in has or (name not in owner.fields and not is_multiple):  # the first one counts until another
            kept = owner.fields.get(name, []) if is_multiple else []
            owner.fields[name] = [*kept, has.get("value", "")]

    def _put(self, owner, name, has):
        kind, value, is_off = has.get("type", "text"), has.get("value", ""), "disabled" in has
        if kind in ("submit", "image"):
            owner.buttons.append(Button(name, value, has.get("formaction", ""), value, is_off))
        elif is_off:
            return
        elif kind in TYPED:
            owner.typed.append(name)
        if kind in ("checkbox", "radio"):
            owner.boxes.setdefault(name, []).append(has.get("value", "on"))
        if name and (kind not in NOT_SENT or "checked" in has):
            owner.fields.setdefault(name, []).append(has.get("value", "on" if "checked" in has else ""))

    def handle_data(self, data):
        """Note the words in a text field or on a button."""
        if self.textarea:
            owner, name = self.textarea
            owner.fields[name][-1] += data
        elif self.button:
            self.button.words = " ".join(f"{self.button.words} {data}".split())

    def handle_endtag(self, tag):
        """End a form, a field or a button."""
        if tag == "form":
            self.within = None
        elif tag == "select":
            self.select = None
        elif tag == "button":
            self.button = None
        elif tag == "textarea" and self.textarea:
            owner, name = self.textarea
            owner.fields[name][-1] = owner.fields[name][-1].removeprefix("\n")
            self.textarea = None


def forms_of(html):
    """Return the forms of a page."""
    reader = Forms()
    reader.feed(html)
    return reader.forms
