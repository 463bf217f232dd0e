"""For developers: the demo, its mailbox and the style guide."""
