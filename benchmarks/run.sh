#!/usr/bin/env bash
# Builds the benchmarks and runs them. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

usage() {
  cat <<'TEXT'
usage: ./benchmarks/run.sh [jmh] [ARGUMENT...]
       ./benchmarks/run.sh e2e [-DNAME=VALUE...] [SCENARIO...]
       ./benchmarks/run.sh http2 WORKER_PORT SYNC_PORT [CERTIFICATE KEY]

  jmh  JMH, then the memory of a queued action. Arguments go to JMH, such as a pattern for the names
       of the benchmarks to run, or other counts than one fork, three warm-ups and five measurements
       of a second each.
  e2e  a whole coordinator under load, all scenarios or those named: start, sync, overload, fairness,
       depth, idle, watched, tasks, beside, streams-memory, streams-nats, streams-websockets,
       collectors-null, collectors-nats, replica-sets, abuse, soak. Prints one table. -Dsoak.seconds=600
       makes the soak longer; JAVA_OPTS go to the coordinator.
  http2  the coordinator's core behind Netty's HTTP/2 without grpc-java, to be put under load beside
       the coordinator. A study: it serves the two gRPC ports and nothing else. The files, in PEM, are
       for TLS.
TEXT
}

jmh() {
  mvn -q -pl benchmarks -am -DskipTests package
  java "${flags[@]}" -cp "$classpath" org.openjdk.jmh.Main -jvmArgs "${flags[*]}" "$@"
  java "${flags[@]}" -Xmx1g -XX:+UseSerialGC -cp "$classpath" \
    org.osprey.coordinator.benchmarks.QueuedActionCost
}

# The JVM takes the place of the script, so that a signal ends it and what it started.
e2e() {
  local properties=()
  while [[ ${1:-} == -D* ]]; do
    properties+=("$1")
    shift
  done
  mvn -q -pl benchmarks,coordinator-server/app -am -DskipTests package
  # Started as start.sh starts it.
  local archive=.run/coordinator.archive
  mkdir -p .run
  archive_is_current "$archive" || scripts/train.sh "$archive"
  exec java "${flags[@]}" -Xmx1g \
    -Dcoordinator.flags="$(coordinator_flags) $(archive_flags "$archive") ${JAVA_OPTS:-}" \
    -Dcoordinator.classpath="$(class_path "$COORDINATOR_JAR")" \
    ${properties[@]+"${properties[@]}"} -cp "$classpath" \
    org.osprey.coordinator.benchmarks.e2e.EndToEnd "$@"
}

http2() {
  mvn -q -pl benchmarks -am -DskipTests package
  read -ra flags <<<"$(coordinator_flags)"
  exec java "${flags[@]}" -Dslf4j.internal.verbosity=ERROR -cp "$classpath" \
    org.osprey.coordinator.benchmarks.http2.Http2Study "$@"
}

command=jmh
case ${1:-} in
  --help | -h)
    usage
    exit 0
    ;;
  jmh | e2e | http2)
    command=$1
    shift
    ;;
esac

use_jdk
use_maven
classpath="benchmarks/target/classes:benchmarks/target/lib/*"
read -ra flags <<<"$(java_flags) -Dslf4j.internal.verbosity=ERROR"
"$command" "$@"
