#!/usr/bin/env bash
# Checks a running coordinator with Python clients; see README.md. Exits as foreign_clients.py does:
# 0 all passed, 1 a check failed, 2 the checks could not be run. --find-python prints what would run.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# The old grpcio has no wheels for later Pythons, the new one none for earlier.
can_run() {
  "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] not in ((3, 10), (3, 11)))' \
    >/dev/null 2>&1
}

for python in python3 python3.11 python3.10 /usr/bin/python3; do
  if can_run "$python"; then
    if [ "${1:-}" = --find-python ]; then
      command -v "$python"
      exit 0
    fi
    exec "$python" "$here/foreign_clients.py" "$@"
  fi
done
echo "foreign-clients: needs Python 3.10 or 3.11 with its venv module (on Debian: python3-venv)" >&2
exit 2
