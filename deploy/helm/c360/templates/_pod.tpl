{{/* The pod of a role. Call with (dict "root" $ "role" "ingest" "work" {replicas, roles, persistence, resources}). */}}
{{- define "c360.pod" -}}
metadata:
  labels:
    {{- include "c360.labels" . | nindent 4 }}
    {{- with .root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "c360.name" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
  {{- with .root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: c360
      image: {{ include "c360.image" .root }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [serve]
      env:
        {{- include "c360.env" . | nindent 8 }}
      ports:
        - { name: http, containerPort: 3600 }
      # The first start may have a log to index or a read store to fill: ten minutes.
      startupProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 2
        failureThreshold: 300
      livenessProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 2
      resources:
        {{- toYaml .work.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "c360.selector" . | nindent 10 }}
  volumes:
    - { name: tmp, emptyDir: { medium: Memory, sizeLimit: 64Mi } }
    {{- if not .work.persistence.enabled }}
    - { name: data, emptyDir: { sizeLimit: {{ .work.persistence.size }} } }
    {{- end }}
{{- end }}

{{- define "c360.env" -}}
{{- $v := .root.Values -}}
- { name: C360_DATA, value: /data }
- { name: C360_LISTEN, value: "0.0.0.0:3600" }
- { name: C360_REGION, value: {{ $v.region | quote }} }
- { name: C360_DRAIN, value: {{ printf "%ds" (int $v.drainSeconds) }} }
{{- with .work.roles }}
- { name: C360_ROLES, value: {{ . | quote }} }
{{- end }}
{{- /* Whom writersFrom lets in to ingest may send, not read what others sent. */}}
{{- if and $v.openReads (not (and (eq .role "ingest") $v.networkPolicy.writersFrom)) }}
- { name: C360_OPEN_READS, value: "true" }
{{- end }}
{{- if ne .role "console" }}
{{- with $v.engines.log.secret }}
- name: C360_LOG
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $v.engines.log.key }} } }
{{- end }}
{{- with $v.engines.nats.secret }}
- name: C360_NATS
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $v.engines.nats.key }} } }
{{- end }}
{{- with $v.engines.store.secret }}
- name: C360_STORE
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $v.engines.store.key }} } }
{{- end }}
{{- end }}
{{- if has .role (list "all" "ingest") }}
{{- with $v.sources.secret }}
- name: C360_SOURCES
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $v.sources.key }} } }
{{- end }}
{{- end }}
{{- with $v.env }}
{{ toYaml . }}
{{- end }}
{{- end }}
