package main

import (
	"bufio"
	"fmt"
	"io"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsinstall "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
)

// What a cluster has that admission looks at.
type objects struct {
	native      []runtime.Object // of versions, with the API's defaults
	custom      []runtime.Object // of kinds that are defined here
	definitions []*apiextensions.CustomResourceDefinition
}

var extensionsScheme, extensionsCodecs = func() (*runtime.Scheme, serializer.CodecFactory) {
	scheme := runtime.NewScheme()
	apiextensionsinstall.Install(scheme)
	return scheme, serializer.NewCodecFactory(scheme, serializer.EnableStrict)
}()

// Kinds that admission does not look at are left out.
func readObjects(in io.Reader) (*objects, error) {
	read := &objects{}
	documents := yaml.NewYAMLReader(bufio.NewReader(in))
	for {
		document, err := documents.Read()
		if err == io.EOF {
			return read, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := yaml.ToJSON(document)
		if err != nil {
			return nil, err
		}
		if string(text) == "null" {
			continue
		}
		if err := read.add(text); err != nil {
			return nil, err
		}
	}
}

func (o *objects) add(text []byte) error {
	bare := &unstructured.Unstructured{}
	if err := bare.UnmarshalJSON(text); err != nil {
		return err
	}
	kind := bare.GroupVersionKind()
	switch {
	case kind.Kind == "CustomResourceDefinition":
		// Strictly: a misspelt field of a definition is an error here, and nothing at all in a cluster.
		read, _, err := extensionsCodecs.UniversalDecoder().Decode(text, nil, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", bare.GetName(), err)
		}
		o.definitions = append(o.definitions, read.(*apiextensions.CustomResourceDefinition))
	case legacyscheme.Scheme.Recognizes(kind):
		read, _, err := strictCodecs.UniversalDeserializer().Decode(text, nil, nil)
		if err != nil {
			return fmt.Errorf("%s %s: %w", kind.Kind, bare.GetName(), err)
		}
		legacyscheme.Scheme.Default(read)
		if err := validConfiguration(read); err != nil {
			return err
		}
		o.native = append(o.native, read)
	default:
		o.custom = append(o.custom, bare)
	}
	return nil
}

var strictCodecs = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
