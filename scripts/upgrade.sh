#!/usr/bin/env bash
# Row R39 of the fault table: builds an earlier version from its commit, and exchanges coordinators of
# both under load, in both directions. The version of today has to be built already.
#   scripts/upgrade.sh COMMIT [FILE]   with FILE that version also writes a database for later versions to read
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

commit=${1:?a commit of an earlier version}
use_jdk
use_maven
old=$(mktemp -d)
trap 'git worktree remove --force "$old"' EXIT
git worktree add --quiet --force --detach "$old" "$commit"
(cd "$old" && mvn -q package -pl coordinator-server/app -am -DskipTests -Dspotless.check.skip)

arguments=("-Dupgrade.old=$old/coordinator-server/app/target/coordinator.jar")
[ $# -lt 2 ] || arguments+=("-Dupgrade.write=$(realpath -m "$2")")
mvn verify -pl coordinator-server/integration-tests -am -Dtest=UpgradeTest \
  -Dsurefire.failIfNoSpecifiedTests=false "${arguments[@]}"
