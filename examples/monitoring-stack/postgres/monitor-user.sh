#!/bin/sh
# Runs once, when PostgreSQL has created its data: a user that may read statistics, and no table.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_MONITOR_PASSWORD" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE monitor LOGIN PASSWORD :'password' CONNECTION LIMIT 10;
GRANT pg_monitor TO monitor;
SQL
