#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Arguments go to Maven.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

use_jdk
use_maven
command -v ps >/dev/null || install_or_say ps procps procps-ng procps procps

# The servers that tests start as their own processes. The Pub/Sub emulator has no package
# everywhere: where it is missing, its tests say so and are skipped.
has_server() {
  command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || ls /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1
}
has_server etcd || install_or_say etcd etcd-server etcd etcd etcd
has_server nats-server || install_or_say nats-server nats-server nats-server nats-server nats-server
has_server postgres || install_or_say PostgreSQL postgresql postgresql-server postgresql postgresql
# The browser that looks at the dashboard.
if ! has_server chromedriver; then
  install_or_say "Chromium with its driver" "chromium chromium-driver" "chromium chromedriver" \
    "chromium chromium-chromedriver" "chromium chromedriver"
fi

# Fills .venv, so that a missing Python shows before the build and not at its end.
foreign_clients=coordinator-server/integration-tests/src/test/python/run.sh
if ! "$foreign_clients" --find-python >/dev/null 2>&1; then
  install_or_say "Python 3.10 or 3.11 with venv" "python3 python3-venv" python3.11 python3 python@3.11
fi
"$foreign_clients" --prepare-only

mkdir -p .run
touch .run/building
mvn verify "$@"
# What was just built is what start.sh would build.
cp -p .run/building .run/coordctl-built
mv .run/building .run/built

scripts/start_test.sh
scripts/coordctl_test.sh
