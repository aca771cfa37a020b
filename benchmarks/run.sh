#!/usr/bin/env bash
# Builds the benchmarks and runs them: JMH first, then the memory of a queued action. Arguments go
# to JMH, such as a pattern for the names of the benchmarks to run, or other counts than one fork,
# three warm-ups and five measurements of a second each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh

use_jdk
use_maven
mvn -q -pl benchmarks -am -DskipTests package

classpath="benchmarks/target/classes:benchmarks/target/lib/*"
read -ra flags <<<"$(java_flags) -Dslf4j.internal.verbosity=ERROR"

java "${flags[@]}" -cp "$classpath" org.openjdk.jmh.Main -jvmArgs "${flags[*]}" "$@"
java "${flags[@]}" -Xmx1g -XX:+UseSerialGC -cp "$classpath" \
  org.osprey.coordinator.benchmarks.QueuedActionCost
