"""Shared by all organisers' pages: navigation, the organiser's own clock, and what the first page lists.

Each app adds its own to these registries when its admin is loaded.
"""
