#!/usr/bin/env bash
# From inference.networking.x-k8s.io/v1alpha2 to inference.networking.k8s.io/v1, release v1.0.1.
# Run it phase by phase: it stops at the first command that fails, and at every pause.
set -eu
pause() { printf '%s Enter to go on, Ctrl-C to stop. ' "$1" >/dev/tty; read -r _ </dev/tty; }

# Phase 1: CRDs, v1 pools beside the alpha ones, objectives. No traffic moves.
kubectl apply -f https://github.com/kubernetes-sigs/gateway-api-inference-extension/releases/download/v1.0.1/manifests.yaml

pause "Phase 1 is done: v1 stands beside alpha."

# Phase 2: half of the traffic.
kubectl get gateways.gateway.networking.k8s.io --all-namespaces

pause "Phase 2 is done: watch errors and latency. PROGRAMMED must stay True."

# Phase 3: all of the traffic.
kubectl get gateways.gateway.networking.k8s.io --all-namespaces

pause "Phase 3 is done: send a request through each Gateway before the way back is removed."

# What remains of v1alpha2. After this the way back is a restore.

# The CRDs go last, and only when no object of them is left in any namespace: deleting one deletes its objects.
left=$(kubectl get inferencepools.inference.networking.x-k8s.io --all-namespaces --output name) || exit 1
if test -z "$left"; then kubectl delete customresourcedefinitions.apiextensions.k8s.io inferencepools.inference.networking.x-k8s.io --ignore-not-found
else echo "inferencepools.inference.networking.x-k8s.io stays, others use it: kubectl get inferencepools.inference.networking.x-k8s.io --all-namespaces"; fi
left=$(kubectl get inferencemodels.inference.networking.x-k8s.io --all-namespaces --output name) || exit 1
if test -z "$left"; then kubectl delete customresourcedefinitions.apiextensions.k8s.io inferencemodels.inference.networking.x-k8s.io --ignore-not-found
else echo "inferencemodels.inference.networking.x-k8s.io stays, others use it: kubectl get inferencemodels.inference.networking.x-k8s.io --all-namespaces"; fi
