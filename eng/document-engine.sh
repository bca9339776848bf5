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

engine_without() {
  say "$1 The tests that need MongoDB are skipped." \
    "To run them, set WORKER_TEST_MONGODB=mongodb://HOST:27017 to a MongoDB of your own."
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
  fi
}

# The mirror and the settings with which apt reaches Debian here; debootstrap's own default when apt has none.
engine_mirror() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null | sed -n 's/^Debian //p' | head -n 1
}

engine_apt_settings() { apt-config dump 2>/dev/null | grep -E '^Acquire::(Check|https?::)' || true; }

# Runs a script in the root with the mounts that its programs expect.
engine_in_root() { # SCRIPT [ARGUMENT…]
  # shellcheck disable=SC2016
  as_root unshare --mount --propagation private sh -ec '
    root=$1 data=$2; shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    mount --bind "$data" "$root/srv"
    exec chroot "$root" sh -ec "$@"' sh "$engine_root" "$engine" "$@"
}

engine_install() {
  engine_installed && return 0
  local log="$home/engine-install.log" mirror proxy=
  mkdir -p "$engine_cache"
  say "installing the document engine into $engine_root (once; some minutes)"
  command -v debootstrap >/dev/null || apt_install_fresh debootstrap debian-archive-keyring || return 1
  mirror=$(engine_mirror)
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  as_root rm -rf "$engine_root"
  # "forky" is a script of its own only in a later debootstrap; "sid" does the same steps.
  as_root env ${proxy:+http_proxy="$proxy"} debootstrap --variant=minbase ${mirror:+--include=ca-certificates} \
    forky "$engine_root" "$mirror" sid >"$log" 2>&1 || return 1
  engine_apt_settings | as_root tee "$engine_root/etc/apt/apt.conf.d/90host" >/dev/null
  engine_in_root '
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -y -q --no-install-recommends postgresql-18-documentdb
    apt-get clean' >>"$log" 2>&1 || return 1
  as_root touch "$engine_root/installed"
}

# --- PostgreSQL -----------------------------------------------------------------------------------------------------

engine_port() { sed -n "s/^$1=//p" "$engine/ports"; }

engine_running() { alive "$engine/postgres.pid" "postgres -D /srv/data"; }

engine_configure() {
  [ -e "$engine/ports" ] || printf 'postgres=%s\ngateway=%s\n' "$(free_port)" "$(free_port)" >"$engine/ports"
  # shellcheck disable=SC2016
  [ -e "$engine/initialized" ] || engine_in_root '
    mkdir -p /srv/data
    chown postgres /srv/data
    setpriv --reuid postgres --regid postgres --clear-groups \
      /usr/lib/postgresql/18/bin/initdb -D /srv/data -A trust -E UTF8 --locale C.UTF-8 --no-instructions' \
    >"$engine/initdb.log" 2>&1 || return 1
  touch "$engine/initialized"
  # A deadlock is broken after 20 ms and thrown, so that the gateway can run the command again: inside the engine it
  # would stay a write error of one document while the locks of the others are held.
  as_root tee "$engine/data/postgresql.auto.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $(engine_port postgres)
unix_socket_directories = ''
shared_preload_libraries = 'pg_cron, pg_documentdb_core, pg_documentdb'
cron.database_name = 'postgres'
cron.host = '127.0.0.1'
max_connections = 120
shared_buffers = '256MB'
max_wal_size = '2GB'
deadlock_timeout = '20ms'
documentdb.throwDeadlockOnCRUD = on
external_pid_file = '/srv/postgres.pid'
CONF
}
