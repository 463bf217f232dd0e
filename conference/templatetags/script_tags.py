"""Filters of all templates: {{ name|bdi }} keeps a name together within words of another direction; dates in words."""

from django import template

from conference.clock import date_words, plain_date_words, short_date_words
from conference.scripts import isolated_html

register = template.Library()

register.filter("bdi", isolated_html)
for words in (date_words, plain_date_words, short_date_words):
    register.filter(words)
