#!/usr/bin/env bash
# Row R38 of the fault table: ./scripts/soak.sh DURATION, such as 30m or 8h. Two coordinators, a broker, etcd,
# records and calls, and a fault each minute; prints each minute and a line R38 at the end. The coordinators have
# the flags with which a release starts them.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

usage() {
  echo "soak.sh: DURATION: got '${1:-}', want a number with s, m or h, such as 30m" >&2
  exit 2
}
[[ ${1:-} =~ ^([0-9]{1,6})([smh])$ ]] || usage "$@"
case "${BASH_REMATCH[2]}" in
  s) seconds=$((10#${BASH_REMATCH[1]})) ;;
  m) seconds=$((10#${BASH_REMATCH[1]} * 60)) ;;
  h) seconds=$((10#${BASH_REMATCH[1]} * 3600)) ;;
esac
shift

use_jdk
use_maven
mvn -q package -pl coordinator-server/integration-tests -am -Dtest=SoakTest \
  "$LONG_TESTS" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dsoak.seconds="$seconds" -Dsoak.flags="$(coordinator_flags)" "$@"
