"""The style guide: every part of our pages in every state, drawn by the templates that the pages use (DEBUG only)."""
