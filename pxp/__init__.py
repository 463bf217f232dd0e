"""Wiring: settings, URLs and the WSGI application of the PxP site."""
