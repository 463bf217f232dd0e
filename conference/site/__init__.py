"""How a page is requested and kept: its edition, its look, its ready bytes."""
