#!/usr/bin/env bash
# Prints the modules of the JDK that the jars of a release name, one on each line.
#
# usage: docker/modules.sh FOLDER, which holds them
set -euo pipefail
if [ $# != 1 ] || [ ! -d "$1" ]; then
  echo "usage: docker/modules.sh FOLDER-OF-JARS" >&2
  exit 2
fi
# Those that are modules themselves would be looked at as such, and ask for other modules by names that nobody has:
# they are reached from the others instead. The name of an entry stands in a jar as it is.
mapfile -t jars < <(grep -L 'module-info\.class' "$1"/*.jar)
# Many jars name classes that are not shipped, because nobody calls the code that does.
jdeps --ignore-missing-deps --multi-release 21 --recursive --print-module-deps -cp "$1/*" "${jars[@]}" |
  tr ',' '\n' | LC_ALL=C sort
