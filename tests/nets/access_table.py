"""Prints the access table as the code is now; redirected into ``access_matrix.csv`` it is agreed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from served import database

from nets import access, inside


def main() -> None:
    name = database.copy(database.prepared(), f"{database.PREFIX}_access_table")
    try:
        registry = inside.boot(name)
        with inside.environment(registry) as env:
            print("\n".join([access.header(), *map(access.as_line, access.current(env))]))
    finally:
        database.drop(name)


if __name__ == "__main__":
    main()
