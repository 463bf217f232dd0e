"""Running the site: backups, moving the database, and checks whether all is well."""
