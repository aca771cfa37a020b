# What ./start.sh does with --with-coordinator: a coordinator with everything around it, in containers where
# a Docker engine answers, as local processes otherwise. Sourced by start.sh with its arguments.
# shellcheck shell=bash

with_coordinator_usage() {
  cat <<'TEXT'
usage: ./start.sh --with-coordinator [--profile NAME ...] [up [-d] [SERVICE ...]]
       ./start.sh --with-coordinator logs [-f] [SERVICE ...] | ps | down

Starts a coordinator that reads from Kafka and is announced in etcd, a sample worker, a snowflake service, NATS
and PostgreSQL: with docker compose where a Docker engine answers, as processes of this machine otherwise.
START_WITH=docker or START_WITH=processes chooses.

  up                   start what does not run, and show the logs until Ctrl-C, which ends what was started
  up -d                start it, and come back
  logs [-f]            show the logs; -f goes on
  ps                   show what runs where
  down                 end all of it, and forget its data

  --profile test_data              start kafka-test-data-producer too, which writes actions to Kafka for ever
  --profile coordinator_test_data  start coordinator-test-data-producer too, which calls the coordinator for ever
  --profile monitoring             start Prometheus and Grafana too, where there is Docker

With names of services only those start, and what they need.

Ports: OSPREY_COORDINATOR_BIDI_STREAM_PORT (19950), OSPREY_COORDINATOR_SYNC_ACTION_PORT (19951),
OSPREY_COORDINATOR_HTTP_PORT (19952), KAFKA_PORT (9092), ETCD_PORT (2379), NATS_PORT (4222),
POSTGRES_PORT (5432), SNOWFLAKE_PORT (8088), PROMETHEUS_PORT (9090), GRAFANA_PORT (3000); for processes
also KAFKA_CONTROLLER_PORT (9093) and ETCD_PEER_PORT (2380). TEST_DATA_RATE is how many actions the producers send
per second (5).
TEXT
}

command="" detach=no follow=no profiles=() services=()
while [ $# -gt 0 ]; do
  case $1 in
    --with-coordinator) ;;
    --profile)
      [ $# -ge 2 ] || die "--profile needs a name: test_data, coordinator_test_data or monitoring"
      shift
      case ${1//-/_} in
        test_data | coordinator_test_data | monitoring) profiles+=("${1//-/_}") ;;
        *) die "unknown profile: $1 (there are test_data, coordinator_test_data and monitoring)" ;;
      esac
      ;;
    -d | --detach) detach=yes ;;
    -f | --follow) follow=yes ;;
    --help | -h)
      with_coordinator_usage
      exit 0
      ;;
    -*) die "unknown argument: $1 (try --with-coordinator --help)" ;;
    *)
      if [ -n "$command" ]; then
        services+=("$1")
      else
        case $1 in
          up | logs | ps | down) command=$1 ;;
          *) die "unknown command: $1 (try --with-coordinator --help)" ;;
        esac
      fi
      ;;
  esac
  shift
done
command=${command:-up}
[ "$detach" = no ] || [ "$command" = up ] || die "-d is for up"
[ "$follow" = no ] || [ "$command" = logs ] || die "-f is for logs"
case $command in
  ps | down) [ ${#services[@]} = 0 ] || die "$command takes no services" ;;
esac

# shellcheck source=scripts/local.sh
. scripts/local.sh

# What was started as processes is also ended as such, even if Docker came meanwhile.
use_docker() {
  case ${START_WITH:-} in
    docker) return 0 ;;
    processes) return 1 ;;
    "") ;;
    *) die "START_WITH: want docker or processes, got $START_WITH" ;;
  esac
  ! anything_runs || return 1
  command -v docker >/dev/null && docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1
}

with_docker() {
  local name chosen=() all=(--profile test_data --profile coordinator_test_data --profile monitoring)
  for name in ${profiles[@]+"${profiles[@]}"}; do
    chosen+=(--profile "$name")
  done
  case $command in
    up)
      [ "$detach" = yes ] ||
        exec docker compose ${chosen[@]+"${chosen[@]}"} up --build ${services[@]+"${services[@]}"}
      docker compose ${chosen[@]+"${chosen[@]}"} up --build --detach ${services[@]+"${services[@]}"}
      [ ${#services[@]} != 0 ] ||
        print_ports "${OSPREY_COORDINATOR_HTTP_PORT:-19952}" "${OSPREY_COORDINATOR_BIDI_STREAM_PORT:-19950}" \
          "${OSPREY_COORDINATOR_SYNC_ACTION_PORT:-19951}"
      ;;
    logs)
      [ "$follow" = no ] || services=(--follow ${services[@]+"${services[@]}"})
      exec docker compose "${all[@]}" logs ${services[@]+"${services[@]}"}
      ;;
    ps | down) exec docker compose "${all[@]}" "$command" ;;
  esac
}

if use_docker; then
  with_docker
else
  with_processes
fi
