# Runs the command line with an archive of classes that it makes for itself. Sourced after toolchain.sh by
# the launchers of coordctl.
# shellcheck shell=bash

CTL_MAIN=org.osprey.coordinator.ctl.Main

# Prints the class path. What every command needs comes first: jars are searched in this order.
coordctl_class_path() {
  local lib path=$1 file
  if [ -e "${1%.jar}.libraries" ]; then
    class_path "$1"
    return
  fi
  lib=$(dirname "$1")/lib
  for file in "$lib"/picocli-*.jar "$lib"/jackson-*.jar "$lib"/*.jar; do
    case $path: in *"$file:"*) ;; *) path=$path:$file ;; esac
  done
  printf '%s' "$path"
}

# Sets flags, for a command named $1 and the archive $2.
set_coordctl_flags() {
  read -ra flags <<<"$(java_flags) -XX:+UseSerialGC -Xshare:auto"
  # Load wants the best code; everything else is over before that is there.
  [ "$1" = load ] || flags+=(-XX:TieredStopAtLevel=1)
  [ -s "$2" ] || return 0
  flags+=("-XX:SharedArchiveFile=$2" '-Xlog:cds*=off')
  [ "$(jdk_version "$JAVA_HOME")" -lt "$MIN_AOT_JDK" ] || flags+=('-Xlog:aot*=off')
}

# Takes notes of the classes that two commands load, and makes the archive $2 of them, for the class path $1.
# Without one starts are slower, and that is all.
train_coordctl() {
  local class_path=$1 archive=$2
  echo "Preparing coordctl, so that later starts are quick (some seconds) ..." >&2
  work=$(mktemp -d "$(dirname "$archive")/coordctl-train.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  rm -f "$archive"
  set_coordctl_flags train "$archive"
  {
    java "${flags[@]}" "-XX:DumpLoadedClassList=$work/1" -cp "$class_path" "$CTL_MAIN" \
      config print --output json || true
    java "${flags[@]}" "-XX:DumpLoadedClassList=$work/2" -cp "$class_path" "$CTL_MAIN" \
      health --url http://127.0.0.1:1 || true
    # Numbers differ between runs, and only names matter for classes from the class path.
    sed -e '/^#/d' -e '/ source: /d' -e 's/ id: .*//' "$work/1" "$work/2" | sort -u >"$work/all"
    java "${flags[@]}" -Xshare:dump "-XX:SharedClassListFile=$work/all" \
      "-XX:SharedArchiveFile=$work/archive" -cp "$class_path" || true
    [ ! -e "$work/archive" ] || mv "$work/archive" "$archive"
  } >"$archive.log" 2>&1 </dev/null || true
  [ -e "$archive" ] || : >"$archive"
  rm -rf "$work"
  trap - EXIT
}

# Runs the jar $1 with the archive $2, which is made where its folder may be written; the rest is the command.
run_coordctl() {
  local jar=$1 archive=$2 path kind=usual word
  shift 2
  path=$(coordctl_class_path "$jar")
  if [ ! "$archive" -nt "$jar" ] && [ -w "$(dirname "$archive")" ]; then
    train_coordctl "$path" "$archive"
  fi
  for word in "$@"; do
    [ "$word" != load ] || kind=load
  done
  set_coordctl_flags "$kind" "$archive"
  read -ra more <<<"${JAVA_OPTS:-}"
  [ ! -t 1 ] || more+=(-Dcoordctl.interactive=true)
  exec java "${flags[@]}" ${more[@]+"${more[@]}"} -cp "$path" "$CTL_MAIN" "$@"
}
