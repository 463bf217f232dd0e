"""Organisers pages for people and mails."""
