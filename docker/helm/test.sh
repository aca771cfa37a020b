#!/usr/bin/env bash
# Tests the chart: lint, render with each file of values, and hold the result against strict schemas.
#
# usage: docker/helm/test.sh [--no-install]
#
# Installs helm and kubeconform into .run/tools when they are neither there nor on the PATH: Go builds them, for some
# minutes. With --no-install it then says what is missing, and ends with 0.
set -uo pipefail
# shellcheck disable=SC2317,SC2329  # tests are called by name
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 1

HELM=helm.sh/helm/v3/cmd/helm@v3.21.4
KUBECONFORM=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
KUBERNETES=1.37.2

repository=$PWD
chart=docker/helm/osprey-coordinator
tools=$PWD/.run/tools
export PATH="$tools:$PATH:/usr/local/go/bin"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/helm_test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

need() {
  command -v "$1" >/dev/null && return
  if [ "$install" = no ]; then
    echo "chart: skipped, as $1 is neither in .run/tools nor on the PATH (docker/helm/test.sh installs it)"
    exit 0
  fi
  command -v go >/dev/null || { echo "test.sh: $1 is missing, and so is Go to build it with" >&2; exit 1; }
  echo "Building $2 (some minutes) ..." >&2
  mkdir -p "$tools"
  GOBIN=$tools GOFLAGS=-trimpath go install "$2" || exit 1
}

check() {
  local title=$1
  shift
  if "$@" >"$scratch/out" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $title"
  else
    failed=$((failed + 1))
    echo "FAIL $title"
    sed 's/^/# /' "$scratch/out"
  fi
}

render() {
  helm template coordinator "$chart" --namespace osprey --kube-version "$KUBERNETES" "$@"
}

conforms() {
  kubeconform -strict -summary -kubernetes-version "$KUBERNETES" \
    -schema-location "$repository/docker/helm/schemas/{{.ResourceKind}}{{.KindSuffix}}.json"
}

is_good() {
  helm lint --strict "$chart" "$@" >&2 && render "$@" >"$scratch/rendered.yaml" && conforms <"$scratch/rendered.yaml"
}

# $1 is what the refusal has to name.
is_refused() {
  local word=$1
  shift
  if render "$@" >"$scratch/refused" 2>&1; then
    echo "it was accepted"
    return 1
  fi
  grep -q -- "$word" "$scratch/refused" || { cat "$scratch/refused"; return 1; }
}

# Without this the schemas could let everything pass.
wrong_field_is_found() {
  render | sed 's/terminationGracePeriodSeconds/gracePeriod/' >"$scratch/wrong.yaml"
  ! conforms <"$scratch/wrong.yaml"
}

every_kind_has_a_schema() {
  render -f docker/helm/examples/kafka.yaml -f docker/helm/examples/single.yaml --set replicaCount=1 >"$scratch/all.yaml" &&
    conforms <"$scratch/all.yaml" | grep -q 'Skipped: 0'
}

install=yes
case ${1:-} in
  --no-install) install=no ;;
  ?*)
    echo "usage: docker/helm/test.sh [--no-install]" >&2
    exit 2
    ;;
esac
need helm "$HELM"
need kubeconform "$KUBECONFORM"

check "the defaults" is_good
for values in docker/helm/examples/*.yaml; do
  check "$values" is_good -f "$values"
done
if [ -e docker/prometheus/alerts.yml ]; then
  alerts=docker/prometheus/alerts.yml
else
  alerts=$scratch/alerts.yml
  printf 'groups:\n  - name: one\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 5m\n' >"$alerts"
fi
check "the alerts" is_good --set prometheusRule.enabled=true --set-file "prometheusRule.alerts=$alerts"
check "alerts without a file are refused" is_refused 'prometheusRule.alerts' --set prometheusRule.enabled=true
check "every kind has a schema" every_kind_has_a_schema
check "a wrong field is found" wrong_field_is_found
check "an unknown value is refused" is_refused 'replicas' --set replicas=2
check "an unknown value below another is refused" is_refused 'repo' --set image.repo=x
check "a port out of range is refused" is_refused 'syncPort' --set config.rpc.syncPort=70000
check "too little time to end is refused" is_refused 'terminationGracePeriodSeconds: want 33' \
  --set terminationGracePeriodSeconds=32
check "several coordinators on one volume are refused" is_refused 'persistence.enabled: want replicaCount 1' \
  --set persistence.enabled=true,replicaCount=2
check "probes that would need a certificate are refused" is_refused 'config.tls.http.requireClients' \
  --set config.tls.http.requireClients=true

echo "chart: $passed passed, $failed failed"
[ "$failed" = 0 ]
