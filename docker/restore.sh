#!/bin/bash
# Restore one back-up into an empty database and an empty folder: restore.sh /backups/20270114T020000Z
# Mail stays held until `manage.py outbox release`: change OUTBOX_EPOCH before the program starts (docs/operations.md).
set -euo pipefail
from="${1:?name the folder of the back-up}"
data="${DATA:-/data}"
[ -r /run/secrets/db_password ] && export PGPASSWORD="$(cat /run/secrets/db_password)"
(cd "$from" && sha256sum --check --quiet SHA256SUMS)
tables="$(psql -Atc "select count(*) from pg_tables where schemaname = 'public'")"
if [ "$tables" != 0 ]; then
  echo "The database $PGDATABASE is not empty ($tables tables). Restore into a new one." >&2
  exit 1
fi
pg_restore --no-owner --exit-on-error --single-transaction --dbname="$PGDATABASE" "$from/database.dump"
mkdir -p "$data"
tar -C "$data" -xzf "$from/files.tar.gz"
echo "restored from $from"
