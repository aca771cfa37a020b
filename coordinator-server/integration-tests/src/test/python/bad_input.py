"""Bad input over the real wire: the offender gets its status, and everybody else notices nothing.

Prints one line per case; exits with 1 when one fails. No other worker may be connected.
"""

import argparse
import sys

import bad_calls
import bad_streams
import grpc
from bench import Bench
from report import Report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker-target", default="127.0.0.1:19950")
    parser.add_argument("--sync-target", default="127.0.0.1:19951")
    options = parser.parse_args()
    report = Report(grpc.__version__)
    with Bench(options.worker_target, options.sync_target) as bench:
        report.run("healthy_before_bad_input", bench.expect_healthy)
        for name, body in {**bad_calls.cases(bench), **bad_streams.cases(bench)}.items():
            report.run(f'bad_input case="{name}"', lambda: _then_healthy(bench, body))
    return 1 if report.failed else 0


def _then_healthy(bench: Bench, body) -> dict:
    bench.forget_troubles()
    figures = body()
    bench.expect_healthy()
    return {**figures, "others": "healthy"}


if __name__ == "__main__":
    sys.exit(main())
