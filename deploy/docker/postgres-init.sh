#!/bin/sh
# Runs once, on an empty data directory: per service a database, its owner, and the role the service works as.
# A role can connect to its own database only.
set -eu

psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
  -c 'REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC'

for service in registration application document review notification; do
  name=$(echo "$service" | tr '[:lower:]' '[:upper:]')
  role_password=$(printenv "ZAIRYU_${name}_ROLE_PASSWORD")
  owner_password=$(printenv "ZAIRYU_${name}_OWNER_PASSWORD")
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -v database="zairyu_$service" -v role="zairyu_$service" -v owner="zairyu_${service}_owner" \
    -v role_password="$role_password" -v owner_password="$owner_password" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"role" LOGIN PASSWORD :'role_password';
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"role";
SQL
done
