"""Organisers' accounts: logging in, second factors, how long a session lasts, and unsaved words that outlive it."""
