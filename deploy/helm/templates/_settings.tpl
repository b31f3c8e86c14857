{{- /* A value as an environment variable has it: numbers in full, objects as JSON. Blank for what is unset. */ -}}
{{- define "setting" -}}
{{- if kindIs "string" . }}{{ . }}{{ else if not (kindIs "invalid" .) }}{{ toJson . }}{{ end -}}
{{- end }}

{{- /* The secret settings of these names, each from its Secret. Takes {root, names}. */ -}}
{{- define "secret-settings" -}}
{{- range .names }}
- name: {{ . }}
  valueFrom:
    secretKeyRef: {{- toYaml (index $.root.Values.secrets .) | nindent 6 }}
{{- end }}
{{- end }}

{{- /* The environment of a service: its port, the settings of all, and the secrets that it needs and no others.
       Takes {root, variable, port, secrets}. */ -}}
{{- define "service-settings" -}}
envFrom:
  - configMapRef: { name: {{ include "fullname" .root }}-settings }
env:
  - { name: NODE_ENV, value: production }
  - { name: {{ .variable }}, value: {{ .port | quote }} }
  {{- include "secret-settings" (dict "root" .root "names" .secrets) | trim | nindent 2 }}
  {{- with .root.Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
