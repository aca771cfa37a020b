"""Checks a running coordinator with clients that were made from the .proto files, in Python.

No other worker may be connected to it. Prints one line per check. Exits with 0 when all passed, with
1 when a check failed, and with 2 when the checks could not be run.
"""

import argparse
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from environments import REPOSITORY, VERSIONS, CannotPrepare, Environment, prepare
from load import Load
from report import Report, Wrong

PYTHONS = ((3, 10), (3, 11))


def main() -> int:
    options = _options()
    # So that the processes we started are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    versions = VERSIONS if options.grpcio == "all" else (options.grpcio,)
    try:
        _expect_supported_python()
        environments = [prepare(version, options.cache) for version in versions]
        if options.prepare_only:
            return 0
        _expect_listening(options.host, options.worker_port)
        _expect_listening(options.host, options.sync_port)
    except (CannotPrepare, OSError) as e:
        print(f"foreign-clients: {e}", file=sys.stderr)
        return 2
    reports = [_check(environment, options) for environment in environments]
    passed = sum(report.passed for report in reports)
    failed = sum(report.failed for report in reports)
    print(f"foreign-clients: passed={passed} failed={failed}")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--worker-port", type=int, default=19950)
    parser.add_argument("--sync-port", type=int, default=19951)
    parser.add_argument("--calls", type=_positive, default=10_000, help="calls per run")
    parser.add_argument("--runs", type=_positive, default=5, help="runs in a row")
    parser.add_argument("--grpcio", choices=(*VERSIONS, "all"), default="all")
    parser.add_argument("--cache", type=_folder, default=REPOSITORY / ".venv" / "foreign-clients")
    parser.add_argument(
        "--prepare-only", action="store_true", help="fill the cache; no coordinator is needed"
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def _folder(text: str) -> Path:
    return Path(text).resolve()


def _expect_supported_python() -> None:
    if sys.version_info[:2] not in PYTHONS:
        wanted = " or ".join(f"{major}.{minor}" for major, minor in PYTHONS)
        got = sys.version.split()[0]
        raise CannotPrepare(f"needs Python {wanted} for both releases of grpcio, got {got}")


def _expect_listening(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as e:
        raise OSError(f"no coordinator at {host}:{port}: {e}") from e


def _check(environment: Environment, options: argparse.Namespace) -> Report:
    worker_target = f"{options.host}:{options.worker_port}"
    sync_target = f"{options.host}:{options.sync_port}"
    report = Report(environment.release)
    began = time.monotonic()
    _run_script(report, environment, "services.py", worker_target, sync_target)
    _run_script(report, environment, "bad_input.py", worker_target, sync_target)
    with tempfile.TemporaryDirectory(prefix="foreign-clients-") as logs:
        load = Load(environment, worker_target, sync_target, Path(logs))
        load.check_all(report, options.calls, options.runs)
    seconds = round(time.monotonic() - began)
    print(
        f"SUMMARY grpcio={environment.release} passed={report.passed} failed={report.failed}"
        f" seconds={seconds}",
        flush=True,
    )
    return report


def _run_script(
    report: Report, environment: Environment, script: str, worker_target: str, sync_target: str
) -> None:
    """Takes over its lines; an end that they do not explain is a failure of its own."""
    targets = ["--worker-target", worker_target, "--sync-target", sync_target]
    command = environment.command(script, *targets)
    failed_before = report.failed
    with subprocess.Popen(
        command, env=environment.variables(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stdout:
                report.relay(line.rstrip("\n"))
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0 and report.failed == failed_before:
        report.run(script, lambda: _exited(process.returncode))


def _exited(code: int) -> None:
    raise Wrong(f"exited with {code}")


if __name__ == "__main__":
    sys.exit(main())
