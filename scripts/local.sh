# What docker-compose.yaml starts, as processes of this machine. Sourced by with_coordinator.sh, which sets
# command, detach, follow, profiles and services. Servers begin without data each time.
# shellcheck shell=bash disable=SC2154

# shellcheck source=scripts/processes.sh
. scripts/processes.sh
folder=$PWD/$run/local
servers="etcd kafka nats postgres snowflake-id-worker"
producers="kafka-test-data-producer coordinator-test-data-producer"
everything="$servers osprey-coordinator sample-worker $producers"
test_data_jar=worker-client/test-data/target/test-data.jar
kafka_jars=scripts/kafka/target/lib
worker_jar=worker-client/stream-worker/target/stream-worker.jar
archive=$run/coordinator.archive

has_word() {
  case " $2 " in *" $1 "*) return 0 ;; esac
  return 1
}

anything_runs() {
  local name
  for name in $everything; do
    ! is_running "$name" || return 0
  done
  return 1
}

with_processes() {
  check_services
  mkdir -p "$folder"
  case $command in
    up) up ;;
    logs) logs ;;
    ps) list ;;
    down) down ;;
  esac
}

check_services() {
  local name
  for name in ${services[@]+"${services[@]}"}; do
    case $name in
      prometheus | grafana) die "$name: runs under Docker only" ;;
    esac
    has_word "$name" "$everything" || die "unknown service: $name (there are $everything)"
  done
}

# Prints what the service $1 needs beside it.
needs() {
  case $1 in
    osprey-coordinator) echo "$servers" ;;
    sample-worker | coordinator-test-data-producer) echo "$servers osprey-coordinator" ;;
    kafka-test-data-producer) echo kafka ;;
  esac
}

# Prints what up is to start, in the order of starting.
wanted() {
  local name some=""
  for name in ${services[@]+"${services[@]}"}; do
    some="$some $name $(needs "$name")"
  done
  if [ -z "$some" ]; then
    some="$servers osprey-coordinator sample-worker"
    for name in ${profiles[@]+"${profiles[@]}"}; do
      case $name in
        test_data) some="$some kafka-test-data-producer" ;;
        coordinator_test_data) some="$some coordinator-test-data-producer" ;;
      esac
    done
  fi
  for name in $everything; do
    ! has_word "$name" "$some" || echo "$name"
  done
}

logs() {
  local name known=""
  for name in ${services[@]+"${services[@]}"}; do
    known="$known $name"
  done
  if [ -z "$known" ]; then
    for name in $everything; do
      [ ! -e "$(log_of "$name")" ] || known="$known $name"
    done
  fi
  [ -n "$known" ] || die "there are no logs yet"
  # shellcheck disable=SC2086
  print_logs $known
}

list() {
  local name state place
  for name in $everything; do
    state="not running"
    if is_running "$name"; then
      place=$(place_of "$name")
      state="pid $(pid_of "$name")${place:+  $place}"
    fi
    printf '  %-30s  %s\n' "$name" "$state"
  done
}

# Prints where the service $1 is, as far as others use it.
place_of() {
  (
    recall "$1"
    case $1 in
      osprey-coordinator)
        printf 'dashboard http://127.0.0.1:%s/, workers 127.0.0.1:%s, calls 127.0.0.1:%s' \
          "${http_port:-?}" "${worker_port:-?}" "${sync_port:-?}"
        ;;
      etcd) printf 'http://127.0.0.1:%s' "$ETCD_PORT" ;;
      kafka) printf '127.0.0.1:%s' "$KAFKA_PORT" ;;
      nats) printf 'nats://127.0.0.1:%s' "$NATS_PORT" ;;
      postgres) printf 'postgres://osprey@127.0.0.1:%s/postgres' "$POSTGRES_PORT" ;;
      snowflake-id-worker) printf 'http://127.0.0.1:%s/generate' "$SNOWFLAKE_PORT" ;;
    esac
  )
}

# Keeps the values of the variables $2 ... for later calls, as facts about the service $1.
remember() {
  local name=$1 variable
  shift
  for variable in "$@"; do
    printf '%s=%q\n' "$variable" "${!variable}"
  done >"$folder/$name.facts"
}

