"""What the person who runs the site needs: backups, moving, and a look at whether all is well."""
