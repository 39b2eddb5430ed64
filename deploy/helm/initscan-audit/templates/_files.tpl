{{/* An object file of deploy/kustomize, in the release's namespace: (list $ "audit/rbac.yaml"). */}}
{{- define "initscan-audit.file" -}}
{{- $root := index . 0 -}}
{{- $text := required (printf "the chart lacks %s: package it from its repository" (index . 1)) ($root.Files.Get (printf "files/%s" (index . 1))) -}}
{{- $text | replace "namespace: initscan-audit" (printf "namespace: %s" $root.Release.Namespace) -}}
{{- end -}}

{{/* The port of a URL. */}}
{{- define "initscan-audit.port" -}}
{{- $url := urlParse . -}}
{{- default (ternary "443" "80" (eq $url.scheme "https")) (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host)) -}}
{{- end -}}
