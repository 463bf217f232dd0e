"""Pictures: the hours of days on pages, and share images for posts."""
