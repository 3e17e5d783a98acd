"""A real Odoo for tests: prepared databases, a prefork server process, and the clients that talk to it."""
