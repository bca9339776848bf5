# shellcheck shell=bash
# The document engine of the tests: DocumentDB on PostgreSQL from Debian forky, with the gateway of tests/MongoGateway in
# front of it. Sourced by servers.sh, whose helpers it uses.

engine="$home/engine"
engine_package=postgresql-18-documentdb
engine_user=worker engine_password=worker

# Without the engine everything else goes on.
engine_without() {
  say "The document engine is not there. $1 The tests that need MongoDB are skipped:" \
    "to run them, set WORKER_TEST_MONGODB=mongodb://USER:PASSWORD@HOST:27017 to a MongoDB of your own."
}

# Says why the engine cannot be had here; nothing when it can.
engine_obstacle() {
  local obstacle
  obstacle=$(forky_obstacle "$engine_package")
  if [ -n "$obstacle" ]; then
    echo "$obstacle"
  elif ! command -v dotnet >/dev/null; then
    echo "The gateway before it is built with dotnet, which is missing."
  fi
}

engine_in_root() { forky_run "$engine" "$@"; } # SCRIPT [ARGUMENT…]

# --- PostgreSQL -----------------------------------------------------------------------------------------------------

engine_alive() { alive "$engine/run/postgres.pid" "postgres -D /srv/data -p $(port_of engine postgres)"; }

engine_initialize() {
  mkdir -p "$engine"
  [ -e "$engine/ports" ] || printf 'postgres=%s\ngateway=%s\nalone=%s\n' "$(free_port)" "$(free_port)" "$(free_port)" >"$engine/ports"
  [ -e "$engine/initialized" ] || engine_in_root '
    mkdir -p /srv/data /srv/run
    chown postgres /srv/data /srv/run
    exec setpriv --reuid postgres --regid postgres --clear-groups \
      /usr/lib/postgresql/18/bin/initdb -D /srv/data -A trust -E UTF8 --locale C.UTF-8' >"$engine/initdb.log" 2>&1 || return 1
  touch "$engine/initialized"
  # A deadlock is found after 20 ms, because the gateway then tries again; cursors wait as long as MongoDB's do.
  as_root tee "$engine/data/postgresql.auto.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
external_pid_file = '/srv/run/postgres.pid'
shared_preload_libraries = 'pg_cron, pg_documentdb_core, pg_documentdb'
cron.database_name = 'postgres'
cron.host = '127.0.0.1'
cron.log_statement = off
max_connections = 120
shared_buffers = '256MB'
max_wal_size = '2GB'
deadlock_timeout = '20ms'
documentdb.defaultCursorExpiryTimeLimitSeconds = 600
CONF
}

engine_launch() {
  # shellcheck disable=SC2016
  engine_in_root 'exec setsid setpriv --reuid postgres --regid postgres --clear-groups \
    /usr/lib/postgresql/18/bin/postgres -D /srv/data -p "$0"' "$(port_of engine postgres)"
}

# Creating the extension is also how we learn that the engine answers.
engine_extend() {
  local second
  for second in $(seq 60); do
    engine_in_root 'exec psql -qX -h 127.0.0.1 -p "$0" -U postgres -c "CREATE EXTENSION IF NOT EXISTS documentdb CASCADE"' \
      "$(port_of engine postgres)" >"$engine/extension.log" 2>&1 && return 0
    [ $((second % 5)) -ne 0 ] || say "waiting for the document engine, $second s"
    sleep 1
  done
  return 1
}

postgres_start() {
  engine_alive && return 0
  engine_initialize || return 1
  as_root rm -f "$engine/run/postgres.pid"
  (engine_launch </dev/null >>"$engine/postgres.log" 2>&1 8>&- 9>&- &)
  engine_extend
}

