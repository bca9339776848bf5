#!/usr/bin/env bash
# The real servers that the tests use, private to this user: their own node name, ports, data and cookie, loopback only.
#
#   eng/servers.sh install   installs what is missing
#   eng/servers.sh start     installs what is missing, starts what is not running, waits until it answers
#   eng/servers.sh env       prints the exports that point the tests at what is running; nothing when nothing runs
#   eng/servers.sh restart   stops and starts again with the same ports and data
#   eng/servers.sh stop      ends what `start` started, and removes its data
#
# With "rabbitmq" or "engine" before the command it is about that one alone, and stopping keeps the data.
#
# WORKER_SERVERS names the folder that holds everything (default: worker-servers-UID under TMPDIR or /tmp).
# Another folder is another, independent set of servers.
set -euo pipefail

home="${WORKER_SERVERS:-${TMPDIR:-/tmp}/worker-servers-$(id -u)}"
rabbit="$home/rabbitmq"

say() { echo "servers: $*" >&2; }
fail() { say "$*"; exit 3; }

by_hand() {
  fail "$1 Install RabbitMQ with its management and shovel plugins (and, for all tests, python3 with pika, node and npm) by hand," \
    "start it, and set WORKER_TEST_RABBITMQ=amqp://USER:PASSWORD@HOST:5672" \
    "and WORKER_TEST_RABBITMQ_MANAGEMENT=http://USER:PASSWORD@HOST:15672; ./test.sh then uses those."
}

# --- packages -------------------------------------------------------------------------------------------------------

rabbit_bin() {
  local folder
  for folder in /usr/lib/rabbitmq/bin /usr/local/lib/rabbitmq/bin; do
    if [ -x "$folder/rabbitmq-server" ]; then echo "$folder"; return; fi
  done
}

missing_packages() {
  [ -n "$(rabbit_bin)" ] || echo rabbitmq-server
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
alive() { # PID-FILE WORD
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] &&
    { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF -- "$2"
}

end() { # PID-FILE WORD
  local pid second
  alive "$1" "$2" || return 0
  pid=$(cat "$1")
  kill -TERM "$pid" 2>/dev/null || true
  for second in $(seq 150); do
    alive "$1" "$2" || return 0
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

# --- RabbitMQ -------------------------------------------------------------------------------------------------------

rabbit_running() { alive "$rabbit/node.pid" "$rabbit/"; }

rabbit_configure() {
  mkdir -p "$rabbit/home" "$rabbit/data" "$rabbit/log"
  [ -e "$rabbit/ports" ] || cat >"$rabbit/ports" <<PORTS
amqp=$(free_port)
management=$(free_port)
distribution=$(free_port)
epmd=$(free_port)
PORTS
  # shellcheck disable=SC1091
  . "$rabbit/ports"
  echo '[rabbitmq_management,rabbitmq_shovel,rabbitmq_shovel_management].' >"$rabbit/enabled_plugins"
  : >"$rabbit/rabbitmq-env.conf"
  cat >"$rabbit/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$amqp
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
collect_statistics_interval = 1000
CONF
}

rabbit_launch() {
  export HOME="$rabbit/home"
  export ERL_EPMD_PORT="$epmd" ERL_EPMD_ADDRESS=127.0.0.1
  export RABBITMQ_NODENAME="worker-$amqp@localhost" RABBITMQ_DIST_PORT="$distribution"
  export RABBITMQ_MNESIA_BASE="$rabbit/data" RABBITMQ_LOG_BASE="$rabbit/log" RABBITMQ_LOGS=-
  export RABBITMQ_PID_FILE="$rabbit/node.pid"
  export RABBITMQ_CONFIG_FILE="$rabbit/rabbitmq" RABBITMQ_CONF_ENV_FILE="$rabbit/rabbitmq-env.conf"
  export RABBITMQ_ENABLED_PLUGINS_FILE="$rabbit/enabled_plugins"
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"

  # The node would leave an epmd behind; this one is ours to end.
  setsid epmd -port "$epmd" -address 127.0.0.1 </dev/null >"$rabbit/epmd.log" 2>&1 9>&- &
  echo $! >"$rabbit/epmd.pid"
  cd "$rabbit"
  setsid "$(rabbit_bin)/rabbitmq-server" </dev/null >"$rabbit/node.log" 2>&1 9>&- &
  echo $! >"$rabbit/launcher.pid"
}

rabbit_start() {
  rabbit_running && answers "$(sed -n 's/^amqp=//p' "$rabbit/ports")" && return 0
  rabbit_configure
  rm -f "$rabbit/node.pid"
  (rabbit_launch)

  local second
  for second in $(seq 120); do
    if grep -q 'Server startup complete' "$rabbit/node.log" 2>/dev/null && answers "$amqp"; then
      say "RabbitMQ answers on 127.0.0.1:$amqp, its management on 127.0.0.1:$management"
      return 0
    fi
    alive "$rabbit/launcher.pid" rabbitmq-server || break
    [ $((second % 5)) -ne 0 ] || say "waiting for RabbitMQ, $second s"
    sleep 1
  done
  tail -n 30 "$rabbit/node.log" >&2 || true
  rabbit_stop
  fail "RabbitMQ did not start (the end of its log is above; all of it is in $rabbit/node.log)."
}

rabbit_stop() {
  end "$rabbit/node.pid" "$rabbit/"
  end "$rabbit/launcher.pid" rabbitmq-server
  end "$rabbit/epmd.pid" epmd
}

rabbit_env() {
  rabbit_running || return 0
  # shellcheck disable=SC1091
  . "$rabbit/ports"
  echo "export WORKER_TEST_RABBITMQ=amqp://guest:guest@127.0.0.1:$amqp"
  echo "export WORKER_TEST_RABBITMQ_MANAGEMENT=http://guest:guest@127.0.0.1:$management"
}

# --- the document engine --------------------------------------------------------------------------------------------

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

only=
case "${1:-}" in
  rabbitmq | engine)
    only=$1
    shift
    ;;
esac

wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }

install_wanted() {
  ! wanted rabbitmq || install_missing
  ! wanted engine || [ -n "$(engine_obstacle)" ] || { engine_driver && engine_install; }
}

start_wanted() {
  ! wanted rabbitmq || { install_missing; rabbit_start; }
  ! wanted engine || engine_start
  # Together with the rest the engine may be missing; asked for by its name it may not.
  [ "$only" != engine ] || gateway_pings || exit 3
}

stop_wanted() {
  ! wanted rabbitmq || rabbit_stop
  ! wanted engine || engine_stop
}

case "$*" in
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
    if [ -z "$only" ]; then
      engine_remove
      rm -rf "$home"
    fi
    ;;
  env)
    ! wanted rabbitmq || rabbit_env
    ! wanted engine || engine_env
    ;;
  *)
    echo "usage: eng/servers.sh [rabbitmq|engine] install|start|env|restart|stop" >&2
    exit 2
    ;;
esac
