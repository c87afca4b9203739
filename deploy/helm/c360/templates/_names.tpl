{{- define "c360.name" -}}
{{- if contains "c360" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-c360" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What selects the pods of a role. Call with (dict "root" $ "role" "ingest"). */}}
{{- define "c360.selector" -}}
app.kubernetes.io/name: c360
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "c360.labels" -}}
{{ include "c360.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "c360.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* The workloads of this release as YAML: {role: {replicas, roles, persistence, resources}}. */}}
{{- define "c360.workloads" -}}
{{- if eq .Values.mode "single" }}
{{- toYaml (dict "all" (dict "replicas" 1 "roles" "" "persistence" (merge (dict "enabled" true) .Values.persistence) "resources" .Values.single.resources)) }}
{{- else }}
{{- toYaml .Values.roles }}
{{- end }}
{{- end }}
