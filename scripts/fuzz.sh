#!/usr/bin/env bash
# Looks for inputs that break a reader: ./scripts/fuzz.sh [DURATION [TARGET...]], by default 10m for each.
# What it finds becomes an input of the plain test beside the target.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
use_jdk
use_maven

targets=(
  codec:DecoderFuzzTest#envelope
  codec:DecoderFuzzTest#proto
  codec:DecoderFuzzTest#payload
  rpc:MessageFuzzTest#ofWorkers
  rpc:MessageFuzzTest#ofCallers
  app:ConfigFuzzTest#file
)
duration=${1:-10m}
shift || true
[ $# -eq 0 ] || targets=("$@")

for target in "${targets[@]}"; do
  echo "== $target for $duration"
  JAZZER_FUZZ=1 JAZZER_MAX_DURATION=$duration mvn -q test -pl "coordinator-server/${target%%:*}" -am \
    "$LONG_TESTS" -Dfuzz.hooks=true -Dtest="${target#*:}" -Dsurefire.failIfNoSpecifiedTests=false
done
