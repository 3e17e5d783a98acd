"""What has to be so in the server process before bookings come in."""

import odoo.service.server

# Odoo lets 8 connections per worker wait. More at once are dropped, and the client's system tries again only
# after 1, 3 and 7 seconds: a rush on a slot would take seconds although each booking takes milliseconds.
WAITING_CONNECTIONS = 1024


def post_load():
    """Let a rush of clients wait in line; the processes of a prefork server share one listening socket."""
    listening = getattr(odoo.service.server.server, "socket", None)
    if listening:
        listening.listen(WAITING_CONNECTIONS)
