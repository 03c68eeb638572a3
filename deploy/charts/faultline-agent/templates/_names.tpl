{{- /* As Kubernetes names the resource of a kind where nobody says otherwise. */ -}}
{{- define "agent.plural" -}}
{{- if regexMatch "[^aeiou]y$" . }}{{ trimSuffix "y" . }}ies
{{- else if regexMatch "(s|x|ch|sh)$" . }}{{ . }}es
{{- else }}{{ . }}s
{{- end }}
{{- end }}
