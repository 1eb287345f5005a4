{{- define "coxswain.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{ contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) | trunc 48 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "coxswain.agentsNamespace" -}}
{{- $name := .Values.agents.namespace | default (printf "%s-agents" .Release.Namespace) -}}
{{- if eq $name .Release.Namespace -}}
{{- fail (printf "agents.namespace is %q, the release's own: agents need one for themselves, since nobody else may do there what the app may." $name) -}}
{{- end -}}
{{ $name }}
{{- end }}

{{/* What objects of a component carry. Takes (list . "component"). */}}
{{- define "coxswain.labels" -}}
{{- $root := first . -}}
{{ include "coxswain.selector" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* What chooses the pods of a component, or without one all of ours. Takes (list . "component"). */}}
{{- define "coxswain.selector" -}}
{{- $root := first . -}}
app.kubernetes.io/name: {{ $root.Values.nameOverride | default $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- with rest . | first }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{/* Takes (list . .Values.image). */}}
{{- define "coxswain.image" -}}
{{- $image := last . -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default (first .).Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "coxswain.appId" -}}
{{ .Values.github.appId | int64 }}
{{- end }}

{{/* What all our pods have in common. Takes (list . "component"). */}}
{{- define "coxswain.pod" -}}
{{- $root := first . -}}
{{- $values := get $root.Values (last .) -}}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with get $values $key }}
{{ $key }}: {{ toJson . }}
{{- end }}
{{- end }}
topologySpreadConstraints:
{{- with $values.topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "coxswain.selector" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{/* A pod's labels and annotations: what changes with each version of the chart isn't there. Takes (list . "component"). */}}
{{- define "coxswain.podMetadata" -}}
{{- $values := get (first .).Values (last .) -}}
labels:
  {{- include "coxswain.selector" . | nindent 2 }}
  {{- with $values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.podAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Where Redis is, for the app and the gate. */}}
{{- define "coxswain.redisEnv" -}}
{{- $redis := .Values.redis -}}
{{- $host := printf "%s-redis:6379" (include "coxswain.fullname" .) -}}
{{- if and $redis.builtIn $redis.passwordKey -}}
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: {{ $redis.passwordKey }} } }
- name: REDIS_URL
  value: redis://:$(REDIS_PASSWORD)@{{ $host }}/0
{{- else if $redis.builtIn -}}
- name: REDIS_URL
  value: redis://{{ $host }}/0
{{- else if $redis.urlKey -}}
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: {{ $redis.urlKey }} } }
{{- else -}}
- name: REDIS_URL
  value: {{ $redis.url | quote }}
{{- end }}
{{- end }}

{{/* The key that a rotation leaves behind: the Secret holds it for a while. */}}
{{- define "coxswain.previousKeyEnv" -}}
- name: PREVIOUS_PRIVATE_KEY
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: previous-private-key, optional: true } }
{{- end }}

{{/* The port of an address. */}}
{{- define "coxswain.port" -}}
{{- $url := urlParse . -}}
{{ regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (get (dict "https" "443" "http" "80") $url.scheme) | default "6379" }}
{{- end }}

{{/* A container that can change nothing but its volumes. */}}
{{- define "coxswain.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}


{{/* What agents are made from, as the files that the app reads. */}}
{{- define "coxswain.agentsFiles" -}}
images.yaml: {{ toYaml .Values.agents.images | quote }}
sizes.yaml: {{ toYaml .Values.agents.sizes | quote }}
podTemplate.yaml: {{ toYaml .Values.agents.podTemplate | quote }}
{{- end }}

{{- define "coxswain.agentsConfig" -}}
{{ include "coxswain.fullname" . }}-agents-{{ include "coxswain.agentsFiles" . | sha256sum | trunc 8 }}
{{- end }}

{{/* Where agents run, and how they are made. */}}
{{- define "coxswain.agentsEnv" -}}
{{- $name := include "coxswain.fullname" . -}}
{{- $gate := printf "%s-gate.%s.svc" $name .Release.Namespace -}}
{{- $agents := .Values.agents -}}
- { name: APP_ID, value: {{ include "coxswain.appId" . | quote }} }
- { name: GATE_URL, value: "http://{{ $gate }}:8080" }
- { name: CANARY_ADDRESS, value: "{{ $gate }}:9090" }
- { name: COXSWAIN_CLUSTER, value: kubernetes }
- { name: KUBERNETES_NAMESPACE, value: {{ include "coxswain.agentsNamespace" . | quote }} }
- { name: AGENT_SERVICE_ACCOUNT, value: {{ $name }}-agent }
- { name: AGENT_IMAGE, value: {{ include "coxswain.image" (list . $agents.image) | quote }} }
{{- range $variable, $file := dict "AGENT_POD_TEMPLATE" "podTemplate" "AGENT_IMAGES" "images" "AGENT_SIZES" "sizes" }}
{{- if get $agents $file }}
- { name: {{ $variable }}, value: /etc/coxswain/{{ $file }}.yaml }
{{- end }}
{{- end }}
{{- end }}

{{/* The way to DNS, as a rule of a policy. */}}
{{- define "coxswain.dnsEgress" -}}
- ports:
    {{- range .Values.networkPolicy.dnsPorts }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- with .Values.networkPolicy.dnsTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* The way to Redis, as a rule of a policy. */}}
{{- define "coxswain.redisEgress" -}}
{{- $redis := .Values.redis -}}
{{- if $redis.builtIn -}}
- ports: [{ port: 6379 }]
  to: [{ podSelector: { matchLabels: {{ include "coxswain.selector" (list . "redis") | fromYaml | toJson }} } }]
{{- else -}}
- ports: [{ port: {{ $redis.port | int | default (include "coxswain.port" ($redis.url | default "redis://redis")) }} }]
  {{- with .Values.networkPolicy.redisTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end }}
