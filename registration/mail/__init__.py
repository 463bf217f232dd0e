"""How mail leaves: rows of the outbox, leases, the talk with the mail server, the worker."""
