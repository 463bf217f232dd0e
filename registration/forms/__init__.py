"""Forms that people fill in: they check shapes and word every error; services keep the rules."""

from .address import AddressForm, AnotherAddressForm
from .details import DetailsForm, NeedsForm
from .lost_link import LostLinkForm
from .questions import AnswersForm
from .sign_up import SignUpForm

__all__ = ["AddressForm", "AnotherAddressForm", "AnswersForm", "DetailsForm", "LostLinkForm", "NeedsForm", "SignUpForm"]
