{{- /* Ports of a comma list of host:port, or of one URL, which may leave its port to its scheme. */ -}}
{{- define "ports-of" -}}
{{- $ports := list -}}
{{- range splitList "," (. | default "") -}}
{{- $address := trim . -}}
{{- if $address -}}
{{- $host := regexReplaceAll "^[a-z]+://([^/?#]*).*$" $address "${1}" -}}
{{- $port := regexFind ":[0-9]+$" $host | trimPrefix ":" -}}
{{- $ports = append $ports ($port | default (hasPrefix "https:" $address | ternary "443" "80") | int) -}}
{{- end -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end }}

{{- /* One egress rule. Takes {to: peers, ports}; nothing without ports. */ -}}
{{- define "egress-rule" -}}
{{- if .ports }}
- ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* A way that values describe as {to, ports}, with the ports of an address where they are blank.
       Takes {way, address}. */ -}}
{{- define "egress-way" -}}
{{- $ports := .way.ports | default (include "ports-of" .address | fromJsonArray) -}}
{{- include "egress-rule" (dict "to" .way.to "ports" $ports) -}}
{{- end }}

{{- define "egress-names" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end }}

{{- /* What both services need: names, PostgreSQL, Kafka, the collector of traces. */ -}}
{{- define "egress-everywhere" -}}
{{- $ways := .Values.networkPolicy -}}
{{- include "egress-names" . }}
{{- include "egress-rule" $ways.database }}
{{- include "egress-way" (dict "way" $ways.kafka "address" .Values.config.KAFKA_BROKERS) }}
{{- include "egress-way" (dict "way" $ways.telemetry "address" (get .Values.config "OTEL_EXPORTER_OTLP_ENDPOINT")) }}
{{- end }}

{{- /* All public addresses, and the private ones that are allowed. */ -}}
{{- define "egress-targets" }}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
          - 0.0.0.0/8
          - 10.0.0.0/8
          - 100.64.0.0/10
          - 127.0.0.0/8
          - 169.254.0.0/16
          - 172.16.0.0/12
          - 192.0.0.0/24
          - 192.168.0.0/16
          - 198.18.0.0/15
          - 224.0.0.0/4
          - 240.0.0.0/4
    # Global unicast: no loopback, unique local, link-local or multicast, and nothing mapped.
    - ipBlock: { cidr: '2000::/3' }
    {{- range splitList "," .Values.config.DELIVERY_ALLOWED_NETWORKS }}
    {{- $network := trim . }}
    {{- if $network }}
    - ipBlock: { cidr: {{ contains "/" $network | ternary $network (printf "%s/%d" $network (contains ":" $network | ternary 128 32)) | quote }} }
    {{- end }}
    {{- end }}
  {{- with .Values.networkPolicy.targets.ports }}
  ports:
    {{- range . }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- end }}
{{- end }}

{{- /* Who may come in at the port. Takes peers; none for everybody. */ -}}
{{- define "ingress-rule" -}}
- ports:
    - { protocol: TCP, port: http }
  {{- with . }}
  from: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