recall() {
  if [ -e "$folder/$1.facts" ]; then
    # shellcheck disable=SC1090
    . "$folder/$1.facts"
  fi
}

# Sets the variable $1 to a port for the service $2: the one it names, or the usual one $3, or that plus 10000 when
# somebody has the usual one, as a server that came with the system might.
choose_port() {
  local port=${!1:-}
  if [ -z "$port" ]; then
    port=$3
    ! port_is_taken "$port" || port=$(($3 + 10000))
    [ "$port" = "$3" ] || echo "$2: port $3 is taken, so it is at $port ($1 chooses another)" >&2
  fi
  check_port "$1" "$port" "$2"
  printf -v "$1" %s "$port"
}

check_port() {
  [[ $2 =~ ^[0-9]{1,5}$ ]] && [ "$2" -le 65535 ] || die "$1: want a port, got $2"
  ! port_is_taken "$2" || die "port $2 is taken, which $3 needs: set $1 to a free one, or end who has it"
}

# The starts. Each returns at once; what must be true before others may use the service is in await_ready.

start_etcd() {
  local v2=""
  choose_port ETCD_PORT etcd 2379
  choose_port ETCD_PEER_PORT etcd 2380
  remember etcd ETCD_PORT
  case $(etcd --help 2>&1) in
    *--enable-v2*) v2=--enable-v2 ;;
    *) echo "etcd: this version has no v2 keys API, so unmodified Python workers find no coordinator there" >&2 ;;
  esac
  # Or it would complain that it does not know these.
  launch etcd "$folder/data/etcd" env -u ETCD_PORT -u ETCD_PEER_PORT etcd "--data-dir=$folder/data/etcd" ${v2:+"$v2"} \
    "--listen-client-urls=http://127.0.0.1:$ETCD_PORT" "--advertise-client-urls=http://127.0.0.1:$ETCD_PORT" \
    "--listen-peer-urls=http://127.0.0.1:$ETCD_PEER_PORT" \
    "--initial-advertise-peer-urls=http://127.0.0.1:$ETCD_PEER_PORT" \
    "--initial-cluster=default=http://127.0.0.1:$ETCD_PEER_PORT"
}

start_kafka() {
  local flags
  choose_port KAFKA_PORT Kafka 9092
  choose_port KAFKA_CONTROLLER_PORT Kafka 9093
  remember kafka KAFKA_PORT
  cat >"$folder/kafka.properties" <<TEXT
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$KAFKA_CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$KAFKA_CONTROLLER_PORT
controller.listener.names=CONTROLLER
log.dirs=$folder/data/kafka
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
TEXT
  cat >"$folder/kafka-logback.xml" <<'TEXT'
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{HH:mm:ss} %-5level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out" /></root>
</configuration>
TEXT
  read -ra flags <<<"$(java_flags) -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
  flags+=("-Dlocal.service=$folder/kafka" "-Dlogback.configurationFile=$folder/kafka-logback.xml")
  # shellcheck disable=SC2016
  launch kafka "$folder/kafka" sh -c '
    properties=$1
    shift
    "$@" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c "$properties" &&
      exec "$@" kafka.Kafka "$properties"' sh "$folder/kafka.properties" \
    java "${flags[@]}" -cp "$PWD/$kafka_jars/*"
}

start_nats() {
  choose_port NATS_PORT NATS 4222
  remember nats NATS_PORT
  launch nats "$folder/data/nats" "$(nats_program)" --jetstream --store_dir "$folder/data/nats" \
    --addr 127.0.0.1 --port "$NATS_PORT"
}

# PostgreSQL refuses to run as root, and then its user may not be able to enter our folder.
start_postgres() {
  local data=$folder/data/postgres postgres_data="" as_user=()
  choose_port POSTGRES_PORT PostgreSQL 5432
  if [ "$(id -u)" = 0 ]; then
    postgres_data=$(mktemp -d "${TMPDIR:-/tmp}/osprey-postgres.XXXXXX")
    data=$postgres_data
    chown postgres "$data"
    as_user=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  remember postgres POSTGRES_PORT postgres_data
  # shellcheck disable=SC2016
  launch postgres "$data" ${as_user[@]+"${as_user[@]}"} sh -c '
    cd "$(dirname "$2")" &&
      "$1/initdb" -D "$2" -U osprey --auth=trust --encoding=UTF8 --locale=C --no-sync &&
      exec "$1/postgres" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off' sh \
    "$(postgres_programs)" "$data" "$POSTGRES_PORT"
}

