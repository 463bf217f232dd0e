"""What pages and posts draw: the hours of days, and share images."""
