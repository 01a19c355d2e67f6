#!/bin/sh
# Brings the Temporal server's two databases to the schema of this release. Does nothing where they have it.
set -eu

update() {
  database=$1
  versions=$2
  set -- --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port 5432 --user temporal --database "$database"
  temporal-sql-tool "$@" setup-schema --version 0.0
  temporal-sql-tool "$@" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$versions/versioned"
}

update temporal temporal
update temporal_visibility visibility
