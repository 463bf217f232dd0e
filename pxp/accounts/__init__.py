"""Who may come in behind: logging in, second factors, how long a session lasts, and words that outlive it."""
