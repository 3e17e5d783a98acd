#!/usr/bin/env python3
"""Waits until the database server takes connections, as the official image does before it starts Odoo."""

import argparse
import sys
import time

import psycopg2

parser = argparse.ArgumentParser()
for name in ("host", "port", "user", "password"):
    parser.add_argument(f"--db_{name}", required=True)
parser.add_argument("--timeout", type=int, default=5)
options = parser.parse_args()

deadline = time.monotonic() + options.timeout
while True:
    try:
        psycopg2.connect(
            host=options.db_host,
            port=options.db_port,
            user=options.db_user,
            password=options.db_password,
            dbname="postgres",
        ).close()
        break
    except psycopg2.OperationalError as error:
        if time.monotonic() > deadline:
            sys.exit(f"Database connection failure: {error}")
        time.sleep(1)
