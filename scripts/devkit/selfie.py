"""One script that Debian leaves out of Odoo: without it every tour in a browser stops on a console error."""

import shutil
import tarfile
from pathlib import Path

from . import layout, node_env
from .errors import DevError
from .odoo_source import Odoo
from .shell import run, say
from .steps import scratch

PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
FILE = "selfie_segmentation.js"


def add(odoo: Odoo) -> None:
    """Put it into our own copy of Odoo; somebody else's source (ODOO_PATH) is left as it is."""
    target = odoo.core_addons / "mail/static/lib/selfie_segmentation" / FILE
    if target.exists() or layout.ODOO not in target.parents:
        return
    say(f"==> {FILE} for Odoo's browser tours")
    with scratch("selfie") as work:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(_fetch(work), target)


def _fetch(work: Path) -> Path:
    run(
        [*node_env.npm(), "pack", "--loglevel=error", PACKAGE],
        "A script from the npm registry",
        env=node_env.environment(),
        cwd=work,
    )
    with tarfile.open(next(work.glob("*.tgz"))) as archive:
        member = archive.getmember(f"package/{FILE}")
        content = archive.extractfile(member)
        if content is None:
            raise DevError(
                f"{PACKAGE} does not contain {FILE}: remove .local and run the same command again."
            )
        (work / FILE).write_bytes(content.read())
    return work / FILE
