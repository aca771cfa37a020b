# What the tests of scripts share. Sourced by them; repository is the folder of what was built, and a test's
# process group is in pid, its output in the files out and err.
# shellcheck shell=bash disable=SC2154

passed=0
failed=0
pid=""

# Waits at most $1 seconds until the rest is true.
await() {
  local tries=$(($1 * 20))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "# waited in vain for: $*"; return 1; }
    sleep 0.05
  done
}

group_is_empty() {
  ! kill -0 -- "-$pid" 2>/dev/null
}

printed_lines() {
  [ "$(wc -l <err)" -eq "$1" ] || { echo "# expected $1 lines on stderr"; return 1; }
}

call() {
  java -cp "$repository/worker-client/stream-worker/target/lib/*" \
    --enable-native-access=ALL-UNNAMED "$repository/scripts/SampleCall.java" "$@" 2>&1
}

prints_a_stack_trace() {
  grep -hE '^[[:space:]]+at [a-z].*\(|^([a-z]+\.)+[A-Za-z]*(Exception|Error)|^Exception in' out err
}

# Runs the test that follows the title $1, after before_each and before after_each.
check() {
  local title=$1 number=$((passed + failed + 1))
  shift
  pid=""
  before_each
  if "$@" >problem 2>&1 && ! prints_a_stack_trace >>problem; then
    passed=$((passed + 1))
    echo "ok $number - $title"
  else
    failed=$((failed + 1))
    echo "not ok $number - $title"
    cat problem
    sed 's/^/# out: /' out
    sed 's/^/# err: /' err
  fi
  after_each
}
