#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Arguments go to Maven.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

use_jdk
use_maven
command -v python3 >/dev/null || install_or_say "Python 3" "python3 python3-venv" python3 python3 python3
python3 -c 'import venv, ensurepip' 2>/dev/null ||
  install_or_say "Python's venv module" python3-venv python3 python3 python3

mkdir -p .run
touch .run/building
mvn verify "$@"
# What was just built is what start.sh would build.
mv .run/building .run/built

scripts/start_test.sh
