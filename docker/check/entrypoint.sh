#!/bin/bash
# Behaves as the official image's entrypoint: database settings from the environment, then Odoo.
set -e
db_args=(--db_host "${HOST:-db}" --db_port "${PORT:-5432}" --db_user "${USER:-odoo}" --db_password "${PASSWORD:-odoo}")
case "$1" in
    -- | odoo)
        shift
        wait-for-psql.py "${db_args[@]}" --timeout=30
        exec odoo "$@" "${db_args[@]}"
        ;;
    -*)
        wait-for-psql.py "${db_args[@]}" --timeout=30
        exec odoo "$@" "${db_args[@]}"
        ;;
    *)
        exec "$@"
        ;;
esac
