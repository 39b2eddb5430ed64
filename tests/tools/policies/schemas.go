package main

import (
	"fmt"
	"sort"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	generated "k8s.io/kubernetes/pkg/generated/openapi"
)

var native = resolver.NewDefinitionsSchemaResolver(generated.GetOpenAPIDefinitions, legacyscheme.Scheme)

// A field of the API that holds a value and no further fields.
type leaf struct {
	Path   string `json:"path"` // "containers[].resources.limits{}"
	Type   string `json:"type"`
	Format string `json:"format,omitempty"`
	Enum   []any  `json:"enum,omitempty"`
}

// leaves names all of them below a field of Pod, such as "spec".
func leaves(below string) ([]leaf, error) {
	pod, err := native.ResolveSchema(schema.GroupVersionKind{Version: "v1", Kind: "Pod"})
	if err != nil {
		return nil, err
	}
	start, ok := pod.Properties[below]
	if !ok {
		return nil, fmt.Errorf("a pod has no field %q", below)
	}
	var found []leaf
	collect(&start, "", &found)
	sort.Slice(found, func(a, b int) bool { return found[a].Path < found[b].Path })
	return found, nil
}

func collect(from *spec.Schema, path string, found *[]leaf) {
	// Properties that are a reference stand alone in an allOf, beside their default.
	if len(from.AllOf) == 1 && len(from.Properties) == 0 {
		collect(&from.AllOf[0], path, found)
		return
	}
	switch {
	case len(from.Properties) > 0:
		for name, property := range from.Properties {
			separator := "."
			if path == "" {
				separator = ""
			}
			collect(&property, path+separator+name, found)
		}
	case from.Items != nil && from.Items.Schema != nil:
		collect(from.Items.Schema, path+"[]", found)
	case from.AdditionalProperties != nil && from.AdditionalProperties.Schema != nil:
		collect(from.AdditionalProperties.Schema, path+"{}", found)
	default:
		one := leaf{Path: path, Format: from.Format, Enum: from.Enum}
		if len(from.Type) > 0 {
			one.Type = from.Type[0]
		}
		*found = append(*found, one)
	}
}

// typeWarnings are what the API server would write into the status of the policies, by the policy's name.
func (s *apiServer) typeWarnings() (map[string][]admissionv1.ExpressionWarning, error) {
	checker := validating.TypeChecker{SchemaResolver: native.Combine(s.kinds), RestMapper: s.mapper}
	found := map[string][]admissionv1.ExpressionWarning{}
	for _, object := range s.objects.native {
		if policy, ok := object.(*admissionv1.ValidatingAdmissionPolicy); ok {
			found[policy.Name] = checker.Check(policy)
		}
	}
	return found, nil
}
