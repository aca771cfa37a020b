#!/usr/bin/env bash
# Prints the modules of the JDK that the jars of a release name, one on each line.
#
# usage: docker/modules.sh FOLDER, which holds them
set -euo pipefail
[ $# = 1 ] && [ -d "$1" ] || {
  echo "usage: docker/modules.sh FOLDER-OF-JARS" >&2
  exit 2
}
# Many jars name classes that are not shipped, because nobody calls the code that does.
jdeps --ignore-missing-deps --multi-release 21 --print-module-deps -cp "$1/*" "$1"/*.jar |
  tr ',' '\n' | LC_ALL=C sort
