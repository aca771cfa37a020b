"""Virtual environments with one grpcio each, and the stubs that this grpcio's tools generate.

Both live in a cache folder and are remade only when what they are made from has changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[4]
PROTOS = REPOSITORY / "coordinator-proto" / "src" / "main" / "protobuf"
VERSIONS = ("1.49.1", "newest")


class CannotPrepare(Exception):
    """No environment could be made; the message says why."""


@dataclass(frozen=True)
class Environment:
    """An interpreter with one grpcio, and the folder of its stubs."""

    release: str
    python: Path
    stubs: Path

    def command(self, script: str, *arguments: object) -> list[str]:
        return [str(self.python), str(HERE / script), *map(str, arguments)]

    def variables(self) -> dict[str, str]:
        """The process environment to run a script in: local, unbuffered, without proxies."""
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        return {**kept, "PYTHONPATH": str(self.stubs), "PYTHONUNBUFFERED": "1"}


def prepare(version: str, cache: Path) -> Environment:
    folder = cache / f"grpcio-{version}"
    python = folder / "venv" / "bin" / "python"
    environment = Environment(_release(version), python, folder / "stubs")
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        _remake_if_stale(folder / "venv", _venv_sources(version), lambda: _install(version, folder))
        _remake_if_stale(environment.stubs, _stub_sources(version), lambda: _generate(environment))
    return environment


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two test runs may share a cache."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remake_if_stale(target: Path, sources: str, make) -> None:
    """The stamp is written last, so what was left half made is made again."""
    stamp = target.with_name(target.name + ".made-from")
    if stamp.exists() and stamp.read_text() == sources and target.exists():
        return
    stamp.unlink(missing_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    make()
    stamp.write_text(sources)


def _requirements(version: str) -> Path:
    return HERE / f"requirements-{version}.txt"


def _release(version: str) -> str:
    pins = dict(
        line.split("==") for line in _requirements(version).read_text().split() if "==" in line
    )
    return pins["grpcio"]


def _venv_sources(version: str) -> str:
    return _digest([sys.version.encode(), _requirements(version).read_bytes()])


def _stub_sources(version: str) -> str:
    protos = [str(path.relative_to(PROTOS)).encode() + path.read_bytes() for path in _protos()]
    return _digest([_venv_sources(version).encode(), *protos])


def _digest(parts: list[bytes]) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _protos() -> list[Path]:
    return sorted(PROTOS.rglob("*.proto"))


def _install(version: str, folder: Path) -> None:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    _run(python, "-m", "pip", "install", *options, "-r", _requirements(version))


def _generate(environment: Environment) -> None:
    environment.stubs.mkdir()
    outputs = [f"--{kind}_out={environment.stubs}" for kind in ("python", "grpc_python")]
    _run(environment.python, "-m", "grpc_tools.protoc", f"-I{PROTOS}", *outputs, *_protos())


def _run(*command: object) -> None:
    # The pkg_resources of the old tools warns about its own end.
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=quiet)
    if done.returncode != 0:
        raise CannotPrepare(f"{' '.join(map(str, command[:4]))} failed:\n{done.stdout}{done.stderr}")
