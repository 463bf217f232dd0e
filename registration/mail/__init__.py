"""How mail leaves: rows of the outbox, leases, SMTP, the worker."""
