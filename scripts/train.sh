#!/usr/bin/env bash
# Trains an archive of classes from a real run of what was built, so that the coordinator starts and
# gets fast sooner: an AOT cache on JDK 25 and newer, AppCDS before.
#
# usage: scripts/train.sh ARCHIVE
#
# COORDINATOR_JAR names the jar to train for, with its lib beside it, as in an image; by default it is
# the one that was built here.
#
# Writes ARCHIVE, and ARCHIVE.key, which says what it is good for. When training fails ARCHIVE is
# empty, which starts treat as none, and the status is 1.
# shellcheck disable=SC2317  # traps reach what seems unreachable
set -euo pipefail
archive=${1:-}
case $archive in /*) ;; *) archive=$PWD/$archive ;; esac
case ${COORDINATOR_JAR:-/} in /*) ;; *) COORDINATOR_JAR=$PWD/$COORDINATOR_JAR ;; esac
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
[ $# = 1 ] || die_with 2 "usage: scripts/train.sh ARCHIVE"
use_jdk

work=$(mktemp -d "${TMPDIR:-/tmp}/train.XXXXXX")
child=""

# Not asked but killed: asked to end, a JVM that records would first write what it has.
clean_up() {
  trap '' INT TERM HUP
  [ -z "$child" ] || { kill -KILL "$child" && wait "$child"; } 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' INT TERM HUP

# None of the caller's settings: a run for training must not touch a broker.
run_java() {
  env -i PATH="$PATH" HOME="$work" OSPREY_COORDINATOR_DATABASE_FILE="$work/coordinator.db" \
    "$JAVA_HOME/bin/java" "${flags[@]}" "$@" >>"$work/log" 2>&1 &
  child=$!
}

ended() {
  local status=0
  wait "$child" || status=$?
  child=""
  [ "$status" = 0 ] || [ "$status" = 143 ]
}

# Runs until it has warmed up, and is then told to end.
record() {
  cat >"$work/training.yaml" <<'YAML'
rpc:
  bindAddress: 127.0.0.1
  workerPort: 0
  syncPort: 0
http:
  bindAddress: 127.0.0.1
  port: 0
startup:
  warmUp: 3s
YAML
  run_java "$@" -cp "$class_path" "$MAIN" --config "$work/training.yaml" --ready-file "$work/ready"
  until [ -s "$work/ready" ]; do
    kill -0 "$child" 2>/dev/null || return 1
    sleep 0.1
  done
  kill -TERM "$child"
  ended
}

train() {
  if [ "$(jdk_version "$JAVA_HOME")" -ge "$MIN_AOT_JDK" ]; then
    record -XX:AOTMode=record "-XX:AOTConfiguration=$work/recorded" || return 1
    run_java -XX:AOTMode=create "-XX:AOTConfiguration=$work/recorded" "-XX:AOTCache=$work/archive" \
      -cp "$class_path"
    ended || return 1
  else
    record "-XX:ArchiveClassesAtExit=$work/archive" || return 1
  fi
  [ -s "$work/archive" ]
}

read -ra flags <<<"$(coordinator_flags)"
class_path=$(class_path "$COORDINATOR_JAR")
key=$(archive_key)
status=0
train || {
  status=1
  cat "$work/log" >&2
  : >"$work/archive"
}
# The key last: without it nothing is trusted.
rm -f "$archive.key"
mv "$work/archive" "$archive"
printf '%s\n' "$key" >"$archive.key"
exit "$status"
