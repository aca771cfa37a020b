#!/usr/bin/env bash
# Starts a coordinator that works, with a sample worker beside it. See --help.
# shellcheck disable=SC2317  # traps reach what seems unreachable
set -euo pipefail
called_from=$PWD
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/build.sh
. scripts/build.sh

usage() {
  cat <<'TEXT'
usage: ./start.sh [--tasks] [--streams] [--no-sample-worker] [--config FILE]
       ./start.sh --with-coordinator [--profile NAME] [up [-d] [SERVICE ...] | logs | ps | down]

Builds what changed, trains an archive of classes from it, starts the coordinator in the foreground with a sample worker beside it, and
prints the ports. Ctrl-C stops both, after the actions in hand are finished. So does SIGHUP, but where the
settings have collectors: then they are read again, as long as the terminal is there.

  --config FILE        settings in YAML; docs/configuration.md lists them
  --tasks              take tasks too, and start the sample services they call: revenue, rebates and specialty
  --streams            have scheduled streams too; with NATS_URL over NATS
  --no-sample-worker   start no sample worker
  --with-coordinator   start a coordinator with Kafka, etcd and the rest around it; --help behind it says more
  --help               this text

Environment variables win over the file, for example:
  OSPREY_COORDINATOR_CONSUMER_TYPE=kafka OSPREY_KAFKA_BOOTSTRAP_SERVERS=localhost:9092 ./start.sh
  OSPREY_COORDINATOR_SYNC_ACTION_PORT=29951 ./start.sh
  JAVA_OPTS=-Xmx2g ./start.sh
  OSPREY_COORDINATOR_HTTP_PORT=8000 ./start.sh --tasks
  SAMPLE_SERVICES='port=9001 delay=200 fail=0.3 stall=0.05' ./start.sh --tasks
  OSPREY_COORDINATOR_HTTP_PORT=3000 NATS_URL=nats://localhost:4222 ./start.sh --streams

Ends with 0 when it was told to stop, otherwise with the coordinator's status: 2 for a mistake in
the settings, 1 when a port cannot be opened.
TEXT
}

