#!/usr/bin/env bash
# From inference.networking.x-k8s.io/v1alpha2 to inference.networking.k8s.io/v1, release v1.3.1.
# Run it phase by phase: it stops at the first command that fails, and at every pause.
set -eu
pause() { printf '%s Enter to go on, Ctrl-C to stop. ' "$1" >/dev/tty; read -r _ </dev/tty; }

# Phase 1: CRDs, v1 pools beside the alpha ones, objectives. No traffic moves.
# This GKE brings the v1 InferencePool CRD itself: it must not be applied.
kubectl apply -f https://raw.githubusercontent.com/kubernetes-sigs/gateway-api-inference-extension/v1.3.1/config/crd/bases/inference.networking.x-k8s.io_inferenceobjectives.yaml
kubectl apply -f https://raw.githubusercontent.com/kubernetes-sigs/gateway-api-inference-extension/v1.3.1/config/crd/bases/inference.networking.x-k8s.io_inferencemodelrewrites.yaml

kubectl rollout status deployments.apps/food-ga-epp -n llm --timeout=5m

kubectl apply -f - <<'END'
---
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferenceModelRewrite
metadata:
  name: a
  namespace: llm
spec:
  text: |
    END
    ENDX
END
kubectl rollout status deployments.apps/food-ga-epp -n llm --timeout=5m

kubectl apply -f - <<'END'
---
apiVersion: networking.gke.io/v1
kind: HealthCheckPolicy
metadata:
  name: h
  namespace: llm
  generation: 1
spec:
  targetRef:
    group: inference.networking.k8s.io
    kind: InferencePool
    name: food-ga
END

# Over what the chart has made with its defaults.
kubectl apply --server-side --force-conflicts -f - <<'END'
---
apiVersion: networking.gke.io/v1
kind: GCPBackendPolicy
metadata:
  name: h
  namespace: llm
  generation: 1
spec:
  targetRef:
    group: inference.networking.k8s.io
    kind: InferencePool
    name: food-ga
END

kubectl patch -n llm referencegrants.gateway.networking.k8s.io/grant --type=json -p '[{"op":"add","path":"/spec/to/-","value":{"name":"it'\''s"}}]'

pause "Phase 1 is done: v1 stands beside alpha."

# Phase 2: half of the traffic.
kubectl get gateways.gateway.networking.k8s.io --all-namespaces

pause "Phase 2 is done: watch errors and latency. PROGRAMMED must stay True."

# Phase 3: all of the traffic.
kubectl annotate -n llm httproutes.gateway.networking.k8s.io/llm-route --overwrite kubectl-infpool/original-backend-refs-
kubectl get gateways.gateway.networking.k8s.io --all-namespaces

pause "Phase 3 is done: send a request through each Gateway before the way back is removed."

# What remains of v1alpha2. After this the way back is a restore.
kubectl patch -n llm referencegrants.gateway.networking.k8s.io/grant --type=json -p '[{"op":"remove","path":"/spec/to/0"}]'
kubectl delete -n llm inferencemodels.inference.networking.x-k8s.io/old --ignore-not-found
kubectl delete -n llm inferencepools.inference.networking.x-k8s.io/food --ignore-not-found
kubectl delete -n llm deployments.apps/food-epp --ignore-not-found
kubectl delete -n llm services/food-epp --ignore-not-found
kubectl delete -n llm inferencepools.inference.networking.x-k8s.io/food --ignore-not-found
kubectl delete -n llm deployments.apps/food-epp --ignore-not-found
kubectl delete -n llm services/food-epp --ignore-not-found

# The CRDs go last, and only when no object of them is left in any namespace: deleting one deletes its objects.
left=$(kubectl get inferencepools.inference.networking.x-k8s.io --all-namespaces --output name) || exit 1
if test -z "$left"; then kubectl delete customresourcedefinitions.apiextensions.k8s.io inferencepools.inference.networking.x-k8s.io --ignore-not-found
else echo "inferencepools.inference.networking.x-k8s.io stays, others use it: kubectl get inferencepools.inference.networking.x-k8s.io --all-namespaces"; fi
left=$(kubectl get inferencemodels.inference.networking.x-k8s.io --all-namespaces --output name) || exit 1
if test -z "$left"; then kubectl delete customresourcedefinitions.apiextensions.k8s.io inferencemodels.inference.networking.x-k8s.io --ignore-not-found
else echo "inferencemodels.inference.networking.x-k8s.io stays, others use it: kubectl get inferencemodels.inference.networking.x-k8s.io --all-namespaces"; fi
