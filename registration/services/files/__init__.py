"""What organisers take out of the site as files: people, a meeting's guests, needs, and numbers for a funder.

Each module says what the table holds; `conference.tables` writes it. Each download is one row of the history.
"""
