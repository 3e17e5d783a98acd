"""Entry of every `make` target: `python3 scripts/dev.py COMMAND [options]`.

This one file stays readable for old Pythons (no annotations, no f-strings), so that a wrong version ends in a
sentence and not in a SyntaxError. Everything else is in `devkit/` and needs only the standard library.
"""

import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    sys.stderr.write(
        "error: Python %d.%d or newer is needed and %s is %d.%d: install a newer one or name it, e.g. "
        "`make run PYTHON=python3.11`.\n" % (NEEDED + (sys.executable,) + tuple(sys.version_info[:2]))
    )
    sys.exit(2)

if __name__ == "__main__":
    from devkit.cli import main

    sys.exit(main(sys.argv[1:]))
