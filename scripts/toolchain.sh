# Finds what building and running need. Sourced by the other scripts in the repository's folder; sets
# JAVA_HOME and PATH.
# NO_INSTALL=1 forbids installing: what is missing is then only named.
# shellcheck shell=bash disable=SC2034

MIN_JDK=21
MIN_AOT_JDK=25
MAIN=org.osprey.coordinator.app.Main
COORDINATOR_JAR=${COORDINATOR_JAR:-coordinator-server/app/target/coordinator.jar}
# What makes a folder a home of Java for us; who only runs programs asks for java.
JAVA_TOOL=${JAVA_TOOL:-javac}

die() {
  die_with 1 "$*"
}

die_with() {
  printf '%s: %s\n' "$(basename "$0")" "$2" >&2
  exit "$1"
}

# Prints the feature version of the JDK in $1, or nothing when there is none.
jdk_version() {
  [ -x "$1/bin/$JAVA_TOOL" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true
}

# Prints the home of the newest JDK that is new enough: JAVA_HOME wins if it is, then what the
# usual folders hold, then the one on the PATH.
find_jdk() {
  local home version best="" best_version=0 on_path
  version=$(jdk_version "${JAVA_HOME:-/nonexistent}")
  if [ "${version:-0}" -ge "$MIN_JDK" ]; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  on_path=$(command -v "$JAVA_TOOL" 2>/dev/null || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in ${JDK_FOLDERS:-/usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home} "$on_path"; do
    version=$(jdk_version "$home")
    if [ "${version:-0}" -ge "$MIN_JDK" ] && [ "$version" -gt "$best_version" ]; then
      best=$home best_version=$version
    fi
  done
  printf '%s' "$best"
}

# Prints the command that installs the packages for apt ($1), dnf ($2), apk ($3), brew ($4).
install_command() {
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo "
  if command -v apt-get >/dev/null; then
    printf '%sapt-get install -y %s' "$sudo" "$1"
  elif command -v dnf >/dev/null; then
    printf '%sdnf install -y %s' "$sudo" "$2"
  elif command -v apk >/dev/null; then
    printf '%sapk add %s' "$sudo" "$3"
  elif command -v brew >/dev/null; then
    printf 'brew install %s' "$4"
  fi
}

# Installs packages where that needs no password, and fails saying what to install otherwise.
# $1 what it is, then the packages as install_command takes them.
install_or_say() {
  local what=$1 command
  shift
  command=$(install_command "$@")
  [ -n "$command" ] || die "$what is missing, and no package manager was found to install it with"
  if [ "${NO_INSTALL:-0}" = 1 ] || { [ "${command#sudo}" != "$command" ] && ! sudo -n true 2>/dev/null; }; then
    die "$what is missing. Install it with: $command"
  fi
  echo "$what is missing, installing it: $command" >&2
  case $command in *apt-get*) ${command%% install*} update -qq >&2 || true ;; esac
  $command >&2 || die "$what is missing, and this failed: $command"
}

use_jdk() {
  local home
  home=$(find_jdk)
  if [ -z "$home" ]; then
    install_or_say "a JDK $MIN_JDK or newer" openjdk-21-jdk-headless java-21-openjdk-devel openjdk21 openjdk
    home=$(find_jdk)
    [ -n "$home" ] || die "a JDK $MIN_JDK or newer is still missing; set JAVA_HOME to one"
  fi
  export JAVA_HOME=$home PATH="$home/bin:$PATH"
}

use_maven() {
  command -v mvn >/dev/null || install_or_say "Maven" maven maven maven maven
}

# Flags that keep Netty, protobuf and Kafka quiet on the JDK in use.
java_flags() {
  local version
  version=$(jdk_version "$JAVA_HOME")
  printf '%s ' --enable-native-access=ALL-UNNAMED
  [ "$version" -lt 24 ] || printf '%s ' --sun-misc-unsafe-memory-access=allow
}

# For Maven: tests that run for long are worth what the second compiler costs.
# shellcheck disable=SC2034  # used by scripts that source this one
LONG_TESTS=-Dtest.jvm.args=--enable-native-access=ALL-UNNAMED

# Flags of the coordinator; RATIONALE.md says why. An archive of classes is only good for them.
coordinator_flags() {
  java_flags
  printf '%s ' -XX:+UseSerialGC -Xms32m -Xmn24m -XX:+ExitOnOutOfMemoryError \
    -Djdk.reflect.useNativeAccessorOnly=true -Dio.netty.leakDetection.level=disabled
  # Tried on these JDKs only: gives back what the compilers freed.
  [ "$(jdk_version "$JAVA_HOME")" -lt "$MIN_AOT_JDK" ] ||
    printf '%s ' -XX:+UnlockDiagnosticVMOptions -XX:TrimNativeHeapInterval=10000
}

# Prints the class path of the program whose jar is $1, in an order that stays: that and its lib, or, in
# a release, where programs share the folder of jars, that and what its list of libraries names.
class_path() {
  local LC_ALL=C path=$1 jar folder
  folder=$(dirname "$1")
  if [ -e "${1%.jar}.libraries" ]; then
    while read -r jar; do
      path=$path:$folder/$jar
    done <"${1%.jar}.libraries"
  else
    for jar in "$folder"/lib/*.jar; do
      path=$path:$jar
    done
  fi
  printf '%s' "$path"
}

# Prints what an archive of classes depends on, beside the age of the jars. Not on where they are: an archive
# moves with its folder.
archive_key() {
  { coordinator_flags && cat "$JAVA_HOME/release" &&
    classes_of_coordinator -exec wc -c {} + | sed 's|^\( *[0-9]* \).*/|\1|'; } | LC_ALL=C sort | cksum
}

# Finds the coordinator's jars; further arguments are for find.
classes_of_coordinator() {
  local folder
  folder=$(dirname "$COORDINATOR_JAR")
  if [ -e "${COORDINATOR_JAR%.jar}.libraries" ]; then
    find -L "$folder" -name '*.jar' "$@"
  else
    find -L "$COORDINATOR_JAR" "$folder/lib" -name '*.jar' "$@"
  fi
}

# Whether training again would make no other archive than $1, which may be an empty one.
archive_is_current() {
  [ -e "$1" ] && [ "$(archive_key)" = "$(cat "$1.key" 2>/dev/null)" ] &&
    [ -z "$(classes_of_coordinator -newer "$1.key")" ]
}

# Prints the flags that use the archive $1. One that does not fit is passed over without a word.
archive_flags() {
  archive_flag_lines "$1" | tr '\n' ' '
}

# The same with one on each line, for a path that may have blanks.
archive_flag_lines() {
  [ -s "$1" ] || return 0
  if [ "$(jdk_version "$JAVA_HOME")" -ge "$MIN_AOT_JDK" ]; then
    printf '%s\n' "-XX:AOTCache=$1" '-Xlog:aot*=off' '-Xlog:cds*=off'
  else
    printf '%s\n' "-XX:SharedArchiveFile=$1" '-Xlog:cds*=off'
  fi
}
