#!/usr/bin/env bash
# Tests the launcher of coordctl with what test.sh has built: in a copy whose path has a space, through a
# link, with a Maven that only takes notes. Prints one line per test; exits with 1 when one failed.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit 1

repository=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/coordctl_test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
copy="$scratch/a copy"
passed=0
failed=0

make_copy() {
  mkdir -p "$copy/.run" "$copy/.mvn" "$copy/coordinator-proto" "$copy/coordinator-server" \
    "$copy/worker-client/coordctl/src/main/java" "$copy/worker-client/coordctl/src/test" \
    "$scratch/elsewhere" "$scratch/maven"
  mkdir "$copy/scripts"
  cp coordctl pom.xml "$copy"
  cp scripts/*.* "$copy/scripts"
  ln -s "$repository/worker-client/coordctl/target" "$copy/worker-client/coordctl/target"
  ln -s "$copy/coordctl" "$scratch/link"
  touch "$copy/.run/coordctl-built"
  printf '#!/bin/sh\necho "$@" >"%s/maven.called"\nexit 1\n' "$scratch" >"$scratch/maven/mvn"
  chmod +x "$scratch/maven/mvn"
  cd "$scratch/elsewhere" || exit 1
}

# Runs it through the link; what it prints goes to out and err, its status to status.
launch() {
  rm -f "$scratch/maven.called"
  status=0
  PATH="$scratch/maven:$PATH" "$scratch/link" "$@" >out 2>err || status=$?
}

ended_with() {
  [ "$status" = "$1" ] || { echo "# ended with $status instead of $1: $(cat err)"; return 1; }
}

the_first_start_prepares_an_archive() {
  launch --version
  ended_with 0 && grep -q '^coordctl [0-9]' out && grep -q '^Preparing' err &&
    [ -s "$copy/.run/coordctl.archive" ] && ! ls "$copy"/.run/coordctl-train.*/ >/dev/null 2>&1
}

later_starts_say_nothing_of_their_own() {
  launch --version
  ended_with 0 && [ ! -s err ] && [ ! -e "$scratch/maven.called" ]
}

the_archive_is_used() {
  JAVA_OPTS=-Xlog:class+load launch --version
  ended_with 0 && grep 'org.osprey.coordinator.ctl.Main ' out | grep -q 'shared objects file'
}

files_are_those_of_the_caller() {
  printf 'leases:\n  time: 5s\n' >here.yaml
  launch config check here.yaml
  ended_with 0 && grep -q 'leases.time=5s from here.yaml:2' out
}

words_with_blanks_and_the_status_pass_through() {
  launch config check 'no such file.yaml'
  ended_with 2 && grep -q 'no such file.yaml: there is no such file' err || return 1
  launch health --url http://127.0.0.1:1
  ended_with 3 && [ "$(wc -l <err)" -eq 1 ]
}

changed_sources_are_built() {
  touch "$copy/worker-client/coordctl/src/main/java"
  launch --version
  ended_with 1 && grep -q 'the build failed' err &&
    grep -q -- '-pl worker-client/coordctl -am package' "$scratch/maven.called" || return 1
  touch "$copy/.run/coordctl-built"
}

changed_tests_are_not() {
  touch "$copy/worker-client/coordctl/src/test/Changed.java"
  launch --version
  ended_with 0 && [ ! -e "$scratch/maven.called" ]
}

run() {
  if "$1"; then
    passed=$((passed + 1))
    echo "ok   $1"
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/# /' out err | head -20
  fi
}

make_copy
run the_first_start_prepares_an_archive
run later_starts_say_nothing_of_their_own
run the_archive_is_used
run files_are_those_of_the_caller
run words_with_blanks_and_the_status_pass_through
run changed_sources_are_built
run changed_tests_are_not
echo "coordctl: $passed passed, $failed failed"
[ "$failed" = 0 ]
