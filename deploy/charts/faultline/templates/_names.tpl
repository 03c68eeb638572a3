{{- define "faultline.labels" -}}
app.kubernetes.io/name: faultline
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "faultline.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "faultline.settings" -}}
{{- $settings := dict "FAULTLINE_HOST" "0.0.0.0" "FAULTLINE_PORT" "7070" "FAULTLINE_DATA_FOLDER" "/data" }}
{{- $_ := set $settings "FAULTLINE_PUBLIC_URL" (required "publicUrl: set the address that people open" .Values.publicUrl) }}
{{- $otherwise := dict "FAULTLINE_AGENT_IMAGE" (include "faultline.image" .) }}
{{- range $name, $value := merge (dict) $settings .Values.settings $otherwise }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- $secrets := dict "FAULTLINE_DATABASE_URL" .Values.database "FAULTLINE_SECRET_KEY" .Values.secretKey "FAULTLINE_METRICS_TOKEN" .Values.metricsToken }}
{{- range $name, $from := $secrets }}
{{- if $from.secret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
{{- end }}
{{- end }}
{{- end }}
