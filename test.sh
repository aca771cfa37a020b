#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test; then writes RELIABILITY.md, unless
# arguments choose some tests only. Arguments go to Maven, but for --night, which gives each row of the fault
# table its full length (hours), and --soak DURATION (30m, 8h), which runs the soak and nothing else.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

# The one place with the parameters of the long tests.
night=(
  -Dsimulation.seeds=10000
  -Dfault.seconds=180 -Dfault.kills=20 -Dfault.window=10000 -Dfault.drain=25 -Dfault.tasks=5000
  -Dfault.pause=20 -Dfault.gap=300 -Dfault.fleet=30 -Dfault.overload=30 -Dfault.streams=5000
  -Dfault.outage=120 -Dfault.ids=10000000 -Dfault.messages=100000
  -Ddatabase.kills=200 -Dfault.deadlocks=30 -Dfault.connections=2000 -Dfault.idle=10000
  -Dforeign.calls=10000 -Dforeign.runs=5
)
run="the short tests"
long=""
case "${1:-}" in
  --night)
    shift
    long=true
    run="the night's tests"
    ;;
  --soak)
    exec scripts/soak.sh "${2:?--soak wants a duration, such as 30m or 8h}"
    ;;
  ?*)
    run=""
    ;;
esac
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

[ -z "$long" ] || set -- "${night[@]}" "$LONG_TESTS" "$@"

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
cp -p .run/building .run/local-built
mv .run/building .run/built

if [ -n "$run" ]; then
  java scripts/Reliability.java . "$run"
fi

scripts/start_test.sh
scripts/local_test.sh
scripts/coordctl_test.sh
scripts/release_test.sh
docker/helm/test.sh --no-install