start_snowflake() {
  choose_port SNOWFLAKE_PORT snowflake-id-worker 8088
  remember snowflake-id-worker SNOWFLAKE_PORT
  PORT=$SNOWFLAKE_PORT BIND_ADDRESS=127.0.0.1 DATA_CENTER_ID=0 WORKER_ID=0 \
    launch_test_data snowflake-id-worker ids
}

start_coordinator() {
  local flags environment
  check_port OSPREY_COORDINATOR_BIDI_STREAM_PORT "${OSPREY_COORDINATOR_BIDI_STREAM_PORT:-19950}" "the coordinator"
  check_port OSPREY_COORDINATOR_SYNC_ACTION_PORT "${OSPREY_COORDINATOR_SYNC_ACTION_PORT:-19951}" "the coordinator"
  check_port OSPREY_COORDINATOR_HTTP_PORT "${OSPREY_COORDINATOR_HTTP_PORT:-19952}" "the coordinator"
  printf 'rpc:\n  bindAddress: 127.0.0.1\nhttp:\n  bindAddress: 127.0.0.1\n' >"$folder/coordinator.yaml"
  rm -f "$folder/osprey-coordinator.facts"
  read -ra flags <<<"$(coordinator_flags) $(archive_flags "$archive") ${JAVA_OPTS:-}"
  # Empty means unset, and of two values for a variable the later one counts.
  environment=(
    "OSPREY_COORDINATOR_CONSUMER_TYPE=${OSPREY_COORDINATOR_CONSUMER_TYPE:-kafka}"
    "OSPREY_COORDINATOR_DATABASE_FILE=$folder/data/coordinator.db"
    "OSPREY_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$KAFKA_PORT"
    "SNOWFLAKE_API_ENDPOINT=http://127.0.0.1:$SNOWFLAKE_PORT"
    POD_IP=127.0.0.1 ETCD_PEERS= NATS_URL= DATABASE_URL=
  )
  ! is_running etcd || environment+=("ETCD_PEERS=http://127.0.0.1:$ETCD_PORT")
  ! is_running nats || environment+=("NATS_URL=nats://127.0.0.1:$NATS_PORT")
  ! is_running postgres || environment+=("DATABASE_URL=postgres://osprey@127.0.0.1:$POSTGRES_PORT/postgres")
  launch osprey-coordinator "$folder/osprey-coordinator" env "${environment[@]}" \
    java "-Dlocal.service=$folder/osprey-coordinator" "${flags[@]}" -cp "$(class_path "$COORDINATOR_JAR")" \
    "$MAIN" --config "$folder/coordinator.yaml" --ready-file "$folder/osprey-coordinator.facts"
}

start_worker() {
  local flags
  read -ra flags <<<"$(small_flags)"
  launch sample-worker "$folder/sample-worker" java "-Dlocal.service=$folder/sample-worker" "${flags[@]}" \
    -cp "$(class_path "$worker_jar")" org.osprey.coordinator.worker.SampleWorker --target "127.0.0.1:$worker_port"
}

# Starts the program $2 of test-data as the service $1.
launch_test_data() {
  local flags
  read -ra flags <<<"$(small_flags)"
  launch "$1" "$folder/$1" java "-Dlocal.service=$folder/$1" "${flags[@]}" -cp "$(class_path "$test_data_jar")" \
    org.osprey.coordinator.testdata.TestData "$2"
}

make_topic() {
  local flags
  read -ra flags <<<"$(small_flags)"
  OSPREY_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$KAFKA_PORT java "${flags[@]}" -cp "$(class_path "$test_data_jar")" \
    org.osprey.coordinator.testdata.TestData topic >>"$(log_of kafka)" 2>&1 ||
    fail_with_log kafka "Kafka's topic could not be made"
}