# An interrupt ends PostgreSQL without waiting for its clients.
postgres_stop() {
  local tenth
  engine_alive || return 0
  for tenth in $(seq 300); do
    [ $((tenth % 100)) -ne 1 ] || as_root kill -INT "$(cat "$engine/run/postgres.pid")" 2>/dev/null || true
    engine_alive || return 0
    sleep 0.1
  done
  as_root kill -QUIT "$(cat "$engine/run/postgres.pid")" 2>/dev/null || true
}

# --- the gateway ----------------------------------------------------------------------------------------------------

gateway_alive() { alive "$engine/gateway.pid" "$engine/gateway/MongoGateway.dll"; }

# A ping in MongoDB's protocol; a reply begins with the double 1.0 under "ok", or is an error.
gateway_pings() {
  local reply
  reply=$(
    exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$(port_of engine gateway)" || exit 1
    printf '\x33\0\0\0\1\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\1\0\0\0\2$db\0\6\0\0\0admin\0\0' >&3
    timeout 5 head -c 37 <&3 | od -An -v -tx1 | tr -d ' \n'
  )
  [ "${reply: -24}" = 016f6b00000000000000f03f ]
}

gateway_build() {
  local project built configuration="${CONFIGURATION:-Release}"
  project="$(dirname "${BASH_SOURCE[0]}")/../tests/MongoGateway"
  built="$project/bin/$configuration/net10.0"
  if [ ! -e "$built/MongoGateway.dll" ] ||
    [ -n "$(find "$project" -name obj -prune -o -name '*.cs*' -newer "$built/MongoGateway.dll" -print)" ]; then
    dotnet build "$project" -c "$configuration" -v q --nologo >"$engine/build.log" 2>&1 || return 1
  fi
  # A copy, so that the next build finds its files free.
  rm -rf "$engine/gateway"
  cp -r "$built" "$engine/gateway"
}

gateway_start() {
  local fifth
  if ! gateway_alive; then
    gateway_build || { tail -n 20 "$engine/build.log" >&2; say "the gateway could not be built"; return 1; }
    MONGO_GATEWAY_USER=$engine_user MONGO_GATEWAY_PASSWORD=$engine_password setsid dotnet "$engine/gateway/MongoGateway.dll" \
      --listen "127.0.0.1:$(port_of engine gateway)" --replica-set worker --alone "127.0.0.1:$(port_of engine alone)" \
      --postgres "Host=127.0.0.1;Port=$(port_of engine postgres);Username=postgres;Database=postgres" \
      </dev/null >>"$engine/gateway.log" 2>&1 9>&- &
    echo $! >"$engine/gateway.pid"
  fi
  for fifth in $(seq 150); do
    gateway_pings && return 0
    sleep 0.2
    gateway_alive || break
  done
  tail -n 20 "$engine/gateway.log" >&2
  return 1
}

# --- both -----------------------------------------------------------------------------------------------------------

engine_start() {
  local obstacle
  obstacle=$(engine_obstacle)
  if [ -n "$obstacle" ]; then
    engine_without "$obstacle"
    return 4
  elif ! forky_install "$engine_package"; then
    engine_without "It could not be installed (see above, and $home/forky.log)."
    return 4
  elif ! postgres_start || ! gateway_start; then
    engine_stop
    engine_without "It did not start (see $engine/*.log)."
    return 3
  fi
  say "MongoDB's protocol is answered on 127.0.0.1:$(port_of engine gateway), as by a replica set, and on $(port_of engine alone), as by a server alone"
}

engine_stop() {
  end "$engine/gateway.pid" "$engine/gateway/MongoGateway.dll"
  postgres_stop
}

engine_remove() {
  [ ! -e "$engine" ] || as_root rm -rf "$engine"
}

engine_env() {
  gateway_alive || return 0
  echo "export WORKER_TEST_MONGODB=mongodb://$engine_user:$engine_password@127.0.0.1:$(port_of engine gateway)/"
  echo "export WORKER_TEST_MONGODB_ALONE=mongodb://$engine_user:$engine_password@127.0.0.1:$(port_of engine alone)/"
}
