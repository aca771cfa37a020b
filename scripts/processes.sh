# Processes with a name, which outlive the script that starts them: for each a file with its pid and a mark,
# and a log. Sourced by local.sh, which sets folder. A pid only counts while its command line has the mark,
# so that nothing is ended that got the number of one that has ended.
# shellcheck shell=bash disable=SC2154

# What this script has started, and the process that shows its logs.
started=""
logs_pid=""

log_of() {
  printf '%s/%s.log' "$folder" "$1"
}

# Prints the command line of the process $1; nothing if there is none.
command_of() {
  if [ -d /proc/self ]; then
    { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true
  else
    ps -ww -o args= -p "$1" 2>/dev/null || true
  fi
}

# Prints the pid of the process named $1; nothing if it does not run.
pid_of() {
  local pid mark
  { read -r pid && read -r mark; } 2>/dev/null <"$folder/$1.pid" || return 0
  case $(command_of "$pid") in
    *"$mark"*) printf '%s' "$pid" ;;
  esac
}

is_running() {
  [ -n "$(pid_of "$1")" ]
}

# Starts a process named $1, with the mark $2 in its command line, which is the rest.
launch() {
  local name=$1 mark=$2
  shift 2
  rm -f "$folder/$name.pid"
  : >"$(log_of "$name")"
  started="$started $name"
  # A group of its own: Ctrl-C is for the script, which says who ends when.
  set -m
  # The shell notes its pid before it becomes the program, so that a signal leaves none behind.
  # shellcheck disable=SC2016
  sh -c 'printf "%s\n%s\n" $$ "$1" >"$2.new" && mv "$2.new" "$2" && shift 2 && exec "$@"' sh \
    "$mark" "$folder/$name.pid" "$@" </dev/null >>"$(log_of "$name")" 2>&1 &
  set +m
  until [ -e "$folder/$name.pid" ] || ! kill -0 $! 2>/dev/null; do
    sleep 0.01
  done
}

# Waits at most $2 seconds until the rest is true of the process named $1.
await_process() {
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@"; do
    is_running "$name" || fail_with_log "$name" "$name has ended"
    [ "$SECONDS" -lt "$end" ] || fail_with_log "$name" "$name is not ready in time"
    sleep 0.05
  done
}

fail_with_log() {
  tail -n 20 "$(log_of "$1")" | sed "s/^/$1 | /" >&2
  die "$2; the lines above are the last of $(log_of "$1")"
}

# Sends the signal $2 to the process named $1 and those it has made, which are its group.
tell() {
  local pid
  pid=$(pid_of "$1")
  [ -z "$pid" ] || kill "-$2" -- "-$pid" 2>/dev/null || true
}

# Waits at most $2 seconds for the end of the process named $1, and then ends it the hard way.
await_end() {
  local end=$((SECONDS + $2)) tries=100 group
  group=$(sed -n 1p "$folder/$1.pid")
  while is_running "$1"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$1 did not end within $2 s, so it is killed" >&2
      tell "$1" KILL
      end=$((SECONDS + 5))
    fi
    sleep 0.05
  done
  # What it has made ends with it, or soon after.
  while [ "$tries" -gt 0 ] && kill -0 -- "-$group" 2>/dev/null; do
    tries=$((tries - 1))
    sleep 0.05
  done
  rm -f "$folder/$1.pid"
}

port_is_taken() {
  (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Whether GET of the path $2 at the port $1 is answered with 200.
answers_http() {
  local line=""
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3 2>/dev/null || true
  IFS= read -r -t 5 line <&3 || true
  exec 3>&-
  [[ $line == *" 200 "* ]]
}

# Prints the logs of the processes named, with the name before each line; with follow=yes for ever.
print_logs() {
  local name tail_command=(tail -n +1)
  [ "$follow" = no ] || tail_command+=(-f)
  # With several files tail says whose lines come; this one has none.
  tail_command+=(/dev/null)
  for name in "$@"; do
    tail_command+=("$(log_of "$name")")
  done
  "${tail_command[@]}" 2>/dev/null | label_lines
}

# Does so beside the script, until finish_logs.
show_logs() {
  local name files=()
  for name in "$@"; do
    files+=("$(log_of "$name")")
  done
  : >"$folder/end-of-$$.log"
  # A group of its own, which Ctrl-C does not reach: the last lines are to be seen too.
  set -m
  (tail -n +1 -f "${files[@]}" "$folder/end-of-$$.log" 2>/dev/null | label_lines) &
  set +m
  logs_pid=$!
}

# Ends show_logs, after the lines that are written by now.
finish_logs() {
  local tries=100
  [ -n "$logs_pid" ] || return 0
  # The last file that tail looks at: what was written before this has been shown when it is.
  echo end >"$folder/end-of-$$.log"
  while [ "$tries" -gt 0 ] && [ -e "$folder/end-of-$$.log" ]; do
    tries=$((tries - 1))
    sleep 0.05
  done
  kill -- "-$logs_pid" 2>/dev/null || true
  rm -f "$folder/end-of-$$.log"
  logs_pid=""
}

label_lines() {
  local line name=""
  while IFS= read -r line; do
    case $line in
      "" | "==> /dev/null <==") ;;
      "==> $folder/"*".log <==")
        name=${line##*/}
        name=${name%.log <==}
        ;;
      *)
        if [ "$name" = "end-of-$$" ]; then
          rm -f "$folder/$name.log"
          return
        fi
        printf '%-30s | %s\n' "$name" "$line"
        ;;
    esac
  done
}
