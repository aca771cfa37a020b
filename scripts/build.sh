# Builds what start.sh runs, and prints how to use it. Sourced after toolchain.sh, in the repository's
# folder. While something is being built, build is the process that has to end with the script.
# shellcheck shell=bash disable=SC2034

run=.run
build=""

# Whether anything changed since the file $1 was made, or one of the further files is missing.
# A file that was removed shows as a change of its folder.
sources_changed() {
  local stamp=$1 file
  for file in "$@"; do
    [ -e "$file" ] || return 0
  done
  [ -n "$(find pom.xml .mvn coordinator-proto coordinator-server worker-client \
    -name target -prune -o -path '*/src/test' -prune -o \
    \( -type f -o -path '*/src/main/*' \) -newer "$stamp" -print -quit)" ]
}

# Builds the modules $2 with all they need; the file $1 then says when.
build_modules() {
  use_maven
  echo "Building (the first time this takes a minute or two) ..." >&2
  touch "$run/building"
  mvn -q -DskipTests -Dspotless.check.skip -pl "$2" -am package >"$run/build.log" 2>&1 &
  build=$!
  wait "$build" || {
    build=""
    cat "$run/build.log" >&2
    die "the build failed"
  }
  build=""
  mv "$run/building" "$1"
}

# Makes the archive of classes $1, unless it is there and current.
train_archive() {
  ! archive_is_current "$1" || return 0
  echo "Training an archive of classes, so that this and later starts are quick (some seconds) ..." >&2
  scripts/train.sh "$1" >"$run/train.log" 2>&1 &
  build=$!
  wait "$build" ||
    echo "start.sh: no archive could be trained ($run/train.log says why), so starts are slower" >&2
  build=""
}

# Prints flags for the small programs beside the coordinator.
small_flags() {
  printf '%s %s' "$(java_flags) -XX:+UseSerialGC ${JAVA_OPTS:-}" '-Xmx64m -XX:TieredStopAtLevel=1'
}

# Prints where things are: the ports for HTTP ($1), workers ($2) and calls ($3), and a call to try.
print_ports() {
  cat <<TEXT

  dashboard  http://127.0.0.1:$1/
  workers    127.0.0.1:$2
  calls      127.0.0.1:$3

Try it:

grpcurl -plaintext \\
  -d '{
    "action_id": 12345,
    "action_name": "user_login",
    "action_data_json": "{\"user_id\":\"user_123\",\"ip_address\":\"192.168.1.1\"}",
    "timestamp": "2024-11-25T10:30:00.000000000Z"
  }' \\
  localhost:$3 \\
  osprey.rpc.osprey_coordinator.sync_action.v1.OspreyCoordinatorSyncActionService/ProcessAction

TEXT
}
