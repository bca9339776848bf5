#!/usr/bin/env bash
# Builds everything and runs every test against real servers. The last line is the sum over all test projects.
#
#   ./test.sh [arguments for dotnet test, e.g. --filter "FullyQualifiedName~Crash"]
#
# Servers: those that WORKER_TEST_RABBITMQ and WORKER_TEST_MONGODB name; for what neither names those of eng/servers.sh,
# started here and stopped at the end unless they were running before. WORKER_TEST_SERVERS=none does without: what needs
# them is skipped, and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration="${CONFIGURATION:-Release}"
export WORKER_SERVERS="${WORKER_SERVERS:-${TMPDIR:-/tmp}/worker-servers-$(id -u)}"
results=$(mktemp -d "${TMPDIR:-/tmp}/worker-tests-XXXXXX")
started= installing=

clean_up() {
  [ -z "$installing" ] || wait "$installing" || true
  # Servers of tests whose host was killed before it could stop them.
  for server in "$results"/worker-server-*; do
    [ ! -d "$server" ] || WORKER_SERVERS="$server" eng/servers.sh stop || true
  done
  [ -z "$started" ] || eng/servers.sh stop || true
  rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

case "${WORKER_TEST_SERVERS:-}/${WORKER_TEST_RABBITMQ:+rabbitmq}/${WORKER_TEST_MONGODB:+mongodb}" in
  none/* | /rabbitmq/mongodb) servers=() ;;
  */rabbitmq/) servers=(eng/servers.sh engine) ;;
  *//mongodb) servers=(eng/servers.sh rabbitmq) ;;
  *) servers=(eng/servers.sh) ;;
esac

echo "== build ($configuration)"
if [ ${#servers[@]} -gt 0 ]; then
  # What is missing is installed meanwhile; what cannot be is told when the servers are started.
  "${servers[@]}" install &
  installing=$!
fi
dotnet build Worker.sln -c "$configuration" -v q --nologo

if [ -n "$installing" ]; then
  echo "== servers"
  wait "$installing" || true
  [ -n "$(eng/servers.sh env)" ] || started=1
  "${servers[@]}" start || {
    code=$?
    echo "To run the tests that need no server: WORKER_TEST_SERVERS=none ./test.sh" >&2
    exit "$code"
  }
  eval "$("${servers[@]}" env)"
fi

producers=tests/Worker.IntegrationTests/Producers
if command -v npm >/dev/null && [ ! -d "$producers/node_modules/amqplib" ]; then
  npm install --prefix "$producers" --no-package-lock --no-audit --no-fund --loglevel=error ||
    echo "npm could not install amqplib: the test of the Node producer will be skipped." >&2
fi

count() { # FILE OUTCOME
  { grep -o '<UnitTestResult [^>]*' "$1" || true; } | grep -c "outcome=\"$2\"" || true
}

why_skipped() { # FILE
  grep -A3 'outcome="NotExecuted"' "$1" | sed -n 's:.*<Message>\(.*\)</Message>.*:\1:p' | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort | uniq -c || true
}

passed=0 failed=0 skipped=0
for project in tests/*/*.csproj; do
  grep -q 'xunit.runner.visualstudio' "$project" || continue
  name=$(basename "$project" .csproj)
  trx="$results/$name.trx"
  echo "== $name"
  code=0
  TMPDIR="$results" dotnet test "$project" -c "$configuration" --no-build --nologo \
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" "$@" || code=$?

  project_failed=0
  if [ -e "$trx" ]; then
    passed=$((passed + $(count "$trx" Passed)))
    skipped=$((skipped + $(count "$trx" NotExecuted)))
    total=$(count "$trx" '[A-Za-z]*')
    project_failed=$((total - $(count "$trx" Passed) - $(count "$trx" NotExecuted)))
    why_skipped "$trx" | sed 's/^ */skipped /'
  fi
  # A host that ended before its time has failed, whatever it had reported until then.
  if [ "$code" -ne 0 ] && [ "$project_failed" -eq 0 ]; then
    echo "$name ended with code $code and no failed test: its host crashed, or did not start." >&2
    project_failed=1
  fi
  failed=$((failed + project_failed))
done

[ $((passed + failed)) -gt 0 ] || echo "No test ran." >&2
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
