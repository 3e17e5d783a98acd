"""`make image-check`: builds docker/Dockerfile without a daemon on a base made here, starts it behind the
proxy of docker/, on a PostgreSQL with a password, and logs in. Needs root: an image has files of others.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import apt_sources, image_site, layout, odoo_source, system_tools
from .errors import DevError
from .shell import Heartbeat, run
from .steps import Step, check_space, ensure, scratch

FOLDER = layout.LOCAL / "image"
BASE = "localhost/order-management-base"
IMAGE = "localhost/order-management"
RELEASE = "bookworm"
INSIDE = ("python3", "python3-pip", "python3-venv", "ca-certificates")


def check(_arguments: list[str]) -> int:
    if os.geteuid() != 0:
        raise DevError("make image-check needs root, because it makes files of other owners: run it as root.")
    check_space(12000, "Building the image")
    build_base()
    buildah(
        "build",
        "--file",
        layout.PROJECT / "docker/Dockerfile",
        "--build-arg",
        f"BASE_IMAGE={BASE}",
        "--tag",
        IMAGE,
        *machine_mounts(),
        layout.PROJECT,
        what="Building docker/Dockerfile",
    )
    with container() as name, image_site.database() as (server, password):
        image_site.try_out(lambda *words, **env: inside(name, server, password, words, env))
    print("image-check: built, started behind the proxy, logged in", flush=True)
    return 0


def buildah(*words: object, what: str) -> str:
    with Heartbeat(what):
        return run(buildah_command(*words), what, env=environment())


def buildah_command(*words: object) -> list:
    """buildah with storage of its own; nobody signs the images that are made here."""
    verb, *rest = words
    options = {
        "build": ["--isolation=chroot", "--pull=never", "--layers=false"],
        "run": ["--isolation=chroot"],
    }
    options["from"] = ["--pull=never"]
    if verb in ("build", "from"):
        options[verb].append(f"--signature-policy={policy()}")
    storage = ["--storage-driver=vfs", f"--root={FOLDER / 'storage'}", f"--runroot={FOLDER / 'run'}"]
    return [system_tools.find("buildah"), *storage, verb, *options.get(verb, []), *rest]


def environment() -> dict[str, str]:
    return layout.environment(
        BUILDAH_ISOLATION="chroot", STORAGE_DRIVER="vfs", TMPDIR=str(_folder(FOLDER / "tmp"))
    )


def policy() -> Path:
    file = _folder(FOLDER) / "policy.json"
    file.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    return file


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def build_base() -> None:
    """The base image, unless it is there and made of the same parts."""
    odoo = odoo_source.find()
    check_files = sorted((layout.PROJECT / "docker/check").iterdir())
    key = layout.digest(odoo.version, *INSIDE, layout.REQUIREMENTS / "odoo.txt", *check_files, Path(__file__))
    ensure(
        Step(
            "image-base",
            "a base image like the official one",
            FOLDER / "base",
            key,
            lambda work: _base(work, odoo),
        )
    )


def _base(work: Path, odoo: odoo_source.Odoo) -> None:  # long: one recipe
    mirror = apt_sources.main_mirror()
    with scratch("rootfs") as root:
        words = ["--variant=minbase", f"--include={','.join(INSIDE)}", RELEASE, root / "root", mirror.uri]
        run([system_tools.find("debootstrap"), *words], "A bare Debian")
        tar = [
            "tar",
            "--numeric-owner",
            "--exclude=./dev/*",
            "-C",
            root / "root",
            "-cf",
            work / "rootfs.tar",
            ".",
        ]
        run(tar, "Packing a bare Debian")
    _parts(work, odoo)
    buildah("build", "--tag", BASE, *machine_mounts(), work, what="Building the base image")
    shutil.rmtree(work / "usr")
    (work / "rootfs.tar").unlink()


def _parts(work: Path, odoo: odoo_source.Odoo) -> None:
    """Everything of the image but the bare Debian."""
    for file in (layout.PROJECT / "docker/check").iterdir():
        shutil.copy(file, work)
    shutil.copytree(layout.REQUIREMENTS, work / "requirements")
    copy_machine_settings(work / "machine")
    packages = work / "usr/lib/python3/dist-packages"
    packages.parent.mkdir(parents=True)
    if odoo.root == layout.ODOO / "usr/lib/python3/dist-packages":
        run(["cp", "-al", f"{layout.ODOO}/usr/.", work / "usr"], "Copying Odoo")
    else:
        shutil.copytree(odoo.root / "odoo", packages / "odoo", symlinks=True)
        shutil.copytree(odoo.core_addons, packages / "odoo/addons", symlinks=True, dirs_exist_ok=True)
    launcher = _folder(work / "usr/bin") / "odoo"
    launcher.unlink(missing_ok=True)
    launcher.write_text("#!/usr/bin/python3\nimport odoo.cli\n\nodoo.cli.main()\n")


def copy_machine_settings(target: Path) -> None:
    """How this machine reaches the package index: pip's configuration and trusted authorities."""
    for name in ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(name).is_file():
            _folder((target / name.lstrip("/")).parent)
            shutil.copy(name, target / name.lstrip("/"))
    _folder(target)


def machine_mounts() -> list[str]:
    """Folders that pip's configuration names on this machine, readable during the build only."""
    shown = run(["sh", "-c", "cat /etc/pip.conf 2>/dev/null || true"], "Reading pip's configuration")
    folders = {word.removeprefix("file://") for word in shown.split() if word.startswith(("file:///", "/"))}
    return [f"--volume={folder}:{folder}:ro" for folder in sorted(folders) if Path(folder).is_dir()]


@contextlib.contextmanager
def container() -> Iterator[str]:
    name = buildah("from", IMAGE, what="Making a container").strip().splitlines()[-1]
    try:
        yield name
    finally:
        buildah("rm", name, what="Removing the container")


def inside(name: str, server, password: str, words: tuple, env: dict) -> subprocess.Popen:
    """Start a command in the container as the image's own user and entrypoint would."""
    settings = {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": "odoo", "PASSWORD": password, **env}
    flags = [f"--env={key}={value}" for key, value in settings.items()]
    command = [str(word) for word in buildah_command("run", *flags, name, "--", "/entrypoint.sh", *words)]
    log = open(layout.LOGS / "image-check.log", "ab")  # noqa: SIM115 - the process keeps it
    return subprocess.Popen(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
