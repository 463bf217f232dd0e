"""The public pages, one file for each subject."""