start() {
  case $1 in
    etcd) start_etcd ;;
    kafka) start_kafka ;;
    nats) start_nats ;;
    postgres) start_postgres ;;
    snowflake-id-worker) start_snowflake ;;
    osprey-coordinator) start_coordinator ;;
    sample-worker) start_worker ;;
    kafka-test-data-producer) OSPREY_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$KAFKA_PORT launch_test_data "$1" kafka ;;
    coordinator-test-data-producer) TEST_DATA_TARGET=127.0.0.1:$sync_port launch_test_data "$1" calls ;;
  esac
}

await_ready() {
  case $1 in
    etcd) await_process etcd 60 answers_http "$ETCD_PORT" /health ;;
    kafka)
      await_process kafka 120 port_is_taken "$KAFKA_PORT"
      make_topic
      ;;
    nats) await_process nats 60 port_is_taken "$NATS_PORT" ;;
    postgres)
      await_process postgres 120 "$(postgres_programs)/pg_isready" -q -h 127.0.0.1 -p "$POSTGRES_PORT" -U osprey -d postgres
      ;;
    snowflake-id-worker) await_process "$1" 60 answers_http "$SNOWFLAKE_PORT" /health ;;
    osprey-coordinator)
      await_process "$1" 120 test -s "$folder/osprey-coordinator.facts"
      recall "$1"
      ;;
    sample-worker) await_process "$1" 60 grep -q "sample worker: " "$(log_of "$1")" ;;
    *-producer) await_process "$1" 60 grep -q "test data to " "$(log_of "$1")" ;;
  esac
}

# Whether the machine has what the service $1 is; otherwise says why it is left out.
is_possible() {
  case $1 in
    etcd)
      command -v etcd >/dev/null || (install_or_say etcd etcd-server etcd etcd etcd) ||
        leave_out "etcd: the coordinator is not announced"
      ;;
    nats)
      nats_program >/dev/null || (install_or_say NATS nats-server nats-server nats-server nats-server) ||
        leave_out "NATS: commands for scheduled streams stay in the coordinator"
      ;;
    postgres)
      if [ -z "$(postgres_programs)" ]; then
        leave_out "PostgreSQL, which was not found: the coordinator's database is a file"
      elif [ "$(id -u)" = 0 ] && { ! command -v setpriv >/dev/null || ! id postgres >/dev/null 2>&1; }; then
        leave_out "PostgreSQL, which does not run as root: the coordinator's database is a file"
      fi
      ;;
  esac
}

leave_out() {
  echo "left out: $1" >&2
  return 1
}

nats_program() {
  command -v nats-server || { [ -x /usr/sbin/nats-server ] && echo /usr/sbin/nats-server; }
}

