# shellcheck shell=bash
# A root of Debian forky, for the servers that other releases and distributions do not package. Sourced by servers.sh, whose
# helpers it uses.
#
# The root is kept in WORKER_SERVERS_CACHE (default: ~/.cache/worker-servers), shared by all sets of servers of this user,
# and only read when a server runs: the data live in the servers' own folder. Mounts are made in a namespace of their own,
# so that they end with the process that needs them.

forky_cache="${WORKER_SERVERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/worker-servers}"
forky_root="$forky_cache/forky"

# As dpkg says itself: an installation that was interrupted is none, and is taken up again.
forky_has() { # PACKAGE…
  local package
  for package in "$@"; do
    [ "$(sed -n "/^Package: $package\$/{n;p}" "$forky_root/var/lib/dpkg/status" 2>/dev/null)" = "Status: install ok installed" ] || return 1
  done
}

# Says why these packages cannot be had here; nothing when they can.
forky_obstacle() { # PACKAGE…
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "It lives in a root of Debian forky, which needs root or sudo, and this is neither."
  elif ! as_root unshare --mount true 2>/dev/null; then
    echo "It lives in a root of Debian forky, which needs mounts of its own, and those are not allowed here."
  elif ! forky_has "$@" && ! command -v apt-get >/dev/null; then
    echo "It is installed with debootstrap, and this system has no apt-get."
  fi
}

# Runs a script in the root with the mounts that its programs expect; the folder is its /srv.
forky_run() { # FOLDER SCRIPT [ARGUMENT…]
  # shellcheck disable=SC2016
  as_root unshare --mount --propagation private sh -ec '
    root=$1 folder=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
    mount --bind "$folder" "$root/srv"
    exec chroot "$root" sh -ec "$@"' sh "$forky_root" "$@"
}

# The way in which apt reaches Debian here: its mirror (debootstrap has a default of its own), its proxy, its checks.
forky_mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null | sed -n 's/^Debian //p' | head -n 1
}

# The file that is written last says that the root is whole.
forky_bootstrap() {
  local mirror proxy='' last="$forky_root/etc/apt/apt.conf.d/90host"
  [ ! -e "$last" ] || return 0
  mirror=$(forky_mirror)
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  as_root rm -rf "$forky_root"
  # Older releases of debootstrap have no script for "forky"; the one for "sid" is the same.
  as_root env ${proxy:+http_proxy="$proxy"} \
    debootstrap --variant=minbase --include=ca-certificates forky "$forky_root" "$mirror" sid || return 1
  { apt-config dump | grep -E '^Acquire::(Check|https?::)' || true; } | as_root tee "$last"
}

forky_packages() { # PACKAGE…
  # shellcheck disable=SC2016
  forky_run "$home" '
    # Neither a database nor a service: only the programs.
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io
    export DEBIAN_FRONTEND=noninteractive
    dpkg --configure -a
    apt-get update -q
    apt-get install -y -q --no-install-recommends "$@"
    apt-get clean
    grep -qs localhost /etc/hosts || echo "127.0.0.1 localhost" >>/etc/hosts' sh "$@"
}

# Under a lock of its own, because others may be at it.
forky_install() { # PACKAGE…
  local log="$home/forky.log"
  ! forky_has "$@" || return 0
  mkdir -p "$forky_cache"
  (
    ! command -v flock >/dev/null || flock 8
    if ! forky_has "$@"; then
      say "installing $* into $forky_root: once, some minutes"
      { command -v debootstrap >/dev/null || apt_install_fresh debootstrap debian-archive-keyring; } &&
        { forky_bootstrap && forky_packages "$@"; } >"$log" 2>&1
    fi
  ) 8>"$forky_cache/lock" || { [ ! -e "$log" ] || tail -n 20 "$log" >&2; return 1; }
}
