#!/usr/bin/env bash
# Tests ./start.sh --with-coordinator with what test.sh has built, on free ports, in a copy whose path has a space:
# the real servers as processes, and what is passed on to Docker with a stand-in that takes notes. Prints one
# line per test; exits with 1 when one failed. Tests build on those before them: one start serves many.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
use_jdk

repository=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/local_test.XXXXXX")
copy="$scratch/a copy"
folder="$copy/.run/local"
# shellcheck source=scripts/tap.sh
. scripts/tap.sh
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

# A signal to the group of a job is a Ctrl-C.
set -m

make_copy() {
  local module
  mkdir -p "$copy/.run" "$copy/.mvn" "$copy/coordinator-proto" "$copy/scripts/kafka" "$scratch/elsewhere" "$scratch/bin"
  cp start.sh pom.xml "$copy"
  cp scripts/*.* "$copy/scripts"
  cp scripts/kafka/pom.xml "$copy/scripts/kafka"
  for module in coordinator-server/app worker-client/stream-worker worker-client/test-data scripts/kafka; do
    mkdir -p "$copy/$module"
    ln -s "$repository/$module/target" "$copy/$module/target"
  done
  touch "$copy/.run/local-built"
  # None, which is as good as one for what is tested here, and takes no time to train.
  : >"$copy/.run/coordinator.archive"
  archive_key >"$copy/.run/coordinator.archive.key"
  # Whoever builds has not taken what was built.
  printf '#!/bin/sh\necho "built again" >&2\nexit 1\n' >"$scratch/bin/mvn"
  printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/docker"
  chmod +x "$scratch/bin/"*
  cd "$scratch/elsewhere" || exit 1
}

# Below those that systems give to connections.
free_port() {
  local port
  until port=$((15000 + RANDOM % 16000)) && ! port_is_taken "$port" && [[ " $ports " != *" $port "* ]]; do :; done
  ports="$ports $port"
  chosen=$port
}

choose_ports() {
  local name
  ports=""
  for name in OSPREY_COORDINATOR_BIDI_STREAM_PORT OSPREY_COORDINATOR_SYNC_ACTION_PORT OSPREY_COORDINATOR_HTTP_PORT \
    KAFKA_PORT KAFKA_CONTROLLER_PORT ETCD_PORT ETCD_PEER_PORT NATS_PORT POSTGRES_PORT SNOWFLAKE_PORT; do
    free_port
    export "$name=$chosen"
  done
}

# Runs start.sh --with-coordinator with the arguments, as a job; what it prints goes to out and err.
launch_script() {
  : >out
  : >err
  (
    export PATH="$scratch/bin:$PATH" NO_INSTALL=1 TEST_DATA_RATE=50 TEST_DATA_REPORT_SECS=1
    exec "$copy/start.sh" --with-coordinator "$@"
  ) >out 2>err &
  pid=$!
}

ended_with() {
  local status=0
  await "$2" group_is_empty || return 1
  { wait "$pid"; } 2>/dev/null || status=$?
  [ "$status" = "$1" ] || { echo "# ended with $status instead of $1"; return 1; }
}

# Runs it until it has ended, with the status $1.
run_script() {
  local status=$1
  shift
  launch_script "$@"
  ended_with "$status" 120
}

refuses() {
  local line=$1
  shift
  run_script 1 "$@" && [ ! -s out ] && printed_lines 1 && grep -q "$line" err
}

# Prints the names of what the machine has, besides what is built.
possible() {
  ! command -v etcd >/dev/null || echo etcd
  ! grep -q '^  nats  *pid' "$1" || echo nats
  ! grep -q '^  postgres  *pid' "$1" || echo postgres
}

running() {
  local name
  for name in "$@"; do
    is_running "$name" || { echo "# $name does not run"; return 1; }
  done
}

pids() {
  cat "$folder"/*.pid 2>/dev/null | grep '^[0-9]*$' | sort
}

# Nothing has our folder in its command line any more but this test.
nothing_is_left() {
  ! ps -A -ww -o args= | grep -F "$folder/" | grep -v "grep -F" || { echo "# left processes"; return 1; }
  ! find "$folder" -name '*.pid' -o -name data -o -name 'end-of-*' | grep . || { echo "# left files"; return 1; }
}

get() {
  local line
  exec 4<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&4
  while IFS= read -r -t 10 line <&4; do printf '%s\n' "$line"; done
  printf '%s\n' "$line"
  exec 4>&-
}

says_how() {
  run_script 0 --help && [ ! -s err ] && grep -q '^usage: ./start.sh --with-coordinator' out
}

is_down() {
  run_script 0 down && grep -qx 'nothing is running' out || return 1
  run_script 0 ps || return 1
  [ "$(grep -c 'not running' out)" = 9 ] || return 1
  refuses 'there are no logs yet' logs
}

starts_detached() {
  run_script 0 up -d || return 1
  running kafka snowflake-id-worker osprey-coordinator sample-worker $(possible out) || return 1
  ! is_running kafka-test-data-producer && ! is_running coordinator-test-data-producer || return 1
  grep -q "^  calls      127.0.0.1:$OSPREY_COORDINATOR_SYNC_ACTION_PORT\$" out
}

brings_a_verdict() {
  call "$OSPREY_COORDINATOR_SYNC_ACTION_PORT" 20000 | tee answer
  grep -q 'verdicts: "seen"' answer
}

all_checks_are_good() {
  get "$OSPREY_COORDINATOR_HTTP_PORT" /health >answer
  cat answer
  grep -q ' 200 ' answer && ! grep -q '"healthy": *false' answer
}

is_healthy() {
  await 60 all_checks_are_good >healths || { tail -n 5 healths; return 1; }
  grep -q 'osprey.actions_input' healths && grep -q 'snowflake' healths
}

is_in_both_stores_of_etcd() {
  get "$ETCD_PORT" '/v2/keys/discovery/osprey_coordinator/instances?recursive=true' >answer
  cat answer
  grep -q "127.0.0.1:$OSPREY_COORDINATOR_BIDI_STREAM_PORT" answer || return 1
  ETCDCTL_API=3 etcdctl --endpoints "127.0.0.1:$ETCD_PORT" get --prefix /discovery >answer
  cat answer
  grep -q "osprey_coordinator_sync_action/instances/127.0.0.1:$OSPREY_COORDINATOR_SYNC_ACTION_PORT" answer
}

says_that_it_runs() {
  local before
  before=$(pids)
  run_script 0 up -d && grep -qx 'already running:' out || return 1
  run_script 0 && grep -qx 'already running:' out || return 1
  [ "$before" = "$(pids)" ]
}

# The series that begin with $1 are $2 together at least.
metric_is_at_least() {
  get "$OSPREY_COORDINATOR_HTTP_PORT" /metrics >metrics
  awk -v least="$2" -v name="$1" \
    'index($0, name) == 1 { sum += $NF } END { exit !(sum >= least) }' metrics
}

fills_kafka() {
  run_script 0 --profile test_data up kafka-test-data-producer -d || return 1
  running kafka-test-data-producer || return 1
  await 60 metric_is_at_least 'osprey_coordinator_async_results_total{result="ack"' 20 ||
    { grep async metrics; return 1; }
}

shows_logs() {
  run_script 0 logs || return 1
  grep -q '^kafka-test-data-producer  *| .*test data to kafka ' out || return 1
  grep -q '^sample-worker  *| .*sample worker: ' out || return 1
  ! grep -vE '^[a-z-]+ +\| ' out || return 1
  run_script 0 logs sample-worker && ! grep -v '^sample-worker  *| ' out || return 1
  launch_script logs -f kafka-test-data-producer
  await 20 grep -q 'written=' out || return 1
  kill -INT -- "-$pid"
  ended_with 130 20
}

calls_in_the_foreground() {
  local before
  before=$(pids)
  launch_script --profile coordinator_test_data up
  await 60 grep -q '^coordinator-test-data-producer *| .*answered=[1-9]' out || return 1
  kill -INT -- "-$pid"
  ended_with 0 60 || return 1
  grep -q '^coordinator-test-data-producer *| .*test data closed: sent=' out || return 1
  grep -qx 'ended coordinator-test-data-producer' err || return 1
  [ "$before" = "$(pids)" ]
}

lists_what_runs() {
  run_script 0 ps || return 1
  grep -q "^  osprey-coordinator  *pid $(pid_of osprey-coordinator)  dashboard " out &&
    grep -q "^  kafka  *pid [0-9]*  127.0.0.1:$KAFKA_PORT\$" out &&
    grep -q '^  coordinator-test-data-producer  *not running$' out
}

ends_what_runs() {
  run_script 0 down || return 1
  sed -n 's/^ended //p' err | head -n 3 | tr '\n' ' ' >order
  cat order
  [ "$(cat order)" = "kafka-test-data-producer osprey-coordinator sample-worker " ] || return 1
  nothing_is_left
}

names_a_taken_port() {
  python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(120)' >taken &
  local holder=$! good
  await 20 test -s taken
  KAFKA_PORT=$(cat taken) run_script 1 up -d
  good=$?
  kill "$holder"
  { wait "$holder"; } 2>/dev/null
  [ "$good" = 0 ] && grep -q "port $(cat taken) is taken, which Kafka needs: set KAFKA_PORT" err && nothing_is_left
}

# A file that is left of a process that has ended, and whose number somebody else has got.
spares_strangers() {
  local good
  sleep 300 &
  local stranger=$!
  printf '%s\n%s\n' "$stranger" "$folder/kafka" >"$folder/kafka.pid"
  run_script 0 down && grep -qx 'nothing is running' out && kill -0 "$stranger"
  good=$?
  kill "$stranger"
  { wait "$stranger"; } 2>/dev/null
  rm -f "$folder/kafka.pid"
  return "$good"
}

# The producer's needs alone; interrupted as soon as the first process is there.
leaves_nothing_when_interrupted() {
  launch_script up
  await 60 test -e "$folder/kafka.pid" || return 1
  kill -TERM "$pid"
  ended_with 143 60 && nothing_is_left
}

ends_with_the_coordinator() {
  launch_script
  await 120 grep -q '^Try it:' out || return 1
  await 30 is_running sample-worker || return 1
  kill -KILL "$(pid_of osprey-coordinator)"
  ended_with 137 60 && grep -qx 'osprey-coordinator has ended' err && nothing_is_left
}

# A stand-in for Docker: what we pass on is tested, not what Docker makes of it.
fake_docker() {
  rm -f "$scratch/docker.called"
  printf '#!/bin/sh\ncase $1 in info) exit 0 ;; esac\n[ "$*" = "compose version" ] || echo "$@" >>"%s"\n' \
    "$scratch/docker.called" >"$scratch/bin/docker"
  chmod +x "$scratch/bin/docker"
}

# What start.sh does with the words of $1 is to call Docker with $2.
passes_on() {
  local words
  fake_docker
  read -ra words <<<"$1"
  run_script 0 ${words[@]+"${words[@]}"} || return 1
  [ "$(cat "$scratch/docker.called")" = "$2" ] || { echo "# called: $(cat "$scratch/docker.called")"; return 1; }
}

before_each() {
  printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/docker"
}

after_each() {
  [ -z "$pid" ] || { kill -KILL -- "-$pid" && wait "$pid"; } 2>/dev/null
}

finish() {
  local name
  after_each
  for name in etcd kafka nats postgres snowflake-id-worker osprey-coordinator sample-worker \
    kafka-test-data-producer coordinator-test-data-producer; do
    tell "$name" KILL
  done
  cd / && rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

make_copy
choose_ports
all="--profile test_data --profile coordinator_test_data --profile monitoring"

check "--with-coordinator --help" says_how
check "an unknown profile" refuses 'start.sh: unknown profile: testdata' --profile testdata up
check "an unknown service" refuses 'start.sh: unknown service: redis' up redis
check "an unknown command" refuses 'start.sh: unknown command: restart' restart
check "an unknown argument" refuses 'start.sh: unknown argument: --fast' up --fast
check "a service that only Docker has" refuses 'start.sh: grafana: runs under Docker only' up grafana
check "down, ps and logs when nothing runs" is_down
check "up -d starts everything in its order and comes back" starts_detached
check "a call gets the sample worker's verdict" brings_a_verdict
check "all checks of the coordinator are good, Kafka's and the snowflake service's among them" is_healthy
if command -v etcd >/dev/null && command -v etcdctl >/dev/null; then
  check "it is announced in both stores of etcd" is_in_both_stores_of_etcd
fi
check "a second up says that it runs" says_that_it_runs
check "--profile test_data up kafka-test-data-producer -d: its actions are handled" fills_kafka
check "logs have the service's name before each line" shows_logs
check "--profile coordinator_test_data up: calls are answered; Ctrl-C ends what it started" calls_in_the_foreground
check "ps says what runs where" lists_what_runs
check "down ends all of it, in its order" ends_what_runs
check "a taken port is named with its setting, and nothing is left" names_a_taken_port
check "down spares a process that only has the number" spares_strangers
check "SIGTERM while it starts leaves nothing" leaves_nothing_when_interrupted
check "in the foreground all ends with the coordinator" ends_with_the_coordinator
check "Docker: no command" passes_on "" "compose up --build"
check "Docker: up -d" passes_on "up -d" "compose up --build --detach"
check "Docker: --profile coordinator_test_data up" passes_on \
  "--profile coordinator_test_data up" "compose --profile coordinator_test_data up --build"
check "Docker: --profile test_data up kafka-test-data-producer -d" passes_on \
  "--profile test_data up kafka-test-data-producer -d" \
  "compose --profile test_data up --build --detach kafka-test-data-producer"
check "Docker: logs of a service" passes_on "logs -f kafka" "compose $all logs --follow kafka"
check "Docker: ps" passes_on "ps" "compose $all ps"
check "Docker: down" passes_on "down" "compose $all down"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
