#!/usr/bin/env bash
# Tests start.sh with what test.sh has built: on free ports, in a copy whose path has a space, with a
# Maven that only takes notes. Prints one line per test; exits with 1 when one failed.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
use_jdk

repository=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/start_test.XXXXXX")
copy="$scratch/a copy"
archive="$copy/.run/coordinator.archive"
# shellcheck source=scripts/tap.sh
. scripts/tap.sh

# Every job gets a process group of its own: a signal to the group is a Ctrl-C, and an empty group
# means that no process was left behind.
set -m

cd_copy() {
  mkdir -p "$copy/.run" "$copy/.mvn" "$copy/coordinator-proto" "$copy/coordinator-server/app" \
    "$copy/worker-client/stream-worker" "$copy/coordinator-server/core/src/main/java" \
    "$copy/coordinator-server/core/src/test/java"
  mkdir "$copy/scripts"
  cp start.sh pom.xml "$copy"
  cp scripts/*.* "$copy/scripts"
  touch "$copy/coordinator-server/core/src/main/java/"{Kept,Removed}.java
  # Copied, because tests change a jar.
  mkdir "$copy/coordinator-server/app/target"
  cp -R "$repository/coordinator-server/app/target/"{coordinator.jar,lib} "$copy/coordinator-server/app/target"
  ln -s "$repository/worker-client/stream-worker/target" "$copy/worker-client/stream-worker/target"
  touch "$copy/.run/built"
  "$copy/scripts/train.sh" "$archive" || exit 1
  mkdir "$scratch/elsewhere" "$scratch/maven"
  cd "$scratch/elsewhere" || exit 1
}

# Replaces Maven; $1 is what it does after taking its note.
fake_maven() {
  rm -f "$scratch/maven.called"
  printf '#!/bin/sh\necho "$@" >"%s/maven.called"\n%s\n' "$scratch" "${1:-}" >"$scratch/maven/mvn"
  chmod +x "$scratch/maven/mvn"
}

# Runs what env would, with free ports and that Maven; what it prints goes to out and err.
launch() {
  : >out
  : >err
  (
    export PATH="$scratch/maven:$PATH"
    export OSPREY_COORDINATOR_BIDI_STREAM_PORT=0 OSPREY_COORDINATOR_SYNC_ACTION_PORT=0
    export OSPREY_COORDINATOR_HTTP_PORT=0
    exec env "$@"
  ) >out 2>err &
  pid=$!
}

# The process of this test that runs the class $1.
process_of() {
  ps -A -o pid=,pgid=,args= | awk -v group="$pid" -v class="$1" \
    '$2 == group && $0 ~ "/?java .*" class { print $1 }'
}

runs() {
  [ -n "$(process_of "$1")" ]
}

port_of() {
  sed -n "s/^  $1 *127\\.0\\.0\\.1:\\([0-9]*\\)\$/\\1/p" out
}

is_ready() {
  grep -q '^Try it:' out
}

# Everything ended, with the status $1, and left nothing in .run.
ended_with() {
  local status=0
  await 35 group_is_empty || return 1
  { wait "$pid"; } 2>/dev/null || status=$?
  [ "$status" = "$1" ] || { echo "# ended with $status instead of $1"; return 1; }
  ! ls "$copy/.run/"ready.* >/dev/null 2>&1 || { echo "# left a ready file"; return 1; }
}

# Ended with the status $1 and printed nothing but the line $2, a pattern.
refused_with() {
  ended_with "$1" || return 1
  [ ! -s out ] || { echo "# printed to stdout"; return 1; }
  printed_lines 1 || return 1
  grep -q "$2" err || { echo "# did not say: $2"; return 1; }
}

# What a failed test left, so that the next one begins as the first.
kill_group() {
  [ -n "$pid" ] || return 0
  kill -KILL -- "-$pid" 2>/dev/null
  { wait "$pid"; } 2>/dev/null
  rm -f "$copy/.run/"ready.*
}

before_each() {
  fake_maven 'exit 1'
}

after_each() {
  kill_group
}

finish() {
  kill_group
  cd / && rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# The tests. Each begins with what is typed, and ends with what must be left: nothing.

# The best of three, for machines that are busy with something else.
starts_what_test_sh_built() {
  local try soon=no
  # Which the first start after a build would do, and a copy of it did above.
  "$repository/scripts/train.sh" "$repository/.run/coordinator.archive" || return 1
  for try in 1 2 3; do
    launch "$repository/start.sh"
    if await 3 is_ready; then soon=yes; fi
    kill -TERM "$pid"
    await 35 group_is_empty || return 1
    [ "$soon" = no ] || break
    echo "# try $try"
  done
  [ ! -e "$scratch/maven.called" ] || { echo "# built again"; return 1; }
  [ "$soon" = yes ]
}

brings_a_verdict() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  call "$(port_of calls)" 20000 | tee answer
  grep -q 'verdicts: "seen"' answer || return 1
  kill -TERM "$pid"
  ended_with 0
}

prints_a_call_to_paste() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  sed -n '/^grpcurl/,/ProcessAction$/p' out | bash >answer 2>&1
  cat answer
  grep -q '"seen"' answer || return 1
  kill -TERM "$pid"
  ended_with 0
}

leaves_the_sample_worker_out() {
  launch "$copy/start.sh" --no-sample-worker
  await 20 is_ready || return 1
  call "$(port_of calls)" 300 | grep DEADLINE_EXCEEDED || return 1
  ! runs SampleWorker || return 1
  kill -TERM "$pid"
  ended_with 0
}

prints_the_usage() {
  launch JAVA_HOME=/nowhere "$copy/start.sh" --help
  ended_with 0 && printed_lines 0 && grep -q '^usage: ./start.sh' out
}

stops_on_ctrl_c() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  await 20 runs SampleWorker || return 1
  kill -INT -- "-$pid"
  ended_with 0 && grep -q 'stopped: drained=true' out
}

# On free ports, which the file takes from where start.sh leaves them.
prints_a_task_to_paste() {
  launch SAMPLE_SERVICES='port=0 delay=0' OSPREY_COORDINATOR_DATABASE_FILE="$PWD/tasks.db" \
    "$copy/start.sh" --tasks --config ../services.yaml
  await 20 grep -q "^  }'\$" out || return 1
  sed -n "/^curl/,/^  }'\$/p" out | bash >answer 2>&1
  cat answer
  grep -q '"status":"success"' answer || return 1
  [ "$(grep -o '"data":' answer | wc -l)" -eq 3 ] || { echo "# expected three results"; return 1; }
  kill -INT -- "-$pid"
  ended_with 0
}

prints_a_stream_to_paste() {
  launch OSPREY_COORDINATOR_DATABASE_FILE="$PWD/streams.db" \
    "$copy/start.sh" --streams
  await 20 grep -q "events?filter=scenes" out || return 1
  sed -n "/\/streams\" -H/,/^  }'\$/p" out | bash >answer 2>&1
  sed -n '/^curl -N/p' out | bash >>answer 2>&1 &
  watching=$!
  await 20 grep -q '"current_scene":"Main"' answer
  found=$?
  kill -INT -- "-$pid"
  ended_with 0
  wait "$watching"
  cat answer
  grep -q '{"stream_id":"show","message":"Stream created successfully"}' answer && return "$found"
}

ends_when_a_sample_service_cannot_start() {
  launch SAMPLE_SERVICES=port=none "$copy/start.sh" --tasks
  ended_with 2 && [ ! -s out ] && grep -q "^sample services: port: want a number" err
}

# It sleeps between two looks for the coordinator's ports: by then it knows whom to end.
waits_or_is_ready() {
  ps -A -o pgid=,args= | awk -v group="$pid" \
    '$1 == group && $2 == "sleep" { found = 1 } END { exit !found }' || is_ready
}

stops_on_ctrl_c_at_once() {
  launch "$copy/start.sh"
  await 20 runs coordinator.app.Main || return 1
  await 20 waits_or_is_ready || return 1
  kill -INT -- "-$pid"
  ended_with 0
}

stops_when_told_twice() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  kill -TERM "$pid"
  kill -TERM "$pid" 2>/dev/null
  ended_with 0 && grep -q 'stopped: drained=true' out
}

# A JVM that is ended while it begins says things of its own.
ends_with_the_coordinator() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  await 20 grep -q 'sample worker: .* streams to' out || return 1
  kill "-$1" "$(process_of coordinator.app.Main)"
  ended_with "$2" && printed_lines 1 && grep -q "ended by signal $3" err
}

outlives_the_sample_worker() {
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  await 20 runs SampleWorker || return 1
  kill -KILL "$(process_of SampleWorker)"
  call "$(port_of calls)" 300 | grep DEADLINE_EXCEEDED || return 1
  kill -TERM "$pid"
  ended_with 0
}

refuses() {
  local status=$1 line=$2
  shift 2
  launch "$@"
  refused_with "$status" "$line"
}

names_every_mistake() {
  launch OSPREY_COORDINATOR_SYNC_ACTION_PORT=many MAX_ACKING_RECEIVER_WAIT_TIME_MS=-1 "$copy/start.sh"
  ended_with 2 && printed_lines 2 &&
    grep -q OSPREY_COORDINATOR_SYNC_ACTION_PORT err && grep -q MAX_ACKING_RECEIVER_WAIT_TIME_MS err
}

names_a_taken_port() {
  rm -f taken
  python3 -c 'import socket, time
s = socket.create_server(("0.0.0.0", 0))
print(s.getsockname()[1], flush=True)
time.sleep(60)' >taken &
  local holder=$! good
  await 20 test -s taken
  launch "$1=$(cat taken)" "$copy/start.sh"
  ended_with 1 && printed_lines 1 && grep -q "port .*:$(cat taken): Address already in use" err
  good=$?
  kill "$holder"
  { wait "$holder"; } 2>/dev/null
  return "$good"
}

reads_a_file_from_where_it_was_called() {
  launch -u OSPREY_COORDINATOR_SYNC_ACTION_PORT "$copy/start.sh" --config ../ports.yaml
  await 20 is_ready || return 1
  grep -q 'setting: rpc.syncPort=0 from .*ports.yaml' out || return 1
  kill -TERM "$pid"
  ended_with 0
}

takes_all_old_variables() {
  launch OSPREY_COORDINATOR_CONSUMER_TYPE=kafka OSPREY_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1 \
    OSPREY_KAFKA_INPUT_STREAM_TOPIC=actions OSPREY_KAFKA_GROUP_ID=group ETCD_PEERS=http://127.0.0.1:1 \
    OSPREY_COORDINATOR_SERVICE_NAME=coordinator POD_IP=127.0.0.1 SNOWFLAKE_API_ENDPOINT=http://127.0.0.1:1 \
    MAX_TIME_TO_SEND_TO_ASYNC_QUEUE_MS=500 MAX_ACKING_RECEIVER_WAIT_TIME_MS=60000 \
    MAX_PQ_RECEIVE_AWAIT_TIME_MS=5000 PUBSUB_SUBSCRIPTION_PROJECT_ID=project \
    PUBSUB_SUBSCRIPTION_ID=subscription PUBSUB_MAX_MESSAGES=5000 PUBSUB_MAX_PROCESSING_MESSAGES=5000 \
    "$copy/start.sh"
  await 20 is_ready || return 1
  grep -q 'source: kafka bootstrap_servers=127.0.0.1:1 topic=actions group_id=group' out || return 1
  kill -TERM "$pid"
  ended_with 0
}

# A PATH on which there is a package manager that only takes notes, and no JDK.
says_how_to_get_a_jdk() {
  local tool
  mkdir "$scratch/tools"
  for tool in bash basename dirname id mkdir readlink sed; do
    ln -s "$(command -v "$tool")" "$scratch/tools/$tool"
  done
  printf '#!/bin/sh\necho "$@" >"%s/installed"\n' "$scratch" >"$scratch/tools/apt-get"
  chmod +x "$scratch/tools/apt-get"
  launch -u JAVA_HOME PATH="$scratch/tools" JDK_FOLDERS="$scratch/empty/*" NO_INSTALL=1 "$copy/start.sh"
  refused_with 1 'a JDK 21 or newer is missing. Install it with: .*apt-get install -y openjdk-21' || return 1
  [ ! -e "$scratch/installed" ]
}

builds_when() {
  fake_maven
  "$@"
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  grep -q package "$scratch/maven.called" || { echo "# did not build"; return 1; }
  kill -TERM "$pid"
  ended_with 0
}

does_not_build_when() {
  "$@"
  launch "$copy/start.sh"
  await 20 is_ready || return 1
  kill -TERM "$pid"
  ended_with 0
}

# Starts and stops; err then has all it said.
start_and_stop() {
  launch "$@"
  await 60 is_ready || return 1
  kill -TERM "$pid"
  ended_with 0
}

trains_when() {
  "$@"
  start_and_stop "$copy/start.sh" --no-sample-worker || return 1
  printed_lines 1 && grep -q '^Training an archive' err || return 1
  [ -s "$archive" ] || { echo "# no archive"; return 1; }
  start_and_stop "$copy/start.sh" --no-sample-worker && printed_lines 0
}

change_a_jar() {
  touch "$copy/coordinator-server/app/target/coordinator.jar"
}

# JAVA_OPTS come last, so these lines are shown although starts keep quiet about the archive.
uses_the_archive() {
  start_and_stop JAVA_OPTS=-Xlog:class+load "$copy/start.sh" --no-sample-worker || return 1
  grep -q 'coordinator.app.Main source: shared objects file' out
}

# $1 is what to do to the archive: it must neither break the start nor show.
starts_in_spite_of() {
  cp "$archive" kept.archive
  "$@"
  # Newer than the jars and with the right key: it looks as if it could be used.
  start_and_stop "$copy/start.sh" --no-sample-worker && printed_lines 0
  local good=$?
  mv kept.archive "$archive"
  return "$good"
}

spoil_the_archive() {
  echo spoilt >"$archive"
}

empty_the_archive() {
  : >"$archive"
}

starts_with_other_flags() {
  start_and_stop JAVA_OPTS='-XX:-UseSerialGC -XX:+UseParallelGC' "$copy/start.sh" --no-sample-worker &&
    printed_lines 0
}

# Below the folder it is called from, as the build of an image would.
trains_for_another_jar() {
  mkdir image
  cp -R "$copy/coordinator-server/app/target/"{coordinator.jar,lib} image
  COORDINATOR_JAR=image/coordinator.jar "$copy/scripts/train.sh" image/archive >out 2>err || return 1
  (COORDINATOR_JAR=$PWD/image/coordinator.jar && archive_is_current image/archive) || return 1
  read -ra flags <<<"$(coordinator_flags) $(archive_flags image/archive)"
  "$JAVA_HOME/bin/java" "${flags[@]}" -Xlog:class+load -cp "$(class_path "$PWD/image/coordinator.jar")" \
    "$MAIN" --help >out 2>err &&
    grep -q 'coordinator.app.Main source: shared objects file' out
}

stops_while_it_trains() {
  change_a_jar
  launch "$copy/start.sh"
  await 20 runs AOTMode=record || await 1 runs ArchiveClassesAtExit || return 1
  kill -TERM "$pid"
  ended_with 143
}

shows_why_the_build_failed() {
  fake_maven 'echo "[ERROR] a semicolon is missing"; exit 1'
  rm "$copy/.run/built"
  launch "$copy/start.sh"
  ended_with 1 && grep -q 'a semicolon is missing' err && grep -q '^start.sh: the build failed$' err
}

stops_while_it_builds() {
  fake_maven 'exec sleep 60'
  rm -f "$copy/.run/built"
  launch "$copy/start.sh"
  await 20 test -e "$scratch/maven.called" || return 1
  kill -TERM "$pid"
  ended_with 143
}

cd_copy
fake_maven 'exit 1'
printf 'rpc:\n  syncPort: 0\n' >../ports.yaml
printf 'rpc:\n  syncPrt: 0\n' >../mistaken.yaml
cat >../services.yaml <<'YAML'
tasks:
  services:
    revenue: ${REVENUE_SERVICE_URL}
    rebates: ${REBATES_SERVICE_URL}
    specialty: ${SPECIALTY_SERVICE_URL}
YAML

check "starts within 3 s and without a build after test.sh" starts_what_test_sh_built
check "a call gets the sample worker's verdict" brings_a_verdict
if command -v grpcurl >/dev/null; then
  check "the printed grpcurl line gets one too" prints_a_call_to_paste
fi
check "--no-sample-worker" leaves_the_sample_worker_out
check "--help needs no JDK" prints_the_usage
check "Ctrl-C drains and ends all" stops_on_ctrl_c
check "--tasks: the printed curl gets the results of three services" prints_a_task_to_paste
check "--streams: the printed curls make a stream and watch it" prints_a_stream_to_paste
check "--tasks with a mistake" ends_when_a_sample_service_cannot_start
check "Ctrl-C before it is ready ends all" stops_on_ctrl_c_at_once
check "SIGTERM twice is as good as once" stops_when_told_twice
check "the coordinator's SIGKILL ends all" ends_with_the_coordinator KILL 137 9
check "the coordinator's SIGTERM ends all" ends_with_the_coordinator TERM 143 15
check "the sample worker's end is survived" outlives_the_sample_worker
check "an unknown argument" refuses 1 'start.sh: unknown argument: --fast' "$copy/start.sh" --fast
check "--config without a file" refuses 1 'config needs a file' "$copy/start.sh" --config
check "--config with no such file" refuses 1 'there is no file none.yaml' "$copy/start.sh" --config none.yaml
check "--config with a folder" refuses 1 'is a folder' "$copy/start.sh" --config .
check "a mistake in the file" refuses 2 'syncPrt' "$copy/start.sh" --config ../mistaken.yaml
check "every mistake in the environment has its line" names_every_mistake
check "a taken sync port" names_a_taken_port OSPREY_COORDINATOR_SYNC_ACTION_PORT
check "a taken worker port" names_a_taken_port OSPREY_COORDINATOR_BIDI_STREAM_PORT
check "a taken HTTP port" names_a_taken_port OSPREY_COORDINATOR_HTTP_PORT
check "--config is relative to where it is called" reads_a_file_from_where_it_was_called
check "all the old variables work, and no broker is needed to start" takes_all_old_variables
check "a missing JDK" says_how_to_get_a_jdk
check "builds when nothing has been built" builds_when rm "$copy/.run/built"
check "builds when a source changed" builds_when touch "$copy/coordinator-server/core/src/main/java/Kept.java"
check "builds when a source was removed" builds_when rm "$copy/coordinator-server/core/src/main/java/Removed.java"
check "does not build when only a test changed" does_not_build_when touch "$copy/coordinator-server/core/src/test/java/New.java"
check "the archive of classes is used" uses_the_archive
check "it is trained again when a jar changed" trains_when change_a_jar
check "it is trained when there is none" trains_when rm "$archive"
check "a spoilt one is passed over" starts_in_spite_of spoil_the_archive
check "an empty one too" starts_in_spite_of empty_the_archive
check "one that does not fit JAVA_OPTS too" starts_with_other_flags
check "an archive can be trained for a jar elsewhere" trains_for_another_jar
check "SIGTERM while it trains ends the training" stops_while_it_trains
check "shows why the build failed" shows_why_the_build_failed
check "SIGTERM while it builds ends the build" stops_while_it_builds

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
