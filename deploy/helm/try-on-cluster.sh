#!/usr/bin/env bash
# Tries the chart on a Kubernetes API server that may be thrown away. Every object is judged by it: schema, admission, and
# the Pod Security standard "restricted". Nothing has to run there, no image is pulled: hooks are sent by themselves.
#   KUBECONFIG=… deploy/helm/try-on-cluster.sh
# HELM and KUBECTL name the programs. CRDS is a folder with the definitions of KEDA and of the Prometheus operator; kinds
# that the server does not know are left out, and the table says so.
set -euo pipefail
cd "$(dirname "$0")"
helm=${HELM:-helm}
kubectl=${KUBECTL:-kubectl}
# A server without controllers never ends the deletion of one, so each run has its own.
namespace=oms-webhooks-trial-$$
in=(--namespace "$namespace")
version=$("$kubectl" get --raw /version | sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p')
failed=0

# Runs a step, and says in one line how it went.
try() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    printf '%-60s ok\n' "$name"
  else
    printf '%-60s FAILED\n%s\n' "$name" "$output"
    failed=$((failed + 1))
  fi
}

# Without what the release has made already: strictly, and a warning is a fault.
judge() {
  "$helm" template trial . "${in[@]}" --kube-version "$version" "$@" |
    "$kubectl" apply "${in[@]}" --dry-run=server --validate=strict --warnings-as-errors --filename -
}
judge_hooks() {
  judge "$@" --show-only templates/migration/job.yaml --show-only templates/migration/network-policy.yaml
}
runs() {
  local image
  image=$("$kubectl" get deployment trial-oms-webhooks-dispatcher "${in[@]}" --output 'jsonpath={..image}')
  [ "${image##*:}" = "$1" ] || { echo "the dispatcher's image is $image"; return 1; }
}
install() { "$helm" install trial . "${in[@]}" --no-hooks "$@"; }
upgrade() { "$helm" upgrade trial . "${in[@]}" --no-hooks "$@"; }
rollback() { "$helm" rollback trial "$1" "${in[@]}" --no-hooks; }
uninstall() { "$helm" uninstall trial "${in[@]}" --no-hooks; }

clear_up() { "$kubectl" delete namespace "$namespace" --wait=false --ignore-not-found >/dev/null 2>&1 || true; }
trap clear_up EXIT

echo "Kubernetes $version"
"$kubectl" create namespace "$namespace" >/dev/null
"$kubectl" label namespace "$namespace" pod-security.kubernetes.io/{enforce,warn}=restricted >/dev/null
if [ -n "${CRDS:-}" ]; then
  "$kubectl" apply --server-side --filename "$CRDS" >/dev/null
  "$kubectl" wait --for=condition=Established --timeout=60s --filename "$CRDS" >/dev/null 2>&1 || true
fi

everything=(--values ../checks/everything.yaml)
groups=$("$kubectl" api-versions)
grep -q '^keda\.sh/' <<<"$groups" || {
  everything+=(--set dispatcher.autoscaling.keda.enabled=false)
  echo 'left out: ScaledObject, TriggerAuthentication'
}
grep -q '^monitoring\.coreos\.com/' <<<"$groups" || {
  everything+=(--set monitoring.serviceMonitor.enabled=false --set monitoring.rules.enabled=false)
  echo 'left out: ServiceMonitor, PrometheusRule'
}

try 'judge: defaults' judge
try 'judge: hooks, defaults' judge_hooks
try 'judge: everything on' judge "${everything[@]}"
try 'judge: hooks, everything on' judge_hooks "${everything[@]}"
try 'install: defaults' install
try 'upgrade: another version, another setting' upgrade --set image.tag=next --set config.LOG_LEVEL=debug
try '  runs the other version' runs next
try 'roll back' rollback 1
try '  runs the version of the chart' runs "$(sed -n 's/^appVersion: *//p' Chart.yaml)"
try 'upgrade: everything on' upgrade "${everything[@]}"
try 'roll back: everything off' rollback 1
try 'uninstall' uninstall
try 'install: everything on' install "${everything[@]}"
try 'upgrade: defaults' upgrade
try 'uninstall' uninstall
exit $((failed > 0))
