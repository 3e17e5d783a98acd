"""The commands behind the `make` targets; here errors become a sentence and an exit status."""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Callable

from . import layout
from .errors import DevError, explain_os_error

# command: (module, function, help). Modules are imported when their command runs.
COMMANDS = {
    "run": ("site_run", "run", "serve Odoo with both add-ons and demo data"),
    "test": ("suites", "run_all", "lint, unit, add-on and end-to-end tests"),
    "test-unit": ("suites", "run_unit", "tests without a database"),
    "test-addons": ("suites", "run_addons", "the add-ons' own tests, inside Odoo"),
    "test-e2e": ("suites", "run_e2e", "tests on a served Odoo"),
    "test-core": ("core_suites", "run", "Odoo's own tests with our add-ons installed"),
    "lint": ("checks", "run", "style and sanity of Python, JavaScript, XML and translations"),
    "format": ("checks", "rewrite", "bring Python, JavaScript and style sheets into form"),
    "pot": ("translations", "refresh", "write i18n/*.pot anew"),
    "bench": ("benchmarks", "run", "one benchmark: NAME [--data PATH]"),
    "shell": ("site_run", "shell", "a Python prompt inside Odoo, on the database of `make run`"),
    "setup": ("suites", "setup", "get everything that the tests need, run nothing"),
    "pins": ("python_env", "write_pins", "write requirements/constraints.txt from what is installed"),
    "image-check": ("image", "check", "build the Dockerfile without a daemon, start it, log in"),
    "clean": ("cleaning", "clean", "remove all that was made here"),
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_module, _function, text) in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    options, rest = parser.parse_known_args(arguments)
    module, function, _text = COMMANDS[options.command]
    call: Callable[[list[str]], int | None] = getattr(importlib.import_module(f"devkit.{module}"), function)
    # Ctrl-C counts also where the shell that started us ignores it for programs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    try:
        layout.choose_temp_folder()
        return call(rest) or 0
    except DevError as error:
        sys.stderr.write(f"error: {error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was complete is kept, run the same command again to go on\n")
        return 130
    except OSError as error:
        if os.environ.get("DEVKIT_DEBUG"):
            raise
        sys.stderr.write(f"error: {explain_os_error(error, str(layout.LOCAL))}\n")
    return 1
