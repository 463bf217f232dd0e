"""What organisers can download: people, a meeting's guests, needs, and numbers for a funder.

Each module says what the table holds; `conference.tables` writes it. Each download is logged in the history.
"""
