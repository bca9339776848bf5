#!/usr/bin/env bash
# The release before this one, for the test that runs both on one store: built once, out of this repository's history, into a
# folder beside it, and said as a line for eval.
#
#   eval "$(eng/previous.sh)"
#
# eng/previous-release names it: a tag or a commit. WORKER_TEST_PREVIOUS names a worker.dll instead.
#
# Exit code 4: it cannot be had here, and a sentence says why. The tests are then skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cannot() {
  echo "previous: $* Until then the tests that run it beside this one are skipped." >&2
  exit 4
}

if [ -n "${WORKER_TEST_PREVIOUS:-}" ]; then
  echo "export WORKER_TEST_PREVIOUS=$WORKER_TEST_PREVIOUS"
  exit 0
fi

revision=$(grep -v '^#' eng/previous-release | head -n 1)
commit=$(git rev-parse --quiet --verify "$revision^{commit}") ||
  cannot "$revision is not in this clone: git fetch --unshallow --tags brings it, or set WORKER_TEST_PREVIOUS to its worker.dll."
folder=${WORKER_PREVIOUS:-${TMPDIR:-/tmp}/worker-previous-$(id -u)}/$commit
if [ ! -e "$folder/worker/worker.dll" ]; then
  echo "previous: building $revision" >&2
  rm -rf "$folder"
  mkdir -p "$folder/source"
  git archive "$commit" | tar -x -C "$folder/source"
  log=$folder/build.log
  dotnet publish "$folder/source/src/Worker" -c Release -o "$folder/part" --self-contained false -v q --nologo \
    -p:RunAnalyzers=false -p:PublishReadyToRun=false >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    cannot "$revision could not be built (see above, and $log)."
  }
  mv "$folder/part" "$folder/worker"
  rm -rf "$folder/source"
fi
echo "export WORKER_TEST_PREVIOUS=$folder/worker/worker.dll"
