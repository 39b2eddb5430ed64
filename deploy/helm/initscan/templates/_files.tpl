{{/* An object file of deploy/kustomize, in the release's namespace: (list $ "base/rbac.yaml"). */}}
{{- define "initscan.file" -}}
{{- $root := index . 0 -}}
{{- $text := required (printf "the chart lacks %s: package it from its repository" (index . 1)) ($root.Files.Get (printf "files/%s" (index . 1))) -}}
{{- $text | replace "initscan-system" $root.Release.Namespace -}}
{{- end -}}

{{/* The same, with an annotation on each object: (list $ "base/crds.yaml" "key: value"). */}}
{{- define "initscan.annotated" -}}
{{- $labels := "\n  labels: {app.kubernetes.io/part-of: initscan}" -}}
{{- include "initscan.file" . | replace $labels (printf "\n  annotations: {%s}%s" (index . 2) $labels) -}}
{{- end -}}

{{/* What a webhook configuration carries so that somebody fills in its caBundle: (list $ FILE). */}}
{{- define "initscan.webhook" -}}
{{- $root := index . 0 -}}
{{- if eq $root.Values.certificates "cert-manager" -}}
{{- include "initscan.annotated" (append . (printf "cert-manager.io/inject-ca-from: %s/initscan-injector" $root.Release.Namespace)) -}}
{{- else if eq $root.Values.certificates "service-ca" -}}
{{- include "initscan.annotated" (append . "service.beta.openshift.io/inject-cabundle: \"true\"") -}}
{{- else -}}
{{- include "initscan.file" . -}}
{{- end -}}
{{- end -}}

{{/* Whether an injector runs at all. */}}
{{- define "initscan.injector" -}}
{{- if eq .Values.injectedBy "webhook" -}}yes{{- end -}}
{{- end -}}

{{/* A cluster that lacks what was chosen says so here, and not halfway through. */}}
{{- define "initscan.check" -}}
{{- if not .Values.image -}}
{{- fail "say which image of initscan pods get: --set image=registry.example.com/initscan@sha256:..." -}}
{{- end -}}
{{- $version := .Capabilities.KubeVersion.Version -}}
{{- if and (eq .Values.enforcedBy "policy") (semverCompare "<1.30-0" $version) -}}
{{- fail (printf "Kubernetes %s has no ValidatingAdmissionPolicy: set enforcedBy=webhook" $version) -}}
{{- end -}}
{{- if and (eq .Values.injectedBy "policy") (semverCompare "<1.36-0" $version) -}}
{{- fail (printf "Kubernetes %s has no MutatingAdmissionPolicy: set injectedBy=webhook" $version) -}}
{{- end -}}
{{- end -}}

{{/* One of the server's pods, by its settings: (list $ FILE .Values.server). */}}
{{- define "initscan.server" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 2 -}}
{{- $text := include "initscan.file" . | replace "image: initscan\n" (printf "image: %s\n" (toJson $root.Values.image)) -}}
{{- if $root.Values.openshift -}}
{{- range list "runAsUser" "runAsGroup" "fsGroup" -}}
{{- $text = $text | replace (printf "        %s: 65532\n" .) "" -}}
{{- end -}}
{{- end -}}
{{- if ne $root.Values.certificates "own" -}}
{{- $text = $text | replace "secretName: initscan-server-tls" "secretName: initscan-server-certificate" -}}
{{- end -}}
{{- $text = regexReplaceAllLiteral "requests: {cpu: [^}]*}" $text (printf "requests: %s" (toJson $settings.resources.requests)) -}}
{{- $text = regexReplaceAllLiteral "limits: {memory: [^}]*}" $text (printf "limits: %s" (toJson $settings.resources.limits)) -}}
{{- $grace := "      terminationGracePeriodSeconds: 30\n" -}}
{{- range $key := list "priorityClassName" "imagePullSecrets" "nodeSelector" "tolerations" -}}
{{- with index $settings $key -}}
{{- $text = $text | replace $grace (printf "%s      %s: %s\n" $grace $key (toJson .)) -}}
{{- end -}}
{{- end -}}
{{- $text -}}
{{- end -}}

{{/* The container that keeps the index of the server's API fresh, with what the server's own mounts need of it. */}}
{{- define "initscan.updates" }}
{{- $root := index . 0 }}
{{- $updates := $root.Values.serverApi.updates }}
            - {name: fresh-index, mountPath: /var/lib/initscan-index, readOnly: true}
            - {name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
        - name: update
          image: {{ toJson $root.Values.image }}
          command: [/usr/bin/initscan]
          args:
            - db
            - update
            - --every-hours={{ $updates.everyHours }}
            - --seed={{ index . 1 }}
            - --output=/var/lib/initscan-index/advisories.db
{{- range $updates.ecosystems }}
            - {{ printf "--ecosystem=%s" . | toJson }}
{{- end }}
{{- with $updates.osv }}
            - {{ printf "--osv=%s" . | toJson }}
{{- end }}
{{- with $updates.env }}
          env: {{ toJson . }}
{{- end }}
          resources: {{ toJson $updates.resources }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: fresh-index, mountPath: /var/lib/initscan-index}
{{- if $root.Values.indexImage }}
            - {name: index, mountPath: /index, readOnly: true}
{{- end }}
      volumes:
{{ end }}
{{- define "initscan.updatesVolumes" }}        - {name: fresh-index, emptyDir: {sizeLimit: 4Gi}}
        - name: token
          projected:
            sources:
              - serviceAccountToken: {path: token, expirationSeconds: 3607}
              - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
              - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
{{ end -}}