# The path of --config $1 as seen from here, where it was given as seen from where we were called.
config_file() {
  local file=$1
  case $file in /*) ;; *) file=$called_from/$file ;; esac
  [ -e "$file" ] || die "--config: there is no file $1"
  [ ! -d "$file" ] || die "--config: $1 is a folder"
  [ -r "$file" ] || die "--config: $1 may not be read"
  printf '%s' "$file"
}

for argument in "$@"; do
  if [ "$argument" = --with-coordinator ]; then
    # shellcheck source=scripts/with_coordinator.sh
    . scripts/with_coordinator.sh
    exit
  fi
done

sample_worker=yes
tasks=no
streams=no
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-sample-worker) sample_worker=no ;;
    --tasks) tasks=yes ;;
    --streams) streams=yes ;;
    --config)
      [ $# -ge 2 ] || die "--config needs a file"
      config=$(config_file "$2")
      arguments=(--config "$config")
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) die "unknown argument: $1 (try --help)" ;;
  esac
  shift
done

run=.run
build="" coordinator="" worker="" services="" ready="" services_ready=""

# Bash starts what runs in the background with SIGINT ignored: Ctrl-C reaches only this script, and
# it decides who ends when.
terminate() {
  [ -n "$1" ] || return 0
  kill -TERM "$1" 2>/dev/null || true
  # Bash would report a child that a signal ended.
  { wait "$1"; } 2>/dev/null
}

# The coordinator first: to finish what callers wait for it needs a worker.
stop() {
  local status=0
  trap '' INT TERM HUP
  [ -n "$coordinator" ] || exit "$1"
  terminate "$coordinator" || status=$?
  coordinator=""
  # A JVM that ends as it is told still ends with the number of the signal.
  [ "$status" != 143 ] || status=0
  exit "$status"
}

clean_up() {
  trap '' INT TERM HUP
  terminate "$build" || true
  terminate "$coordinator" || true
  terminate "$worker" || true
  terminate "$services" || true
  [ -z "$ready" ] || rm -f "$ready" "$ready.draft"
  [ -z "$services_ready" ] || rm -f "$services_ready" "$services_ready.draft"
}

# Collectors read their settings again. Who has lost the terminal is to end all the same.
hang_up() {
  if [ "$on_hang_up" = reload ] && { [ "$terminal" = no ] || has_terminal; }; then
    kill -HUP "$coordinator" 2>/dev/null || true
  else
    stop 129
  fi
}

has_terminal() {
  { : </dev/tty; } 2>/dev/null
}

terminal=no on_hang_up=stop
if has_terminal; then terminal=yes; fi
trap clean_up EXIT
trap hang_up HUP
trap 'stop 130' INT
trap 'stop 143' TERM

use_jdk
mkdir -p "$run"

if sources_changed "$run/built" "$COORDINATOR_JAR" worker-client/stream-worker/target/stream-worker.jar; then
  build_modules "$run/built" coordinator-server/app,worker-client/stream-worker
fi
archive=$run/coordinator.archive
train_archive "$archive"

# First, because their ports are settings of the coordinator.
if [ "$tasks" = yes ]; then
  services_ready=$(mktemp "$run/ready.XXXXXX")
  read -ra flags <<<"$(small_flags)"
  read -ra wanted <<<"${SAMPLE_SERVICES:-}"
  java "${flags[@]}" -cp "$(class_path "$COORDINATOR_JAR")" org.osprey.coordinator.tasks.samples.Main \
    ${wanted[@]+"${wanted[@]}"} "ready=$services_ready" &
  services=$!
  until [ -s "$services_ready" ]; do
    if ! kill -0 "$services" 2>/dev/null; then
      status=0
      wait "$services" || status=$?
      services=""
      exit "$status"
    fi
    sleep 0.05
  done
  set -a
  # shellcheck disable=SC1090
  . "$services_ready"
  set +a
  export OSPREY_COORDINATOR_TASKS=true
fi
if [ "$streams" = yes ]; then
  export OSPREY_COORDINATOR_STREAMS=true
fi

read -ra flags <<<"$(coordinator_flags) $(archive_flags "$archive") ${JAVA_OPTS:-}"
ready=$(mktemp "$run/ready.XXXXXX")
java "${flags[@]}" -cp "$(class_path "$COORDINATOR_JAR")" \
  "$MAIN" ${arguments[@]+"${arguments[@]}"} --ready-file "$ready" &
coordinator=$!

# Returns only when the coordinator has ended, and ends with its status.
follow() {
  local status=0
  { wait "$coordinator"; } 2>/dev/null || status=$?
  # A signal that was passed on ends the wait, and not the coordinator.
  while [ "$status" -gt 128 ] && kill -0 "$coordinator" 2>/dev/null; do
    status=0
    { wait "$coordinator"; } 2>/dev/null || status=$?
  done
  coordinator=""
  [ "$status" -le 128 ] || die_with "$status" "the coordinator was ended by signal $((status - 128))"
  exit "$status"
}

until [ -s "$ready" ]; do
  kill -0 "$coordinator" 2>/dev/null || follow
  sleep 0.05
done
worker_port="" sync_port="" http_port="" hang_up=stop
# shellcheck disable=SC1090
. "$ready"
on_hang_up=$hang_up

if [ "$sample_worker" = yes ]; then
  read -ra flags <<<"$(small_flags)"
  java "${flags[@]}" -cp "$(class_path worker-client/stream-worker/target/stream-worker.jar)" \
    org.osprey.coordinator.worker.SampleWorker --target "127.0.0.1:$worker_port" &
  worker=$!
fi

print_task() {
  [ "$tasks" = yes ] || return 0
  cat <<TEXT
curl "localhost:$http_port/api/orchestrate/direct" -H 'Content-Type: application/json' -d '{
    "task_name": "Compute Financial Metrics",
    "task_description": "Compute revenue, rebates, and specialty metrics for the given scenarios",
    "payload": [
      {
        "revenue": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"},
        "rebates": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"},
        "specialty": {"scenario_id": "123e4567-e89b-12d3-a456-426614174000"}
      }
    ]
  }'

TEXT
}

print_stream() {
  [ "$streams" = yes ] || return 0
  cat <<TEXT
curl "localhost:$http_port/streams" -H 'Content-Type: application/json' -d '{
    "stream_id": "show",
    "scenes": [
      {"name": "Intro", "duration_ms": 3000},
      {"name": "Main", "duration_ms": 10000},
      {"name": "Outro", "duration_ms": 2000}
    ],
    "tick_interval_ms": 100
  }'
curl -N "localhost:$http_port/streams/show/events?filter=scenes"

TEXT
}

print_ports "$http_port" "$worker_port" "$sync_port"
print_task
print_stream

follow
