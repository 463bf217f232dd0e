"""Templates as Django loads and keeps them, with a list of their blocks kept too."""

from django.template.base import NodeList
from django.template.loaders import cached


class KeptNodes(NodeList):
    """A finished template's nodes. Django looks for the blocks of a base template each time a page is made."""

    def __init__(self, nodes):
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self.kept = {}

    def get_nodes_by_type(self, nodetype):
        """Return the nodes of a type at any depth, looked for once."""
        if nodetype not in self.kept:
            self.kept[nodetype] = super().get_nodes_by_type(nodetype)
        return self.kept[nodetype]


class Loader(cached.Loader):
    """Django's loader that keeps templates."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, KeptNodes):
            template.nodelist = KeptNodes(template.nodelist)
        return template
