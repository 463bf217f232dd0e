"""What all organisers' pages share: doors to the work, the organiser's own clock, and what the first page lists.

Each room of the site adds its own to these registries while its admin pages are loaded.
"""
