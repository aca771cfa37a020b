#!/usr/bin/env bash
# Tests what release.sh packs from what test.sh has built: unpacked elsewhere, in a path with blanks, on free
# ports, without Maven. Prints one line per test; exits with 1 when one failed.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tap.sh
. scripts/tap.sh
use_jdk

repository=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/release_test.XXXXXX")
home="$scratch/un packed/coordinator"
worker=""

# Every job gets a process group of its own, so that nothing is left behind.
set -m

# Runs what env would, with free ports and a PATH without Maven; what it prints goes to out and err.
launch() {
  rm -f ready
  : >out
  : >err
  (
    export PATH="$scratch/tools:/usr/bin:/bin"
    export OSPREY_COORDINATOR_BIDI_STREAM_PORT=0 OSPREY_COORDINATOR_SYNC_ACTION_PORT=0
    export OSPREY_COORDINATOR_HTTP_PORT=0
    exec env "$@"
  ) >out 2>err &
  pid=$!
}

start() {
  launch "$@" --ready-file "$PWD/ready"
  await 60 ready_or_ended || return 1
  [ -s ready ] || { echo "# it did not start"; return 1; }
  worker_port="" sync_port="" http_port=""
  # shellcheck disable=SC1091
  . ./ready
}

ready_or_ended() {
  [ -s ready ] || ! kill -0 "$pid" 2>/dev/null
}

is_gone() {
  ! kill -0 "$1" 2>/dev/null
}

ended_with() {
  local status=0
  await 40 is_gone "$pid" || return 1
  { wait "$pid"; } 2>/dev/null || status=$?
  [ "$status" = "$1" ] || { echo "# ended with $status instead of $1"; return 1; }
}

stop() {
  kill -TERM "$pid"
  ended_with 0
}

kill_all() {
  local one
  for one in $worker $pid; do
    kill -KILL -- "-$one" 2>/dev/null
    { wait "$one"; } 2>/dev/null
  done
  worker="" pid=""
}

before_each() {
  :
}

after_each() {
  kill_all
}

