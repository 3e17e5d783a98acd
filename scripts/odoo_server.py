"""Starts Odoo's command line; Odoo's prefork server runs this file again for its gevent server."""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
