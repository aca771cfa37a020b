#!/usr/bin/env bash
# Starts a coordinator that works, with a sample worker beside it. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

usage() {
  cat <<'TEXT'
usage: ./start.sh [--no-sample-worker] [--config FILE]

Builds what changed, starts the coordinator in the foreground with a sample worker beside it, and
prints the ports. Ctrl-C stops both, after the actions in hand are finished.

  --config FILE        settings in YAML; coordinator-server/app/README.md lists them
  --no-sample-worker   start the coordinator alone
  --help               this text

Environment variables win over the file, for example:
  OSPREY_COORDINATOR_CONSUMER_TYPE=kafka OSPREY_KAFKA_BOOTSTRAP_SERVERS=localhost:9092 ./start.sh
  OSPREY_COORDINATOR_SYNC_ACTION_PORT=29951 ./start.sh
  JAVA_OPTS=-Xmx2g ./start.sh
TEXT
}

sample_worker=yes
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-sample-worker) sample_worker=no ;;
    --config)
      [ $# -ge 2 ] || die "--config needs a file"
      [ -r "$2" ] || die "--config: cannot read $2"
      arguments+=(--config "$2")
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

use_jdk
run=.run
mkdir -p "$run"

sources_changed() {
  [ -e "$run/built" ] || return 0
  [ -e coordinator-server/app/target/coordinator.jar ] || return 0
  [ -n "$(find pom.xml .mvn coordinator-proto coordinator-server worker-client \
    -name target -prune -o -path '*/src/test' -prune -o -type f -newer "$run/built" -print -quit)" ]
}

if sources_changed; then
  use_maven
  echo "Building (the first time this takes a minute or two) ..." >&2
  touch "$run/building"
  mvn -q -DskipTests -Dspotless.check.skip -pl coordinator-server/app,worker-client/stream-worker -am \
    package >"$run/build.log" 2>&1 || {
    cat "$run/build.log" >&2
    die "the build failed"
  }
  mv "$run/building" "$run/built"
fi

read -ra flags <<<"$(java_flags) -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError ${JAVA_OPTS:-}"
ready=$(mktemp "$run/ready.XXXXXX")
coordinator=""
worker=""

stop() {
  trap '' INT TERM
  # The worker first: it hands back nothing, and the coordinator has less to wait for.
  [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null || true
  [ -z "$coordinator" ] || kill -TERM "$coordinator" 2>/dev/null || true
  [ -z "$worker" ] || wait "$worker" 2>/dev/null || true
  local status=0
  [ -z "$coordinator" ] || wait "$coordinator" || status=$?
  rm -f "$ready"
  # A JVM that ends on a signal says so in its status; for us that is a good end.
  case $status in 130 | 143) status=0 ;; esac
  exit "$status"
}

java "${flags[@]}" -cp 'coordinator-server/app/target/coordinator.jar:coordinator-server/app/target/lib/*' \
  org.osprey.coordinator.app.Main ${arguments[@]+"${arguments[@]}"} --ready-file "$ready" &
coordinator=$!
trap stop INT TERM

until [ -s "$ready" ]; do
  if ! kill -0 "$coordinator" 2>/dev/null; then
    status=0
    wait "$coordinator" || status=$?
    rm -f "$ready"
    exit "$status"
  fi
  sleep 0.05
done
worker_port="" sync_port=""
# shellcheck disable=SC1090
. "$ready"

if [ "$sample_worker" = yes ]; then
  java "${flags[@]}" -Xmx64m -XX:TieredStopAtLevel=1 \
    -cp 'worker-client/stream-worker/target/stream-worker.jar:worker-client/stream-worker/target/lib/*' \
    org.osprey.coordinator.worker.SampleWorker --target "127.0.0.1:$worker_port" &
  worker=$!
fi

cat <<TEXT

  workers  127.0.0.1:$worker_port
  calls    127.0.0.1:$sync_port

Try it:

grpcurl -plaintext \\
  -d '{
    "action_id": 12345,
    "action_name": "user_login",
    "action_data_json": "{\"user_id\":\"user_123\",\"ip_address\":\"192.168.1.1\"}",
    "timestamp": "2024-11-25T10:30:00.000000000Z"
  }' \\
  localhost:$sync_port \\
  osprey.rpc.osprey_coordinator.sync_action.v1.OspreyCoordinatorSyncActionService/ProcessAction

TEXT

# Ends when the coordinator does; a sample worker that ends alone is only missed.
wait "$coordinator" || true
stop
