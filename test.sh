#!/usr/bin/env bash
# Builds everything and runs every test against real servers. The last line is the sum over all test projects.
#
#   ./test.sh [arguments for dotnet test, e.g. --filter "FullyQualifiedName~Crash"]
#
# What needs a broker is run on two, RabbitMQ as the distribution has it and RabbitMQ 4; what needs MongoDB on a replica set and
# on a server alone.
#
# Servers: those that WORKER_TEST_RABBITMQ, WORKER_TEST_RABBITMQ4 and WORKER_TEST_MONGODB name; for what none names those of
# eng/servers.sh, started here and stopped at the end unless they were running before. WORKER_TEST_SERVERS=none does without:
# what needs them is skipped, and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration="${CONFIGURATION:-Release}"
export WORKER_SERVERS="${WORKER_SERVERS:-${TMPDIR:-/tmp}/worker-servers-$(id -u)}"
results=$(mktemp -d "${TMPDIR:-/tmp}/worker-tests-XXXXXX")
started= installing= beside=

clean_up() {
  [ -z "$beside" ] || { kill "$beside" && wait "$beside"; } 2>/dev/null || true
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

filter= arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --filter) filter=${2:?--filter takes an expression}; shift ;;
    --filter=*) filter=${1#*=} ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

servers=()
if [ "${WORKER_TEST_SERVERS:-}" != none ]; then
  [ -n "${WORKER_TEST_RABBITMQ:-}" ] || servers+=(rabbitmq)
  [ -n "${WORKER_TEST_RABBITMQ4:-}" ] || servers+=(rabbitmq4)
  [ -n "${WORKER_TEST_MONGODB:-}" ] || servers+=(engine)
fi

# Packs Worker.Contracts too: the tests look into the package.
echo "== build ($configuration)"
# What is missing is installed meanwhile, one after the other; which servers cannot be is told when they are started.
{
  [ ${#servers[@]} -eq 0 ] || eng/servers.sh "${servers[@]}" install || true
  eng/browser.sh || true
  eng/previous.sh >/dev/null || true
} &
installing=$!
dotnet build Worker.sln -c "$configuration" -v q --nologo

wait "$installing" || true
installing=
eval "$(eng/previous.sh 2>/dev/null || true)"
if [ ${#servers[@]} -gt 0 ]; then
  echo "== servers"
  [ -n "$(eng/servers.sh env)" ] || started=1
  # Of what cannot be had the tests are skipped; the distribution's broker is not among that.
  code=0
  eng/servers.sh "${servers[@]}" start || code=$?
  if [ "$code" -ne 0 ] && [ "${servers[0]}" = rabbitmq ]; then
    echo "To run the tests that need no server: WORKER_TEST_SERVERS=none ./test.sh" >&2
    exit "$code"
  fi
  eval "$(eng/servers.sh "${servers[@]}" env)"
fi

sample=samples/node
if command -v npm >/dev/null && { [ ! -d "$sample/node_modules/amqplib" ] || [ ! -d "$sample/node_modules/humanloop" ]; }; then
  npm install --prefix "$sample" --no-package-lock --no-audit --no-fund --loglevel=error ||
    echo "npm could not install amqplib and humanloop: the tests of the Node programs will be skipped." >&2
fi

exporters=tests/Worker.IntegrationTests/Front/Otlp
if command -v npm >/dev/null && { [ ! -d "$exporters/node_modules/@opentelemetry/sdk-node" ] || [ ! -d "$exporters/node_modules/ai" ]; }; then
  npm install --prefix "$exporters" --no-package-lock --no-audit --no-fund --loglevel=error ||
    echo "npm could not install OpenTelemetry and the AI SDK: the tests of their exporters will be skipped." >&2
fi

accessibility=tests/Worker.BrowserTests
if command -v npm >/dev/null && [ ! -d "$accessibility/node_modules/axe-core" ]; then
  npm install --prefix "$accessibility" --no-package-lock --no-audit --no-fund --loglevel=error ||
    echo "npm could not install axe-core: the tests of accessibility will be skipped." >&2
fi

count() { # FILE OUTCOME
  { grep -o '<UnitTestResult [^>]*' "$1" || true; } | grep -c "outcome=\"$2\"" || true
}

why_skipped() { # FILE
  grep -A3 'outcome="NotExecuted"' "$1" | sed -n 's:.*<Message>\(.*\)</Message>.*:\1:p' | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort | uniq -c || true
}

# Becomes the run of one project's tests.
run_tests() { # NAME PROJECT FILTER
  exec env TMPDIR="$results" dotnet test "$2" -c "$configuration" --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$1.trx" ${3:+--filter "$3"} "${arguments[@]}"
}

passed=0 failed=0 skipped=0
add_up() { # NAME EXIT-CODE
  local trx="$results/$1.trx" total failed_here=0
  if [ -e "$trx" ]; then
    passed=$((passed + $(count "$trx" Passed)))
    skipped=$((skipped + $(count "$trx" NotExecuted)))
    total=$(count "$trx" '[A-Za-z]*')
    failed_here=$((total - $(count "$trx" Passed) - $(count "$trx" NotExecuted)))
    why_skipped "$trx" | sed 's/^ */skipped /'
  fi
  # A host that ended before its time has failed, whatever it had reported until then.
  if [ "$2" -ne 0 ] && [ "$failed_here" -eq 0 ]; then
    echo "$1 ended with code $2 and no failed test: its host crashed, or did not start." >&2
    failed_here=1
  fi
  failed=$((failed + failed_here))
}

# What needs a broker, on RabbitMQ 4, and what needs MongoDB, on a server alone: beside the run on the others, because most of
# both is waiting. It has fewer tests, and so takes over some that are long and run once.
again=Worker.IntegrationTests
taken_over='FullyQualifiedName~IntegrationTests.SoakTests|FullyQualifiedName~IntegrationTests.LargeTraceTests'
not_taken_over=
begin_again() { # PROJECT
  [ -n "${WORKER_TEST_RABBITMQ4:-}" ] || [ "${WORKER_TEST_SERVERS:-}" != none ] || return 0
  if [ -n "${WORKER_TEST_RABBITMQ4:-}" ]; then
    not_taken_over=$(sed 's/~/!~/g; s/|/\&/g' <<<"$taken_over")
  fi
  WORKER_TEST_RABBITMQ="${WORKER_TEST_RABBITMQ4:-}" WORKER_TEST_RABBITMQ_MANAGEMENT="${WORKER_TEST_RABBITMQ4_MANAGEMENT:-}" \
    WORKER_TEST_MONGODB="${WORKER_TEST_MONGODB_ALONE:-${WORKER_TEST_MONGODB:-}}" \
    run_tests "$again-RabbitMQ4" "$1" "${filter:+($filter)&}(Needs=RabbitMQ|FullyQualifiedName~IntegrationTests.MongoDb${not_taken_over:+|$taken_over})" >"$results/again.log" 2>&1 &
  beside=$!
}

end_again() {
  local code=0
  [ -n "$beside" ] || return 0
  echo "== $again on RabbitMQ 4 and a MongoDB alone"
  wait "$beside" || code=$?
  beside=
  cat "$results/again.log"
  add_up "$again-RabbitMQ4" "$code"
}

for project in tests/*/*.csproj; do
  grep -q 'xunit.runner.visualstudio' "$project" || continue
  name=$(basename "$project" .csproj)
  [ "$name" != "$again" ] || begin_again "$project"
  echo "== $name"
  code=0
  here=$filter
  if [ "$name" = "$again" ] && [ -n "$not_taken_over" ]; then
    here="${filter:+($filter)&}($not_taken_over)"
  fi
  (run_tests "$name" "$project" "$here") || code=$?
  add_up "$name" "$code"
  [ "$name" != "$again" ] || end_again
done

[ $((passed + failed)) -gt 0 ] || echo "No test ran." >&2
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
