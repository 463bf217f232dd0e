"""The program in the formats that other programs read: schedule JSON (pretalx, frab) and frab XML."""

from .frab import schedule_json
from .xml import schedule_xml

__all__ = ["schedule_json", "schedule_xml"]
