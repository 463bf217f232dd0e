"""Access requests: what people need to take part. They can reveal health data, so they have their own table."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet, prepared
from registration.status import READABLE_NEEDS, NeedState

from .registrants import Registrant


class AccessRequestQuerySet(RowQuerySet):
    def for_person(self, registrant):
        return self.filter(registrant=registrant).order_by("pk")

    def for_edition(self, conference):
        """Requests of the people of one edition."""
        return self.filter(registrant__conference=conference)

    def shown_to_the_person(self):
        """Requests that the person's own page shows: none from before an organiser changed the address."""
        return self.filter(is_hidden=False)

    def readable(self):
        """Requests that the Access team may read: none of people who have not confirmed."""
        return self.filter(state__in=READABLE_NEEDS)

    def new(self):
        return self.filter(state=NeedState.NEW)

    def number_and_oldest(self):
        """Return (how many, the UTC instant at which the oldest was asked or None) in one query."""
        found = self.aggregate(number=models.Count("pk"), oldest=models.Min("created_at"))
        return found["number"], found["oldest"]

    def unconfirmed(self):
        return self.filter(state=NeedState.UNCONFIRMED)

    def with_people(self):
        return self.select_related("registrant__conference")


class AccessRequest(models.Model):
    """One access request, in the person's own words. Only the group "Access team" sees it."""

    registrant = models.ForeignKey(
        Registrant, on_delete=models.CASCADE, related_name="access_requests", verbose_name=_("person")
    )
    words = models.TextField(_("what they need"), max_length=10_000)
    state = models.CharField(_("state"), max_length=12, choices=NeedState, default=NeedState.UNCONFIRMED)
    answer = models.TextField(
        _("our answer"), max_length=2000, blank=True, help_text=_("Goes to the person by mail when you save it.")
    )
    consented_at = models.DateTimeField(_("agreed that we read it"))
    is_hidden = models.BooleanField(
        _("not shown to the person"),
        default=False,
        help_text=_("An organiser has since changed the address. We show this again once the person writes it again."),
    )
    created_at = models.DateTimeField(_("asked"))

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NeedState.values),
                name="access_request_state_is_known",
                violation_error_message=_("That is not a state an access request can have."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="access_request_has_words",
                violation_error_message=_("Say what is needed."),
            ),
        ]

    def __str__(self):
        # The admin writes this into its history, so it contains nothing of the request.
        return _("Access request %(number)s") % {"number": self.pk}

    @property
    def is_unconfirmed(self):
        return self.state == NeedState.UNCONFIRMED

    @property
    def is_in_hand(self):
        return self.state == NeedState.IN_HAND

    @property
    def is_arranged(self):
        return self.state == NeedState.ARRANGED

    @property
    def cannot_be_met(self):
        return self.state == NeedState.CANNOT_BE_MET


@prepared
def unconfirmed_needs(registrant):
    """Needs of a person that wait until they confirm."""
    return AccessRequest.objects.filter(registrant=registrant).unconfirmed()


@prepared
def accept_needs(registrant, now):
    """Release them to the Access team at the UTC instant `now`."""
    rows = AccessRequest.objects.filter(registrant=registrant).unconfirmed()
    return rows, {"state": NeedState.NEW, "consented_at": now}
