#!/bin/sh
# Lints the chart, renders it for each file in ci/, and checks every object against the schemas beside it. helm and kubeconform
# are those of the PATH, or are built with Go into .zairyu/tools; where there is neither, it says so and checks nothing.
set -eu
cd "$(dirname "$0")/../.."
tools=$PWD/.zairyu/tools
PATH=$tools:$PATH
for tool in helm.sh/helm/v3/cmd/helm@v3.22.0 github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0; do
  name=$(basename "${tool%@*}")
  command -v "$name" >/dev/null && continue
  command -v go >/dev/null || { echo "left out: $name is missing, and so is Go, which would build it"; exit 0; }
  echo "building $name: some minutes, once"
  GOBIN=$tools nice go install "$tool"
done
chart=deploy/helm/zairyu
rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
# A helm that was built by hand takes Kubernetes for 1.20.
objects() { helm template zairyu "$chart" -n zairyu --kube-version 1.33.0 "$@" > "$rendered"; }
# ScaledObject and PodMonitor are of operators that a site may have, and have no schema here.
conform() {
  kubeconform -strict -summary -skip ScaledObject,PodMonitor \
    -schema-location 'deploy/helm/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json' - < "$rendered"
}
# Fails where the chart takes what its schema or those of Kubernetes refuse.
refused() {
  what=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "not refused: $what" >&2; exit 1; fi
}
for values in "$chart"/ci/*.yaml; do
  echo "== $values"
  helm lint --quiet --strict --kube-version 1.33.0 "$chart" -f "$values"
  objects -f "$values"
  conform
done
refused "a value that the schema does not know" objects --set gateway.replica=2
refused "two processes with jobs" objects --set services.review.parts.jobs.replicas=2
objects
sed -i 's/revisionHistoryLimit/historyLimit/' "$rendered"
refused "a field that Kubernetes does not know" conform
echo "the chart is well"
