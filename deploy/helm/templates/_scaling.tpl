{{- /* A HorizontalPodAutoscaler by CPU. Takes {root, part, scaling}. */ -}}
{{- define "autoscaler-by-cpu" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "fullname" .root }}-{{ .part }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "fullname" .root }}-{{ .part }}
  minReplicas: {{ .scaling.minReplicas }}
  maxReplicas: {{ .scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .scaling.targetCPUUtilizationPercentage }} }
  behavior: {{- include "scaling-behavior" . | nindent 4 }}
{{- end }}

{{- /* Up at once, down one by one: each change makes the dispatchers share their partitions anew. */ -}}
{{- define "scaling-behavior" -}}
scaleDown:
  stabilizationWindowSeconds: 300
  policies:
    - { type: Pods, value: 1, periodSeconds: 60 }
{{- end }}

{{- /* Takes {root, part, budget}. */ -}}
{{- define "disruption-budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "fullname" .root }}-{{ .part }}
  labels: {{- include "labels" . | nindent 4 }}
spec:
  {{- toYaml .budget | nindent 2 }}
  # A pod that is not ready must not stand in the way of draining a node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "selector" . | nindent 6 }}
{{- end }}
