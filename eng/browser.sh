#!/usr/bin/env bash
# Chromium, which the tests of the viewer's page drive, from the distribution. Installs it where it is missing.
#
# Exit code 4: it cannot be had on this system, and a sentence says why. The tests are then skipped.
set -euo pipefail

cannot() {
  echo "browser: $* Install Chromium or Chrome by hand, or set WORKER_TEST_CHROMIUM to its program; until then the tests in a browser are skipped." >&2
  exit 4
}

[ -z "${WORKER_TEST_CHROMIUM:-}" ] || exit 0
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  ! command -v "$name" >/dev/null || exit 0
done
command -v apt-get >/dev/null || cannot "There is no Chromium, and this system has no apt-get."
sudo=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || cannot "Installing Chromium needs root or sudo, and this is neither."
  sudo=sudo
fi

echo "browser: installing chromium" >&2
# The lists are fetched only when what is there does not do.
install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install >"$log" 2>&1 || { $sudo apt-get update -q >>"$log" 2>&1 && install >>"$log" 2>&1; } || {
  tail -n 5 "$log" >&2
  cannot "apt-get could not install chromium (see above)."
}
