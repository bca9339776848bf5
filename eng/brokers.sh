# shellcheck shell=bash
# RabbitMQ twice: `rabbitmq` is what this system's distribution packages, `rabbitmq4` the 4.x of Debian forky. They differ in
# where their programs live, and in nothing else here. Sourced by servers.sh, whose helpers it uses.

broker4_package=rabbitmq-server

broker_bin() { # KIND
  local folder
  for folder in /usr/lib/rabbitmq/bin /usr/local/lib/rabbitmq/bin; do
    if [ "$1" = rabbitmq4 ] || [ -x "$folder/rabbitmq-server" ]; then echo "$folder"; return; fi
  done
}

# Without the 4.x everything else goes on.
broker4_without() {
  say "RabbitMQ 4 is not there. $1 The tests of RabbitMQ run on the other one alone: to run them on both," \
    "set WORKER_TEST_RABBITMQ4=amqp://USER:PASSWORD@HOST:5672 and WORKER_TEST_RABBITMQ4_MANAGEMENT=http://USER:PASSWORD@HOST:15672" \
    "to a broker of your own."
}

# Runs a program where the broker's are, as this user, in the broker's folder, with all that its node has to be told.
broker_run() { # KIND PROGRAM [ARGUMENT…]
  local kind=$1 at="$home/$1" place=() loopback='-kernel inet_dist_use_interface {127,0,0,1}'
  shift
  if [ "$kind" = rabbitmq4 ]; then
    # shellcheck disable=SC2016
    place=(forky_run "$at" 'user=$1 group=$2; shift 2; exec setpriv --reuid "$user" --regid "$group" --clear-groups "$@"'
      sh "$(id -u)" "$(id -g)")
    at=/srv
  fi
  "${place[@]}" env -C "$at" HOME="$at/home" TMPDIR="$at" \
    ERL_EPMD_PORT="$(port_of "$kind" epmd)" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_NODENAME="worker-$(port_of "$kind" amqp)@localhost" RABBITMQ_DIST_PORT="$(port_of "$kind" distribution)" \
    RABBITMQ_MNESIA_BASE="$at/data" RABBITMQ_LOG_BASE="$at/log" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$at/node.pid" \
    RABBITMQ_CONFIG_FILE="$at/rabbitmq" RABBITMQ_CONF_ENV_FILE="$at/rabbitmq-env.conf" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$at/enabled_plugins" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="$loopback" RABBITMQ_CTL_ERL_ARGS="$loopback" "$@"
}

# Starts a program in a session of its own, with its id and its output in the broker's folder.
broker_spawn() { # KIND NAME PROGRAM [ARGUMENT…]
  local kind=$1 name=$2
  shift 2
  # shellcheck disable=SC2016
  broker_run "$kind" setsid --fork sh -c 'echo $$ >"$0.pid"; exec "$@"' "$name" "$@" </dev/null >>"$home/$kind/node.log" 2>&1 8>&- 9>&-
}

broker_configure() { # KIND
  local folder="$home/$1" name
  mkdir -p "$folder/home" "$folder/data" "$folder/log"
  [ -e "$folder/ports" ] || for name in amqp management distribution epmd; do echo "$name=$(free_port)"; done >"$folder/ports"
  echo '[rabbitmq_management,rabbitmq_shovel,rabbitmq_shovel_management].' >"$folder/enabled_plugins"
  : >"$folder/rabbitmq-env.conf"
  cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$(port_of "$1" amqp)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(port_of "$1" management)
collect_statistics_interval = 1000
CONF
}

broker_running() { alive "$home/$1/node.pid" "-epmd_port $(port_of "$1" epmd) "; }

# Begins to start it; broker_await says how that ended.
broker_launch() { # KIND
  ! broker_running "$1" || return 0
  broker_configure "$1"
  rm -f "$home/$1"/*.pid "$home/$1/node.log"
  # The node would leave an epmd behind; this one is ours to end.
  broker_spawn "$1" epmd epmd -port "$(port_of "$1" epmd)" -address 127.0.0.1
  broker_spawn "$1" launcher "$(broker_bin "$1")/rabbitmq-server"
}

broker4_launch() {
  local obstacle
  obstacle=$(forky_obstacle "$broker4_package")
  if [ -n "$obstacle" ]; then
    broker4_without "$obstacle"
    return 4
  elif ! forky_install "$broker4_package"; then
    broker4_without "It could not be installed (see above, and $home/forky.log)."
    return 4
  fi
  broker_launch rabbitmq4
}

broker_await() { # KIND
  local kind=$1 log="$home/$1/node.log" second
  for second in $(seq 120); do
    if grep -q 'Server startup complete' "$log" 2>/dev/null && answers "$(port_of "$kind" amqp)"; then
      say "RabbitMQ ($kind) answers on 127.0.0.1:$(port_of "$kind" amqp), its management on 127.0.0.1:$(port_of "$kind" management)"
      return 0
    fi
    [ "$second" -lt 5 ] || alive "$home/$kind/launcher.pid" rabbitmq-server || break
    [ $((second % 5)) -ne 0 ] || say "waiting for RabbitMQ ($kind), $second s"
    sleep 1
  done
  tail -n 30 "$log" >&2 || true
  broker_stop "$kind"
  say "RabbitMQ ($kind) did not start (the end of its log is above; all of it is in $log)."
  return 3
}

broker_stop() { # KIND
  end "$home/$1/node.pid" "-epmd_port $(port_of "$1" epmd) "
  end "$home/$1/server.pid" rabbitmq-server
  end "$home/$1/epmd.pid" "epmd -port $(port_of "$1" epmd) "
}

broker_env() { # KIND VARIABLE
  broker_running "$1" || return 0
  echo "export $2=amqp://guest:guest@127.0.0.1:$(port_of "$1" amqp)"
  echo "export $2_MANAGEMENT=http://guest:guest@127.0.0.1:$(port_of "$1" management)"
}

broker_ctl() { # KIND [ARGUMENT…]
  local kind=$1
  shift
  broker_running "$kind" || fail "RabbitMQ ($kind) does not run."
  broker_run "$kind" "$(broker_bin "$kind")/rabbitmqctl" "$@"
}
