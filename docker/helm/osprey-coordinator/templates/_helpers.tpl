{{- define "coordinator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "coordinator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 54 | trimSuffix "-" }}
{{- else }}
{{- $name := include "coordinator.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 54 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 54 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "coordinator.selector" -}}
app.kubernetes.io/name: {{ include "coordinator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "coordinator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "coordinator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "coordinator.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "coordinator.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "coordinator.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- /* Whether the HTTP port has TLS: HTTPS or HTTP. */}}
{{- define "coordinator.scheme" -}}
{{- if dig "tls" "http" "certFile" "" .Values.config }}HTTPS{{ else }}HTTP{{ end }}
{{- end }}

{{- /* What fits no schema, because it is about several values. */}}
{{- define "coordinator.check" -}}
{{- $drain := .Values.config.shutdown.drain | toString }}
{{- if not (regexMatch "^[0-9]+s$" $drain) }}
{{- fail (printf "config.shutdown.drain: want seconds, such as 25s, got %s" $drain) }}
{{- end }}
{{- $needed := add (trimSuffix "s" $drain | int) (int .Values.preStopSeconds) 3 }}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $needed) }}
{{- fail (printf "terminationGracePeriodSeconds: want %d or more, which is preStopSeconds, config.shutdown.drain and 3 s to end, got %d" (int $needed) (int .Values.terminationGracePeriodSeconds)) }}
{{- end }}
{{- if and .Values.persistence.enabled (gt (int .Values.replicaCount) 1) }}
{{- fail "persistence.enabled: want replicaCount 1, because the database in the volume is for one coordinator; several share a PostgreSQL (DATABASE_URL)" }}
{{- end }}
{{- if dig "tls" "http" "requireClients" false .Values.config }}
{{- fail "config.tls.http.requireClients: want false, because the probes of Kubernetes show no certificate" }}
{{- end }}
{{- end }}
