#!/bin/sh
# Runs once before the servers start: installs or updates the add-ons and sets the first password.
set -eu
database="${DATABASE:-order_management}"
modules=order_fulfilment,jit_delivery

/entrypoint.sh odoo -d "$database" -i "$modules" -u "$modules" --workers=0 --max-cron-threads=0 --no-http \
    --stop-after-init --log-level=warn

# Odoo gives the first user a password that everybody knows: replace it, once.
/entrypoint.sh odoo shell -d "$database" --workers=0 --no-http --log-level=warn <<'PYTHON'
import os
from odoo.exceptions import AccessDenied

admin = env.ref("base.user_admin")
try:
    admin.with_user(admin)._check_credentials({"type": "password", "password": "admin"}, {"interactive": False})
    admin.password = os.environ["ADMIN_PASSWORD"]
    env.cr.commit()
    print("password of admin set")
except AccessDenied:
    pass
PYTHON
