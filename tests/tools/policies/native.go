package main

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/openapi"
	"k8s.io/kube-openapi/pkg/builder3"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	generated "k8s.io/kubernetes/pkg/generated/openapi"
)

// A client that knows the schemas of the API's core; a clientset of tests knows none. Mutating policies ask for them.
type clientWithSchemas struct{ kubernetes.Interface }
type discoveryWithSchemas struct{ discovery.DiscoveryInterface }
type coreSchemas struct{}

func (c clientWithSchemas) Discovery() discovery.DiscoveryInterface {
	return discoveryWithSchemas{c.Interface.Discovery()}
}

func (discoveryWithSchemas) OpenAPIV3() openapi.Client { return coreSchemas{} }

func (coreSchemas) Paths() (map[string]openapi.GroupVersion, error) {
	return map[string]openapi.GroupVersion{"api/v1": coreSchemas{}}, nil
}

func (coreSchemas) ServerRelativeURL() string { return "" }

func (coreSchemas) Schema(string) ([]byte, error) {
	config := &common.OpenAPIV3Config{
		GetDefinitions:    generated.GetOpenAPIDefinitions,
		GetDefinitionName: openapinamer.NewDefinitionNamer(legacyscheme.Scheme).GetDefinitionName,
	}
	schemas, err := builder3.BuildOpenAPIDefinitionsForResources(config, corev1.Pod{}.OpenAPIModelName())
	if err != nil {
		return nil, err
	}
	return json.Marshal(&spec3.OpenAPI{Components: &spec3.Components{Schemas: schemas}})
}
