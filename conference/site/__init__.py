"""How pages are requested and cached: edition, reading settings, page cache."""