# Prints the folder with initdb, the newest version's.
postgres_programs() {
  local program best=""
  for program in "$(command -v initdb || true)" /opt/homebrew/opt/postgresql*/bin/initdb \
    /usr/lib/postgresql/*/bin/initdb; do
    [ ! -x "$program" ] || best=$program
  done
  [ -z "$best" ] || dirname "$best"
}

up() {
  local name missing=""
  for name in $(wanted); do
    if ! is_running "$name" && is_possible "$name"; then
      missing="$missing $name"
    fi
  done
  if [ -z "$missing" ]; then
    echo "already running:"
    list
    return
  fi
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  lock
  use_jdk
  if sources_changed "$run/local-built" "$COORDINATOR_JAR" "$worker_jar" "$test_data_jar" "$kafka_jars" ||
    [ scripts/kafka/pom.xml -nt "$run/local-built" ]; then
    build_modules "$run/local-built" \
      coordinator-server/app,worker-client/stream-worker,worker-client/test-data,scripts/kafka
    cp -p "$run/local-built" "$run/built"
  fi
  train_archive "$archive"
  echo "No Docker engine is used: these are processes of this machine, with their logs in $run/local." >&2
  start_all "$missing"
  rm -f "$folder/start.pid"
  report
  if [ "$detach" = yes ]; then
    started=""
  else
    stay
  fi
}

# Servers start side by side, everything else after what it needs.
start_all() {
  local name begun="" group
  for name in $servers osprey-coordinator; do
    ! is_running "$name" || recall "$name"
  done
  if ! anything_runs; then
    forget_data
  fi
  mkdir -p "$folder/data"
  for group in "$servers" osprey-coordinator "sample-worker $producers"; do
    begun=""
    for name in $group; do
      if has_word "$name" "$1"; then
        echo "starting $name ..." >&2
        start "$name"
        begun="$begun $name"
      fi
    done
    for name in $begun; do
      await_ready "$name"
    done
  done
}

report() {
  echo
  list
  if is_running osprey-coordinator; then
    print_ports "$http_port" "$worker_port" "$sync_port"
  fi
  if [ "$detach" = yes ]; then
    cat <<'TEXT'
./start.sh --with-coordinator logs -f   shows what they say
./start.sh --with-coordinator down      ends them

TEXT
  fi
}

# So that two do not start the same at a time.
lock() {
  local mine
  mine=$(printf '%s\nstart.sh' $$)
  if ! (set -C && printf '%s\n' "$mine" >"$folder/start.pid") 2>/dev/null; then
    ! is_running start || die "another start.sh is at it (pid $(pid_of start)): wait for it, or end it"
    printf '%s\n' "$mine" >"$folder/start.pid"
  fi
}

# Shows the logs until it is told to end, or what was started has ended.
stay() {
  local name status=0 alive ended=""
  # shellcheck disable=SC2086
  show_logs $started
  trap 'exit 0' INT TERM HUP
  while :; do
    alive=no
    for name in $started; do
      if is_running "$name"; then
        alive=yes
      elif ! has_word "$name" "$ended"; then
        ended="$ended $name"
        echo "$name has ended" >&2
        [ "$name" != osprey-coordinator ] || {
          wait_for_status "$name" || status=$?
          exit "$status"
        }
      fi
    done
    [ "$alive" = yes ] || exit 1
    sleep 0.5
  done
}

# Ends with the status of the process named $1, a child of ours; one that was told to end did well.
wait_for_status() {
  local pid status=0
  pid=$(sed -n 1p "$folder/$1.pid" 2>/dev/null || true)
  [ -z "$pid" ] || { wait "$pid"; } 2>/dev/null || status=$?
  [ "$status" != 143 ] || status=0
  return "$status"
}

# Ends what this script has started, and only that.
leave() {
  trap '' INT TERM HUP
  [ -z "$build" ] || kill "$build" 2>/dev/null || true
  end_all "$started"
  finish_logs
  [ "$(sed -n 1p "$folder/start.pid" 2>/dev/null)" != $$ ] || rm -f "$folder/start.pid"
}

# Ends the services $1: who sends, then who hands out, then who works, then what all of them use.
end_all() {
  local name told=""
  for name in $producers osprey-coordinator sample-worker; do
    if has_word "$name" "$1" && is_running "$name"; then
      tell "$name" TERM
      await_end "$name" 40
      echo "ended $name" >&2
    fi
  done
  for name in $servers; do
    if has_word "$name" "$1" && is_running "$name"; then
      tell "$name" "$(end_signal "$name")"
      told="$told $name"
    fi
  done
  for name in $told; do
    await_end "$name" 30
    echo "ended $name" >&2
  done
  # Of those that ended by themselves.
  for name in $1; do
    rm -f "$folder/$name.pid"
  done
  if [ -n "$1" ] && ! anything_runs; then
    forget_data
  fi
}

# PostgreSQL would wait for its clients.
end_signal() {
  case $1 in
    postgres) echo INT ;;
    *) echo TERM ;;
  esac
}

forget_data() {
  local postgres_data
  postgres_data=$(postgres_data="" && recall postgres && printf %s "$postgres_data")
  case $postgres_data in
    */osprey-postgres.*) rm -rf "$postgres_data" ;;
  esac
  rm -rf "$folder/data"
  rm -f "$folder"/*.facts "$folder"/*.pid.new
}

down() {
  ! is_running start || die "start.sh is still starting (pid $(pid_of start)): wait for it, or end it"
  anything_runs || {
    echo "nothing is running"
    return
  }
  end_all "$everything"
}
