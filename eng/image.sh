#!/usr/bin/env bash
# Makes what the Dockerfile makes without a container engine, and runs it as one would: the steps are read from the Dockerfile,
# the base images are a bare Debian root with this machine's .NET runtime. In it, as the image's user, with no privilege to gain,
# on a read-only root: the demo, then `worker run` with an Evaluator in Python behind its fence, its health, and SIGTERM.
#
#   sudo eng/image.sh [FOLDER]     keeps the root in FOLDER (default: a temporary one, removed at the end)
#
# Needs root, debootstrap, util-linux and the .NET SDK. Exit codes: 1, something of it does not work; 4, it cannot be tried here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "image: $*" >&2; }
cannot() { say "$*"; exit 4; }
[ "$(id -u)" = 0 ] || cannot "a root file system is made by root alone; run it with sudo"
for tool in debootstrap unshare setpriv chroot dotnet; do
  command -v "$tool" >/dev/null || cannot "$tool is missing; install it"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/worker-image-XXXXXX")
root=${1:-$work/root}
trap 'rm -rf "$work"' EXIT
user=1654

# --- the stage that builds ------------------------------------------------------------------------------------------

source=$work/source app=$work/app
mkdir -p "$source" "$app"

# Instructions of a stage, one a line.
stage() {
  awk -v wanted="$1" '
    /^FROM / { stage++; next }
    /^#/ || /^$/ { next }
    stage == wanted { if (sub(/ *\\$/, "")) { line = line $0 " "; next } print line $0; line = "" }' Dockerfile
}

stage 1 | while read -r instruction rest; do
  case "$instruction" in
    WORKDIR) ;;
    COPY)
      read -ra words <<< "$rest"
      to=$source/${words[-1]}
      mkdir -p "$to"
      for from in "${words[@]:0:${#words[@]}-1}"; do
        if [ -d "$from" ]; then
          # As .dockerignore has it.
          (cd "$from" && tar cf - --exclude=bin --exclude=obj .) | tar xf - -C "$to"
        else
          cp "$from" "$to"
        fi
      done ;;
    RUN) say "$rest"; (cd "$source" && eval "${rest//\/app/$app}" >&2) </dev/null ;;
    *) say "the Dockerfile has $instruction in its first stage, which is not known here"; exit 1 ;;
  esac
done

# --- the image ------------------------------------------------------------------------------------------------------

# What the base image has beside the runtime.
packages=ca-certificates,libc6,libgcc-s1,libicu72,libssl3,libstdc++6,tzdata
installs=$(stage 2 | sed -n 's/^RUN apt-get update && apt-get install -y --no-install-recommends \([a-z0-9 .+-]*\) &&.*/\1/p')
[ -n "$installs" ] || { say "the Dockerfile installs nothing any more; say so here"; exit 1; }

if [ ! -x "$root/bin/sh" ]; then
  mkdir -p "$root"
  say "a bare root with $installs"
  debootstrap --variant=minbase --include="$packages,${installs// /,}" bookworm "$root" > "$work/debootstrap.log" 2>&1 ||
    { tail -5 "$work/debootstrap.log" >&2; cannot "debootstrap did not make a root"; }
fi

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$root/usr/share/dotnet/shared" "$root/app" "$root/data"
cp -r "$dotnet/host" "$dotnet/dotnet" "$root/usr/share/dotnet/"
cp -r "$dotnet/shared/Microsoft.NETCore.App" "$dotnet/shared/Microsoft.AspNetCore.App" "$root/usr/share/dotnet/shared/"
rm -rf "$root/app" && cp -r "$app" "$root/app"
say "the program takes $(du -sm "$app" | cut -f1) MB, the root with it and the runtime $(du -sm "$root" | cut -f1) MB"

cat > "$root/usr/local/bin/try" <<'TRY'
#!/bin/bash
# Inside, as the image's user.
set -euo pipefail
fail() { echo "image: $*" >&2; cat /data/log >&2 || true; exit 1; }

! touch /app/x 2>/dev/null || fail "the root can be written to"
/app/worker --version
/app/worker demo --json > /data/demo.json || fail "the demo ended with $?"
grep -q support/answer-ticket /data/demo.json || fail "the demo does not show its trace"

mkdir -p /data/evaluators
cat > /data/evaluators/steps.yaml <<'YAML'
path: image/steps
kind: python
return_type: number
attach:
  - { kind: flow, path: "image/**" }
code: |
  import statistics

  def f(log):
      return statistics.mean(len(step["output"]) for step in log["trace_children"])
YAML
export Mode=embedded Storage__Path=/data/store Evaluation__Evaluators=/data/evaluators Front__HealthAddress=http://0.0.0.0:8081
/app/worker run > /data/log 2>&1 &
worker=$!
for _ in $(seq 120); do /app/worker health ready > /dev/null 2>&1 && break; sleep 0.5; done
/app/worker health ready || fail "it did not become ready"

cat > /data/logs.jsonl <<'JSON'
{"type":"flow.logged","log_id":"f","path":"image/flow","output":"done","log_status":"complete"}
{"type":"tool.logged","log_id":"t","path":"image/tool","output":"12345","trace_parent_id":"f"}
JSON
/app/worker publish /data/logs.jsonl
for _ in $(seq 120); do /app/worker explain f > /data/explained 2>&1 || true; grep -q "ran" /data/explained && break; sleep 0.5; done
cat /data/explained
/app/worker trace f --json > /data/trace.json
grep -q '"judgment": *5' /data/trace.json || fail "the Evaluator in Python did not judge"
/app/worker verify || fail "something is owed"

kill -TERM "$worker"
wait "$worker" || fail "after SIGTERM it ended with $?"
echo "image: all of it works"
TRY
chmod +x "$root/usr/local/bin/try"

# A read-only root, with /data and /tmp to write to, no network but its own loopback, and nothing to become root with.
unshare --mount --pid --net --ipc --uts --fork --kill-child bash -euc '
  root=$1 user=$2
  mount --make-rprivate /
  mount --bind "$root" "$root"
  mount -t tmpfs -o "mode=700,uid=$user,gid=$user,size=1g" data "$root/data"
  mount -t tmpfs -o "mode=1777,size=256m" tmp "$root/tmp"
  mount -t proc proc "$root/proc"
  for device in null zero urandom random; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
  mount -o remount,bind,ro "$root"
  ip link set lo up
  exec chroot --userspec="$user:$user" "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/tmp APP_UID="$user" \
    DOTNET_RUNNING_IN_CONTAINER=true /usr/bin/setpriv --no-new-privs /usr/local/bin/try
' image "$root" "$user"
