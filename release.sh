#!/usr/bin/env bash
# Makes a release of what is committed. See --help.
set -euo pipefail
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

usage() {
  cat <<'TEXT'
usage: ./release.sh [--no-build] [--into FOLDER]

Builds, without the tests (./test.sh runs them), and puts into target/release:

  coordinator-VERSION.tar.gz      bin, lib, config: unpack it and start bin/coordinator; also the recipe of the images
  coordinator-VERSION-sbom.json   what is in there, as a CycloneDX bill of materials
  osprey-coordinator-VERSION.tgz  the Helm chart
  NAME-VERSION*.jar, *.pom        the libraries of worker-client, with sources and javadoc
  SHA256SUMS                      of all of them

VERSION is that of pom.xml. One commit gives the same files, byte for byte, on one version of Java and Maven.

  --no-build      take what was built last, as it is: no clean tree is asked for, and what that build left out
                  (sources, javadoc, offline also the bill of materials) is left out here
  --into FOLDER   put it there instead; what is in the folder is removed
TEXT
}

build=yes
into=target/release
while [ $# -gt 0 ]; do
  case $1 in
    --no-build) build=no ;;
    --into)
      [ $# -ge 2 ] || die_with 2 "--into needs a folder"
      into=$2
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) die_with 2 "unknown argument: $1 (try --help)" ;;
  esac
  shift
done

version=$(sed -n '/<artifactId>coordinator-parent</,/<\/version>/s|^ *<version>\(.*\)</version>$|\1|p' pom.xml)
timestamp=$(sed -n 's|^ *<project.build.outputTimestamp>\(.*\)</.*|\1|p' pom.xml)
[ -n "$version" ] || die "pom.xml: no version found"
[ -n "$timestamp" ] || die "pom.xml: no project.build.outputTimestamp found"

# The version of pom.xml is the only one that is ever changed by hand; Maven sees to the modules' parents.
holds_version() {
  grep -q "^$2: *$version\$" "$1" || die "$1: $2 is not $version, as in pom.xml"
}

# What decides over the bytes: order, owner, mode and time of the entries, and no name or time in gzip's header.
pack() {
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$timestamp" --mode=u+rwX,go+rX,go-w \
    --format=gnu -C "$1" -cf - "$2" | gzip -n >"$3"
}

# Puts the program whose jar is $1 and its libraries into lib, where programs share them, and lists them in the order
# in which classes are looked for: first those whose names match the other arguments.
add_program() {
  local jar=$1 from list name file pattern
  shift
  from=$(dirname "$jar")/lib
  list=$root/lib/$(basename "$jar" .jar).libraries
  cp "$jar" "$root/lib"
  {
    for pattern in "$@" '*'; do
      (cd "$from" && LC_ALL=C compgen -G "$pattern.jar" | LC_ALL=C sort)
    done
  } | awk '!seen[$0]++' >"$list.names"
  while read -r name; do
    file=$from/$name
    case $name in
      # The coordinator's own jar, under the name it has as a module.
      coordinator-app-*) name=coordinator.jar ;;
    esac
    if [ ! -e "$root/lib/$name" ]; then
      cp "$file" "$root/lib/$name"
    elif [ "$name" != coordinator.jar ] && ! cmp -s "$file" "$root/lib/$name"; then
      die "$name: two builds of it are in target folders; build again"
    fi
    printf '%s\n' "$name"
  done <"$list.names" >"$list"
  rm "$list.names"
}

# One library for others to use: its jars, and the files that say what it needs.
add_library() {
  local folder=$1 name jar kind
  name=$(sed -n '/<\/parent>/,/<\/artifactId>/s|^ *<artifactId>\(.*\)</artifactId>$|\1|p' "$folder/pom.xml")
  for jar in "$folder/target/$name.jar" "$folder/target/$name-$version.jar"; do
    [ ! -e "$jar" ] || cp "$jar" "$into/$name-$version.jar"
  done
  for kind in sources javadoc; do
    for jar in "$folder/target/$name-$kind.jar" "$folder/target/$name-$version-$kind.jar"; do
      [ ! -e "$jar" ] || cp "$jar" "$into/$name-$version-$kind.jar"
    done
    [ "$build" = no ] || [ -e "$into/$name-$version-$kind.jar" ] || die "$name: the build left no $kind"
  done
  cp "$folder/pom.xml" "$into/$name-$version.pom"
}

use_jdk
if [ "$build" = yes ]; then
  if [ -n "$(git status --porcelain 2>/dev/null || true)" ]; then
    die "the tree has changes that are not committed (git status)"
  fi
  use_maven
  modules=coordinator-server/app,worker-client/stream-worker,worker-client/coordctl,worker-client/replica-sets
  [ ! -e worker-client/test-data/pom.xml ] || modules=$modules,worker-client/test-data
  # Clean, because nothing old may get in.
  mvn -q -DskipTests -Dspotless.check.skip -Prelease -am -pl "$modules" clean package
fi
[ -e coordinator-server/app/target/coordinator.jar ] || die "nothing has been built yet"

holds_version docker/helm/osprey-coordinator/Chart.yaml version
holds_version docker/helm/osprey-coordinator/Chart.yaml appVersion

stage=$(mktemp -d "${TMPDIR:-/tmp}/release.XXXXXX")
trap 'rm -rf "$stage"' EXIT
root=$stage/coordinator-$version
mkdir -p "$root/bin" "$root/scripts" "$root/lib" "$root/config" "$root/docker" "$root/licences"

add_program coordinator-server/app/target/coordinator.jar
add_program worker-client/coordctl/target/coordctl.jar 'picocli-*' 'jackson-*'
add_program worker-client/stream-worker/target/stream-worker.jar
cp scripts/bin/{coordinator,coordctl,sample-worker} "$root/bin"
if [ -e worker-client/test-data/target/test-data.jar ]; then
  add_program worker-client/test-data/target/test-data.jar
  cp scripts/bin/test-data "$root/bin"
fi
cp scripts/{toolchain,train,coordctl}.sh "$root/scripts"
cp coordinator-server/app/src/main/resources/coordinator-default.yaml "$root/config/coordinator.yaml"
cp LICENSE CHANGELOG.md "$root"
cp scripts/release.md "$root/README.md"
cp docker/{Dockerfile,modules.txt,README.md} "$root/docker"
cp docs/dependencies.md "$root/licences/README.md"
java scripts/Licences.java "$root/lib" "$root/licences"

rm -rf "$into"
mkdir -p "$into"
into=$(CDPATH='' cd -- "$into" && pwd)
pack "$stage" "coordinator-$version" "$into/coordinator-$version.tar.gz"
pack docker/helm osprey-coordinator "$into/osprey-coordinator-$version.tgz"
if [ -e coordinator-server/app/target/bom.json ]; then
  cp coordinator-server/app/target/bom.json "$into/coordinator-$version-sbom.json"
elif [ "$build" = yes ]; then
  echo "release.sh: no bill of materials: Maven makes none when it is offline" >&2
fi
cp pom.xml "$into/coordinator-parent-$version.pom"
cp worker-client/pom.xml "$into/worker-client-$version.pom"
add_library coordinator-proto
add_library worker-client/stream-worker
add_library worker-client/replica-sets
(cd "$into" && LC_ALL=C && sha256sum -- * >"$stage/sums" && mv "$stage/sums" SHA256SUMS)

printf '%s\n' "$into:" >&2
cat "$into/SHA256SUMS"
