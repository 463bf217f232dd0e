"""A browser page that is used only by keyboard."""

import re

from playwright.sync_api import expect


class Keyboard:
    """Uses only Tab, Space, Enter and letters: what it cannot reach, no keyboard user can."""

    def __init__(self, page):
        self.page = page

    def reach(self, target, *, most=120):
        """Press Tab until `target` has the focus."""
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with {most} Tabs")

    def press(self, name, role="button"):
        """Press the first one whose name begins so; "Help: ..." leads elsewhere."""
        self.reach(self.page.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first)
        self.page.keyboard.press("Enter")

    def tick(self, name, role="checkbox"):
        box = self.reach(self.page.get_by_role(role, name=name, exact=True))
        self.page.keyboard.press(" ")
        expect(box).to_be_checked()

    def choose(self, name):
        """Choose a radio button: Tab reaches the chosen one of its group, an arrow the next."""
        wanted = self.page.get_by_role("radio", name=re.compile(name))
        group = self.page.locator(f"input[name='{wanted.get_attribute('name')}']:checked")
        self.reach(group)
        self.page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()

    def type(self, label, words):
        self.reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.insert_text(words)
