#!/usr/bin/env bash
# Does the steps of docker/Dockerfile without a Docker engine, and tests what comes of them: a Debian root, a Java by
# jlink, the release, the archive of classes trained in there; then a start as user 10001, as process 1, in a root
# that may not be written, with health, a sample worker, a call and SIGTERM.
#
# usage: docker/rootfs_test.sh, as root, after a build. Takes some minutes the first time; keeps the Debian root in
# .run/rootfs/base.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit 1
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
# shellcheck source=scripts/tap.sh
. scripts/tap.sh
[ "$(id -u)" = 0 ] || die "only root may make a root file system"
use_jdk
command -v debootstrap >/dev/null || install_or_say debootstrap debootstrap debootstrap debootstrap debootstrap

SUITE=bookworm
USER_ID=10001
work=$PWD/.run/rootfs
root=$work/root
volume=$work/volume
worker="" inner=""

# As the stages say.
environment=(JAVA_HOME=/opt/java LANG=C.UTF-8 TMPDIR=/var/lib/coordinator/tmp
  "PATH=/opt/coordinator/bin:/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")

# One test goes on with what the one before has started, so nothing is ended in between.
check() {
  local title=$1
  shift
  if "$@" >"$work/problem" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $title"
  else
    failed=$((failed + 1))
    echo "FAIL $title"
    sed 's/^/# /' "$work/problem" "$work/out" 2>/dev/null | tail -40
  fi
}

kill_all() {
  local one
  for one in $worker $pid; do
    # Its process 1, with which the namespace ends: who changed its user does not end with its parent.
    pkill -KILL -P "$one"
    { wait "$one"; } 2>/dev/null
  done
}
trap kill_all EXIT
trap 'exit 130' INT TERM HUP

# Runs a command in the root, in a container's place: $1 is ro or rw, $2 who. Exec'd, so that it is process 1.
contain() {
  local mode=$1 who=$2
  shift 2
  # shellcheck disable=SC2016  # the inner shell fills it in
  exec unshare --mount --pid --fork bash -c '
    set -e
    root=$1 volume=$2 mode=$3 who=$4
    shift 4
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind "$volume" "$root/var/lib/coordinator"
    mount -o "remount,bind,$mode" "$root"
    exec chroot --userspec="$who:$who" "$root" /usr/bin/env -i -C /var/lib/coordinator "$@"
  ' contain "$root" "$volume" "$mode" "$who" "${environment[@]}" "$@"
}

inside() {
  (contain "$@")
}

# The steps.

make_base() {
  [ -e "$work/base/etc/debian_version" ] && return
  rm -rf "$work/base.draft" "$work/base"
  debootstrap --variant=minbase "$SUITE" "$work/base.draft" && mv "$work/base.draft" "$work/base"
}

make_root() {
  rm -rf "$root" "$volume" "$work/release"
  ./release.sh --no-build --into "$work/release" || return 1
  cp -a "$work/base" "$root" || return 1
  mkdir -p "$root/opt/coordinator" "$root/var/lib/coordinator" "$volume/tmp"
  tar -xzf "$work"/release/coordinator-*.tar.gz --strip-components=1 -C "$root/opt/coordinator" || return 1
  jlink --add-modules "$(sed -e 's/ *#.*//' -e '/^$/d' "$root/opt/coordinator/docker/modules.txt" | paste -sd, -)" \
    --no-header-files --no-man-pages --generate-cds-archive --output "$root/opt/java" || return 1
  chown -R "$USER_ID:$USER_ID" "$volume"
}

train() {
  inside rw 0 coordinator train || return 1
  [ -s "$root/opt/coordinator/archive/coordinator" ] || { echo "no archive"; return 1; }
  rm -rf "$volume"/tmp/*
}

# The tests.

has_every_module() {
  diff <(docker/modules.sh "$root/opt/coordinator/lib") <(sed -n '/^[a-z][a-z.]*$/p' docker/modules.txt)
}

has_no_rights() {
  [ "$(inside ro "$USER_ID" id -u)" = "$USER_ID" ] || return 1
  ! inside ro "$USER_ID" touch /opt/coordinator/probe 2>/dev/null && ! inside ro 0 touch /probe 2>/dev/null &&
    inside ro "$USER_ID" touch /var/lib/coordinator/probe
}

starts() {
  (contain ro "$USER_ID" OSPREY_COORDINATOR_BIDI_STREAM_PORT=0 OSPREY_COORDINATOR_SYNC_ACTION_PORT=0 \
    OSPREY_COORDINATOR_HTTP_PORT=0 "JAVA_OPTS=-Xlog:class+load:file=/var/lib/coordinator/classes" \
    coordinator --ready-file /var/lib/coordinator/ready) >"$work/out" 2>&1 &
  pid=$!
  await 60 test -s "$volume/ready" || return 1
  # shellcheck disable=SC1091
  . "$volume/ready"
  inner=$(pgrep -P "$pid")
  [ -n "$inner" ] && [ "$(stat -c %u "/proc/$inner")" = "$USER_ID" ]
}

uses_the_archive() {
  grep -q 'coordinator.app.Main source: shared objects file' "$volume/classes"
}

is_healthy() {
  inside ro "$USER_ID" OSPREY_COORDINATOR_HTTP_PORT="$http_port" coordinator health | tee "$work/health"
  grep -q ready "$work/health"
}

gets_a_verdict() {
  (contain ro "$USER_ID" sample-worker --target "127.0.0.1:$worker_port") >"$work/worker" 2>&1 &
  worker=$!
  java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$root/opt/coordinator/lib/*" \
    scripts/SampleCall.java "$sync_port" 20000 | tee "$work/answer"
  grep -q 'verdicts: "seen"' "$work/answer"
}

keeps_its_database_in_the_volume() {
  [ -s "$volume/data/coordinator.db" ]
}

stops_with_0() {
  local status=0
  kill -TERM "$inner"
  { wait "$pid"; } 2>/dev/null || status=$?
  pid=""
  [ "$status" = 0 ] || { echo "ended with $status"; return 1; }
  grep 'stopped: drained=true' "$work/out"
}

has_a_command_line() {
  inside ro "$USER_ID" coordctl --version | grep '^coordctl [0-9]'
}

mkdir -p "$work"
: >"$work/out"
worker_port="" sync_port="" http_port=""
check "a Debian root" make_base
check "the release and a Java of its modules are in it" make_root
check "the modules are those that the jars name" has_every_module
check "an archive of classes is trained in it" train
check "user $USER_ID may write to the volume alone" has_no_rights
check "starts as process 1" starts
check "uses the archive" uses_the_archive
check "coordinator health" is_healthy
check "a call gets the sample worker's verdict" gets_a_verdict
check "the database is in the volume" keeps_its_database_in_the_volume
check "SIGTERM ends it with 0" stops_with_0
check "coordctl" has_a_command_line
for folder in "$root" "$root/opt/java" "$root/opt/coordinator"; do
  du -sh "$folder" | sed "s|$root|size of the root/|"
done

echo "rootfs: $passed passed, $failed failed"
[ "$failed" = 0 ]
