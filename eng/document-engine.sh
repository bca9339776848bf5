# shellcheck shell=bash
# The document engine of the tests: DocumentDB on PostgreSQL from Debian forky, in a root of its own, with the gateway
# of tests/MongoGateway in front of it. Sourced by servers.sh, whose helpers it uses.
#
# The installed root is kept in WORKER_SERVERS_CACHE (default: ~/.cache/worker-servers) and is only read when the engine
# runs: the data live in the servers' own folder. Mounts are made in a namespace of their own, so that they end with the
# process that needs them.

engine="$home/engine"
engine_cache="${WORKER_SERVERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/worker-servers}"
engine_root="$engine_cache/forky"
engine_user=worker engine_password=worker

# Without the engine everything else goes on.
engine_without() {
  say "$1 The tests that need MongoDB are skipped:" \
    "to run them, set WORKER_TEST_MONGODB=mongodb://USER:PASSWORD@HOST:27017 to a MongoDB of your own."
}

# --- the installed root ---------------------------------------------------------------------------------------------

engine_installed() { [ -e "$engine_root/installed" ]; }

# Says why the engine cannot be had here; nothing when it can.
engine_obstacle() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "The document engine needs root or sudo, and this is neither."
  elif ! as_root unshare --mount true 2>/dev/null; then
    echo "The document engine needs mounts of its own, which are not allowed here."
  elif ! engine_installed && ! command -v apt-get >/dev/null; then
    echo "The document engine is installed with debootstrap, and this system has no apt-get."
  elif ! command -v dotnet >/dev/null; then
    echo "The gateway before the document engine is built with dotnet, which is missing."
  fi
}

# Runs a script in the root with the mounts that its programs expect; the servers' folder of the engine is its /srv.
engine_in_root() { # SCRIPT [ARGUMENT…]
  # shellcheck disable=SC2016
  as_root unshare --mount --propagation private sh -ec '
    root=$1 engine=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    mount --bind "$engine" "$root/srv"
    exec chroot "$root" sh -ec "$@"' sh "$engine_root" "$engine" "$@"
}

# The way in which apt reaches Debian here: its mirror (debootstrap has a default of its own), its proxy, its checks.
engine_mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null | sed -n 's/^Debian //p' | head -n 1
}

engine_bootstrap() {
  local mirror proxy=
  mirror=$(engine_mirror)
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  as_root rm -rf "$engine_root"
  # Older releases of debootstrap have no script for "forky"; the one for "sid" is the same.
  as_root env ${proxy:+http_proxy="$proxy"} \
    debootstrap --variant=minbase --include=ca-certificates forky "$engine_root" "$mirror" sid || return 1
  { apt-config dump | grep -E '^Acquire::(Check|https?::)' || true; } | as_root tee "$engine_root/etc/apt/apt.conf.d/90host"
}

engine_packages() {
  engine_in_root '
    # Neither a database nor a service: only the programs.
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -y -q --no-install-recommends postgresql-18-documentdb
    apt-get clean'
}

# Under a lock of its own: the root is shared by all sets of servers of this user.
engine_install() {
  local log="$home/engine-install.log"
  mkdir -p "$engine_cache" "$engine"
  (
    ! command -v flock >/dev/null || flock 8
    if ! engine_installed; then
      say "installing the document engine into $engine_root: once, some minutes"
      { command -v debootstrap >/dev/null || apt_install_fresh debootstrap debian-archive-keyring; } &&
        { engine_bootstrap && engine_packages; } >"$log" 2>&1 && as_root touch "$engine_root/installed"
    fi
  ) 8>"$engine_cache/lock" || { [ ! -e "$log" ] || tail -n 20 "$log" >&2; return 1; }
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------------

engine_port() { sed -n "s/^$1=//p" "$engine/ports" 2>/dev/null; }

engine_alive() { alive "$engine/run/postgres.pid" "postgres -D /srv/data -p $(engine_port postgres)"; }

engine_initialize() {
  [ -e "$engine/ports" ] || printf 'postgres=%s\ngateway=%s\n' "$(free_port)" "$(free_port)" >"$engine/ports"
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
    /usr/lib/postgresql/18/bin/postgres -D /srv/data -p "$0"' "$(engine_port postgres)"
}

# Creating the extension is also how we learn that the engine answers.
engine_extend() {
  local second
  for second in $(seq 60); do
    engine_in_root 'exec psql -qX -h 127.0.0.1 -p "$0" -U postgres -c "CREATE EXTENSION IF NOT EXISTS documentdb CASCADE"' \
      "$(engine_port postgres)" >"$engine/extension.log" 2>&1 && return 0
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
    exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$(engine_port gateway)" || exit 1
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
      --listen "127.0.0.1:$(engine_port gateway)" --replica-set worker \
      --postgres "Host=127.0.0.1;Port=$(engine_port postgres);Username=postgres;Database=postgres" \
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

# MongoDB's C driver, through which the worker speaks to it. The second name is that of Ubuntu 24.04 and Debian 13.
engine_driver() {
  /sbin/ldconfig -p | grep -qF libmongoc-1.0.so.0 || apt_install_fresh libmongoc-1.0-0 || apt_install_fresh libmongoc-1.0-0t64
}

engine_start() {
  local obstacle
  obstacle=$(engine_obstacle)
  if [ -n "$obstacle" ]; then
    engine_without "$obstacle"
  elif ! engine_driver; then
    engine_without "MongoDB's C driver, libmongoc-1.0-0, could not be installed (see $home/apt.log)."
  elif ! engine_install; then
    engine_without "The document engine could not be installed (see above, and $home/engine-install.log)."
  elif ! postgres_start || ! gateway_start; then
    engine_stop
    engine_without "The document engine did not start (see $engine/*.log)."
  else
    say "MongoDB's protocol is answered on 127.0.0.1:$(engine_port gateway)"
  fi
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
  echo "export WORKER_TEST_MONGODB=mongodb://$engine_user:$engine_password@127.0.0.1:$(engine_port gateway)/"
}
