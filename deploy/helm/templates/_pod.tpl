{{- /* What every pod has. Takes {root, part}. */ -}}
{{- define "pod.everywhere" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.extraVolumes }}
volumes: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "container.everywhere" -}}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- with .root.Values.extraVolumeMounts }}
volumeMounts: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* Replicas on different nodes and in different zones, as far as there are any. */ -}}
{{- define "pod.spread" -}}
{{- $selector := include "selector" . -}}
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    # Each version by itself, so that an upgrade does not end lopsided.
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels: {{- $selector | nindent 8 }}
{{- end }}
{{- end }}

{{- /* New pods for new settings. A Secret that changes is none of the chart's: restart by hand. */ -}}
{{- define "pod.annotations" -}}
oms-webhooks/settings: {{ include (print .root.Template.BasePath "/settings.yaml") .root | sha256sum }}
{{- with .root.Values.pod.annotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "pod.labels" -}}
{{ include "labels" . }}
{{- with .root.Values.pod.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Liveness asks for nothing but the process; readiness says what the service waits for. */ -}}
{{- define "container.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 2
  failureThreshold: 45
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}
