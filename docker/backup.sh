#!/bin/bash
# One back-up: the database and the uploaded files, with checksums; keeps the newest BACKUPS_KEPT (14).
set -euo pipefail
[ -r /run/secrets/db_password ] && export PGPASSWORD="$(cat /run/secrets/db_password)"
backups="${BACKUPS:-/backups}"
stamp="$(date -u +%Y%m%dT%H%M%SZ)"
part="$backups/.$stamp.part"
mkdir -p "$part"
pg_dump --format=custom --file="$part/database.dump"
pg_restore --list "$part/database.dump" > /dev/null
tar -C "${DATA:-/data}" -czf "$part/files.tar.gz" --exclude=./cache --exclude=./broker .
(cd "$part" && sha256sum database.dump files.tar.gz > SHA256SUMS)
mv "$part" "$backups/$stamp"
ls -1d "$backups"/2* | sort | head -n "-${BACKUPS_KEPT:-14}" | xargs -r rm -rf
echo "$backups/$stamp"
