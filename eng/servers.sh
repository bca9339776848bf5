#!/usr/bin/env bash
# The real servers that the tests use, private to this user: their own node name, ports, data and cookie, loopback only.
#
#   eng/servers.sh install   installs what is missing
#   eng/servers.sh start     installs what is missing, starts what is not running, waits until it answers
#   eng/servers.sh env       prints the exports that point the tests at what is running; nothing when nothing runs
#   eng/servers.sh restart   stops and starts again with the same ports and data
#   eng/servers.sh stop      ends what `start` started, and removes its data
#
# With names before the command it is about those alone, and stopping keeps the data: "rabbitmq" is the distribution's
# RabbitMQ, "rabbitmq4" the 4.x of Debian forky, "engine" a document engine that speaks MongoDB's protocol.
#
#   eng/servers.sh rabbitmq|rabbitmq4 ctl ARGUMENT…   runs rabbitmqctl on that broker
#
# Exit codes: 3, what was asked for did not start; 4, it cannot be had on this system, and a sentence says why.
#
# WORKER_SERVERS names the folder that holds everything (default: worker-servers-UID under TMPDIR or /tmp).
# Another folder is another, independent set of servers.
set -euo pipefail

home="${WORKER_SERVERS:-${TMPDIR:-/tmp}/worker-servers-$(id -u)}"

say() { echo "servers: $*" >&2; }
fail() { say "$*"; exit 3; }

by_hand() {
  say "$1 Install RabbitMQ with its management and shovel plugins (and, for all tests, python3 with pika, node and npm) by hand," \
    "start it, and set WORKER_TEST_RABBITMQ=amqp://USER:PASSWORD@HOST:5672" \
    "and WORKER_TEST_RABBITMQ_MANAGEMENT=http://USER:PASSWORD@HOST:15672; ./test.sh then uses those."
  exit 4
}

# --- packages -------------------------------------------------------------------------------------------------------

missing_packages() {
  [ -n "$(broker_bin rabbitmq)" ] || echo rabbitmq-server
  { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import pika' 2>/dev/null; } || echo python3-pika
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else by_hand "Installing packages needs root or sudo, and this is neither."
  fi
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >"$home/apt.log" 2>&1; }

# The lists are fetched only when what is there does not do.
apt_install_fresh() { apt_install "$@" || { as_root apt-get update -q >/dev/null 2>&1 && apt_install "$@"; }; }

install_missing() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || by_hand "${packages[*]} missing, and this system has no apt-get."

  say "installing ${packages[*]}"
  # The packaged service is not wanted: only the programs. An administrator's own policy is left alone.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    made_policy=1
  fi
  local ok=1
  apt_install_fresh "${packages[@]}" || ok=
  [ -z "$made_policy" ] || as_root rm -f "$policy"
  [ -n "$ok" ] || { tail -n 20 "$home/apt.log" >&2; by_hand "apt-get could not install ${packages[*]} (see above)."; }
}

# --- processes ------------------------------------------------------------------------------------------------------

# A process is ours when it lives under the id that was noted and its command line still says what was started.
says() { # PID WORD
  [ -n "$1" ] && [ -r "/proc/$1/cmdline" ] && { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -qF -- "$2"
}

alive() { says "$(cat "$1" 2>/dev/null)" "$2"; } # PID-FILE WORD

# The file may go before the process does.
end() { # PID-FILE WORD
  local pid second
  pid=$(cat "$1" 2>/dev/null) || return 0
  says "$pid" "$2" || return 0
  kill -TERM "$pid" 2>/dev/null || true
  for second in $(seq 150); do
    says "$pid" "$2" || return 0
    sleep 0.2
  done
  kill -KILL "$pid" 2>/dev/null || true
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); do
    answers "$port" || { echo "$port"; return; }
  done
}

# What is written into a server's folder when it is first started, and stays while its data do.
port_of() { sed -n "s/^$2=//p" "$home/$1/ports" 2>/dev/null || true; } # KIND NAME

# --- the servers ----------------------------------------------------------------------------------------------------

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/forky.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/brokers.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/document-engine.sh"

# --- commands -------------------------------------------------------------------------------------------------------

locked() {
  mkdir -p "$home"
  if command -v flock >/dev/null; then
    exec 9>"$home/lock"
    flock 9
  fi
}

names=()
while [[ "${1:-}" =~ ^(rabbitmq|rabbitmq4|engine)$ ]]; do
  names+=("$1")
  shift
done

wanted() { [ ${#names[@]} -eq 0 ] || [[ " ${names[*]} " = *" $1 "* ]]; }

install_wanted() {
  local packages=()
  ! wanted rabbitmq || install_missing
  ! wanted rabbitmq4 || [ -n "$(forky_obstacle "$broker4_package")" ] || packages+=("$broker4_package")
  ! wanted engine || [ -n "$(engine_obstacle)" ] || packages+=("$engine_package")
  [ ${#packages[@]} -eq 0 ] || forky_install "${packages[@]}"
}

# The brokers start while the engine does. Together with others rabbitmq4 and the engine may be missing; alone nothing may.
start_wanted() {
  local status=0 launched=
  ! wanted rabbitmq || { install_missing; broker_launch rabbitmq; }
  ! wanted rabbitmq4 || { broker4_launch && launched=1; } || status=$?
  ! wanted engine || engine_start || status=$?
  ! wanted rabbitmq || broker_await rabbitmq || exit 3
  [ -z "$launched" ] || broker_await rabbitmq4 || { status=$?; broker4_without "It did not start."; }
  [ ${#names[@]} -ne 1 ] || exit "$status"
}

stop_wanted() {
  local kind
  for kind in rabbitmq rabbitmq4; do
    ! wanted "$kind" || broker_stop "$kind"
  done
  ! wanted engine || engine_stop
}

usage() {
  echo "usage: eng/servers.sh [rabbitmq] [rabbitmq4] [engine] install|start|env|restart|stop" >&2
  echo "       eng/servers.sh rabbitmq|rabbitmq4 ctl ARGUMENT…" >&2
  exit 2
}

case "${1:-}" in
  install | start)
    [ -d /proc/self ] || by_hand "This script starts servers on Linux only."
    locked
    "$1_wanted"
    ;;
  restart)
    locked
    stop_wanted
    start_wanted
    ;;
  stop)
    [ -d "$home" ] || exit 0
    locked
    stop_wanted
    if [ ${#names[@]} -eq 0 ]; then
      engine_remove
      rm -rf "$home"
    fi
    ;;
  env)
    ! wanted rabbitmq || broker_env rabbitmq WORKER_TEST_RABBITMQ
    ! wanted rabbitmq4 || broker_env rabbitmq4 WORKER_TEST_RABBITMQ4
    ! wanted engine || engine_env
    ;;
  ctl)
    [[ "${names[*]}" =~ ^rabbitmq4?$ ]] || usage
    broker_ctl "${names[0]}" "${@:2}"
    ;;
  *) usage ;;
esac
