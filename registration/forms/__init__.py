"""Forms that people fill in: they check shapes and word every error; services keep the rules."""

from .address import AddressForm
from .details import DetailsForm, NeedsForm
from .lost_link import LostLinkForm
from .questions import AnswersForm
from .sign_up import SignUpForm
from .time_zone import TimeZoneForm

__all__ = ["AddressForm", "AnswersForm", "DetailsForm", "LostLinkForm", "NeedsForm", "SignUpForm", "TimeZoneForm"]
