#!/bin/sh
# Creates the site's role and database when PostgreSQL starts for the first time. The role is not a superuser, cannot
# create roles or databases, and owns only its own database.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$SITE_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'END'
CREATE ROLE pxp LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEROLE NOCREATEDB;
CREATE DATABASE pxp OWNER pxp;
REVOKE CONNECT ON DATABASE pxp FROM PUBLIC;
END