finish() {
  kill_all
  chmod -R u+w "$scratch"
  cd / && rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# A call through the class path of what was unpacked. $1 is how long to wait, in milliseconds.
call() {
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$home/lib/*" \
    "$repository/scripts/SampleCall.java" "$sync_port" "$1" 2>&1
}

# The tests.

two_packs_are_the_same() {
  "$repository/release.sh" --no-build --into "$scratch/one" >out 2>err || return 1
  (umask 077 && "$repository/release.sh" --no-build --into "$scratch/two" >>out 2>>err) || return 1
  diff -r "$scratch/one" "$scratch/two" && (cd "$scratch/one" && sha256sum --quiet -c SHA256SUMS)
}

has_what_it_should() {
  local file
  for file in bin/coordinator bin/coordctl bin/sample-worker lib/coordinator.jar config/coordinator.yaml LICENSE \
    README.md CHANGELOG.md docker/Dockerfile licences/README.md; do
    [ -s "$home/$file" ] || { echo "# no $file"; return 1; }
  done
  [ "$(find "$home/licences" -type f | wc -l)" -gt 30 ] || { echo "# few licences"; return 1; }
  [ ! -e "$home/archive" ] || { echo "# an archive, which fits one Java only"; return 1; }
}

# The first start makes the archive; in a folder of its own, where the database will be.
serves_a_call() {
  start "$home/bin/coordinator" || return 1
  grep -q 'training an archive' err || { echo "# no word of training"; return 1; }
  "$home/bin/coordinator" health "127.0.0.1:$http_port" || return 1
  "$home/bin/sample-worker" --target "127.0.0.1:$worker_port" >worker.out 2>&1 &
  worker=$!
  call 20000 | tee answer
  grep -q 'verdicts: "seen"' answer || return 1
  stop && grep -q 'stopped: drained=true' out
}

uses_the_archive() {
  start JAVA_OPTS=-Xlog:class+load "$home/bin/coordinator" || return 1
  grep -q 'coordinator.app.Main source: shared objects file' out || return 1
  [ ! -s err ] || return 1
  stop
}

moves() {
  mv "$home" "$scratch/moved" || return 1
  home=$scratch/moved
  uses_the_archive
}

is_reached_through_a_link() {
  ln -s "$home/bin/coordinator" "$scratch/link"
  start "$scratch/link" || return 1
  "$home/bin/coordctl" health --url "http://127.0.0.1:$http_port" || return 1
  stop
}

names_a_mistake() {
  launch MAX_ACKING_RECEIVER_WAIT_TIME_MS=-1 "$home/bin/coordinator"
  ended_with 2 && grep -q MAX_ACKING_RECEIVER_WAIT_TIME_MS err
}

accepts_the_file_of_all_settings() {
  launch "$home/bin/coordinator" --config "$home/config/coordinator.yaml" --print-config
  ended_with 0 && grep -q 'syncPort' out
}

health_says_when_nobody_is_there() {
  launch "$home/bin/coordinator" health 127.0.0.1:1
  ended_with 1 && grep -q 'nothing accepts at 127.0.0.1:1' err
}

prints_the_usage_without_java() {
  launch -u JAVA_HOME JDK_FOLDERS="$scratch/none" "$home/bin/coordinator" --help
  ended_with 0 && grep -q '^usage: bin/coordinator' out
}

# What only runs programs has no compiler.
runs_on_a_runtime() {
  mkdir -p "$scratch/runtime/bin"
  ln -s "$JAVA_HOME/bin/java" "$scratch/runtime/bin/java"
  cp "$JAVA_HOME/release" "$scratch/runtime"
  start -u JDK_FOLDERS JAVA_HOME="$scratch/runtime" "$home/bin/coordinator" && stop
}

says_that_java_is_missing() {
  local tool
  mkdir "$scratch/few"
  for tool in bash env basename dirname readlink sed id; do
    ln -s "$(command -v "$tool")" "$scratch/few/$tool"
  done
  printf '#!/bin/sh\necho "$@" >"%s/installed"\n' "$scratch" >"$scratch/few/apt-get"
  chmod +x "$scratch/few/apt-get"
  launch -u JAVA_HOME PATH="$scratch/few" JDK_FOLDERS="$scratch/none" "$home/bin/coordinator"
  ended_with 1 && grep -q 'a JDK 21 or newer is missing. Install it with:' err && [ ! -e "$scratch/installed" ]
}

# Root may write everywhere: then it is somebody else who starts it.
starts_where_nothing_may_be_written() {
  local other=()
  rm -rf "$home/archive"
  chmod -R a-w "$home"
  mkdir -p other
  if [ "$(id -u)" = 0 ]; then
    chmod a+rwx other
    chmod a+rx "$scratch"
    other=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  fi
  (cd other && "$JAVA_HOME/bin/java" -version) >/dev/null 2>&1 || return 1
  chmod a+rwx .
  start OSPREY_COORDINATOR_DATABASE_FILE="$PWD/other/coordinator.db" "${other[@]}" "$home/bin/coordinator" || return 1
  [ ! -s err ] || { echo "# it complained"; return 1; }
  [ ! -e "$home/archive" ] || { echo "# it wrote an archive"; return 1; }
  stop || return 1
  launch "${other[@]}" "$home/bin/coordctl" --version
  ended_with 0 && grep -q '^coordctl [0-9]' out
}

has_a_command_line() {
  launch "$home/bin/coordctl" config check "$home/config/coordinator.yaml"
  ended_with 0
}

needed_no_maven() {
  [ ! -e "$scratch/maven.called" ]
}

mkdir -p "$scratch/tools" "$scratch/un packed" "$scratch/elsewhere"
printf '#!/bin/sh\ntouch "%s/maven.called"\n' "$scratch" >"$scratch/tools/mvn"
chmod +x "$scratch/tools/mvn"
cd "$scratch/elsewhere" || exit 1
: >out
: >err

check "two packs are the same, byte for byte" two_packs_are_the_same
tar -xzf "$scratch"/one/coordinator-*.tar.gz -C "$scratch/un packed" || exit 1
mv "$scratch/un packed"/coordinator-* "$home" || exit 1
check "has what a release should" has_what_it_should
check "starts, is healthy, gets a verdict from its sample worker, and stops" serves_a_call
check "the next start uses the archive" uses_the_archive
check "so does one after the folder was moved" moves
check "starts through a link" is_reached_through_a_link
check "a mistake in the settings" names_a_mistake
check "the file of all settings is good" accepts_the_file_of_all_settings
check "the command line checks it too" has_a_command_line
check "health, when there is no coordinator" health_says_when_nobody_is_there
check "--help needs no Java" prints_the_usage_without_java
check "a Java without a compiler will do" runs_on_a_runtime
check "a missing Java is named, and not installed" says_that_java_is_missing
check "starts where nothing may be written" starts_where_nothing_may_be_written
check "nobody asked for Maven" needed_no_maven

echo "release: $passed passed, $failed failed"
[ "$failed" = 0 ]
