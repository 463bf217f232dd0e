"""Which rows a program file created."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FromFile(models.Model):
    """A row that a program file may have created. A program file deletes only what a program file created."""

    is_from_file = models.BooleanField(_("brought by a program file"), default=False, editable=False)

    class Meta:
        abstract = True
