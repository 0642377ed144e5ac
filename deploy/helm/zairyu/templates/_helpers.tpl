{{- define "zairyu.labels" -}}
app.kubernetes.io/name: zairyu
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
zairyu/part: {{ .part }}
{{- end }}

{{- define "zairyu.image" -}}
{{ .root.Values.image.repository }}-{{ .service }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- /* Files of a container stand still, and so do its rights. */}}
{{- define "zairyu.container" -}}
image: {{ include "zairyu.image" . | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- range $number, $file := concat .root.Values.files (.files | default list) }}
  - {name: files-{{ $number }}, mountPath: {{ $file.mountPath }}, readOnly: true}
  {{- end }}
{{- end }}

{{- define "zairyu.pod" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - {name: tmp, emptyDir: {sizeLimit: 1Gi}}
  {{- range $number, $file := concat .root.Values.files (.files | default list) }}
  - name: files-{{ $number }}
    {{- if $file.secret }}
    secret: {secretName: {{ $file.secret }}}
    {{- else }}
    configMap: {name: {{ $file.configMap }}}
    {{- end }}
  {{- end }}
{{- end }}

{{- /* One process: root, service, part (what ZAIRYU_PARTS says; gateway: its own name), spec, settings, secret. */}}
{{- define "zairyu.deployment" -}}
{{- $root := .root }}
{{- $gateway := eq .service "gateway" }}
{{- $operations := ternary 8001 8000 $gateway }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels: {{ include "zairyu.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ .spec.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    {{- /* Two processes with the part jobs share the timers and are never wrong, but each would show its own gauges. */}}
    type: {{ ternary "Recreate" "RollingUpdate" (eq .part "jobs") }}
    {{- if ne .part "jobs" }}
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
    {{- end }}
  selector:
    matchLabels: {{ include "zairyu.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{ include "zairyu.labels" . | nindent 8 }}
    spec:
      {{- include "zairyu.pod" . | nindent 6 }}
      {{- /* Connections are let go for ten seconds, parts end in forty-five. */}}
      terminationGracePeriodSeconds: 90
      {{- if $root.Values.topologyKeys }}
      topologySpreadConstraints:
        {{- range $key := $root.Values.topologyKeys }}
        - maxSkew: 1
          topologyKey: {{ $key }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{ include "zairyu.labels" $ | nindent 14 }}
        {{- end }}
      {{- end }}
      containers:
        - name: {{ .service }}
          {{- include "zairyu.container" . | nindent 10 }}
          ports:
            - {name: http, containerPort: 8000}
            {{- if $gateway }}
            - {name: operations, containerPort: 8001}
            {{- end }}
          env:
            - {name: ZAIRYU_HOST, value: 0.0.0.0}
            - {name: ZAIRYU_PORT, value: "8000"}
            {{- if $gateway }}
            - {name: ZAIRYU_OPERATIONS_HOST, value: 0.0.0.0}
            - {name: ZAIRYU_OPERATIONS_PORT, value: "8001"}
            {{- range $name := list "registration" "application" "document" "review" "notification" }}
            - {name: ZAIRYU_{{ upper $name }}_URL, value: "http://{{ $root.Release.Name }}-{{ $name }}:8000"}
            {{- end }}
            {{- else }}
            - {name: ZAIRYU_PARTS, value: {{ .part }}}
            - {name: ZAIRYU_REGISTRATION_URL, value: "http://{{ $root.Release.Name }}-registration:8000"}
            {{- end }}
            {{- range $name, $value := merge (dict) .settings $root.Values.settings }}
            - {name: ZAIRYU_{{ $name }}, value: {{ $value | toString | quote }}}
            {{- end }}
          envFrom:
            - secretRef: {name: {{ .secret }}}
          {{- /* It may take long to start on a busy node; alive says nothing of what it waits for. */}}
          startupProbe:
            httpGet: {path: /healthz, port: {{ $operations }}}
            periodSeconds: 3
            failureThreshold: 60
          livenessProbe:
            httpGet: {path: /healthz, port: {{ $operations }}}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: {path: /readyz, port: {{ $operations }}}
            periodSeconds: 5
            timeoutSeconds: 4
            failureThreshold: 3
          {{- if or $gateway (eq .part "api") }}
          lifecycle:
            {{- /* Until every node has heard that this process goes, requests still come. */}}
            preStop: {exec: {command: [sleep, "8"]}}
          {{- end }}
          resources: {{ toYaml (.spec.resources | default $root.Values.resources) | nindent 12 }}
{{- end }}

{{- define "zairyu.cpu" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels: {{ include "zairyu.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ .name }}}
  minReplicas: {{ .autoscaling.min }}
  maxReplicas: {{ .autoscaling.max }}
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: {{ .autoscaling.cpu }}}}
  behavior:
    scaleDown: {stabilizationWindowSeconds: 600}
{{- end }}

{{- define "zairyu.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels: {{ include "zairyu.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{ include "zairyu.labels" . | nindent 6 }}
{{- end }}

{{- define "zairyu.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels: {{ include "zairyu.labels" . | nindent 4 }}
spec:
  selector: {{ include "zairyu.labels" . | nindent 4 }}
  ports:
    - {name: http, port: 8000, targetPort: http}
    {{- if eq .service "gateway" }}
    - {name: operations, port: 8001, targetPort: operations}
    {{- end }}
{{- end }}
