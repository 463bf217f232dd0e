"""Property-based tests draw the same examples in every run, and may take as long as a busy machine needs."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "certain", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("certain")
