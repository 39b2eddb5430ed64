package main

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// One line of standard input: a request, or one of the other questions.
type question struct {
	request
	Custom   json.RawMessage `json:"custom"`   // an object of a kind that is defined here
	Leaves   string          `json:"leaves"`   // a type of the API, to name all of its fields
	Warnings bool            `json:"warnings"` // what the API server would write into the policies' status
}

// A request as admission sees it. `allowed` is what its user may do beyond it: what the authorizer answers.
type request struct {
	Operation   admission.Operation `json:"operation"`
	Resource    string              `json:"resource"` // with its version: "v1/pods", "apps/v1/deployments"
	Subresource string              `json:"subresource"`
	Namespace   string              `json:"namespace"`
	Name        string              `json:"name"`
	Object      json.RawMessage     `json:"object"`
	OldObject   json.RawMessage     `json:"oldObject"`
	User        user.DefaultInfo    `json:"user"`
	Allowed     []allowance         `json:"allowed"`
	DryRun      bool                `json:"dryRun"`
}

// Empty fields and "*" stand for themselves: a right in all namespaces has the namespace "*", at cluster scope "".
type allowance struct {
	Verb        string `json:"verb"`
	Group       string `json:"group"`
	Resource    string `json:"resource"`
	Subresource string `json:"subresource"`
	Namespace   string `json:"namespace"`
	Name        string `json:"name"`
}

// What became of a request.
type outcome struct {
	Allowed     bool              `json:"allowed"`
	Message     string            `json:"message,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Warnings    []string          `json:"warnings,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"` // for the audit log
	Webhooks    []string          `json:"webhooks,omitempty"`    // that would be asked
	Invalid     []string          `json:"invalid,omitempty"`     // what the API's own validation has against it
	Object      json.RawMessage   `json:"object,omitempty"`      // as it would be stored
}

// decoded reads an object as a request handler does: strictly, with defaults, into the internal version.
func decoded(text json.RawMessage) (runtime.Object, schema.GroupVersionKind, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, schema.GroupVersionKind{}, nil
	}
	object, kind, err := strictCodecs.UniversalDecoder().Decode(text, nil, nil)
	if err != nil {
		return nil, schema.GroupVersionKind{}, err
	}
	return object, *kind, nil
}

func (r *request) attributes() (admission.Attributes, error) {
	object, kind, err := decoded(r.Object)
	if err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	old, oldKind, err := decoded(r.OldObject)
	if err != nil {
		return nil, fmt.Errorf("oldObject: %w", err)
	}
	if object == nil {
		kind = oldKind
	}
	version, resource, err := splitResource(r.Resource)
	if err != nil {
		return nil, err
	}
	var options runtime.Object = &metav1.UpdateOptions{}
	if r.Operation == admission.Create {
		options = &metav1.CreateOptions{}
	}
	return admission.NewAttributesRecord(object, old, kind, r.Namespace, r.Name, version.WithResource(resource), r.Subresource,
		r.Operation, options, r.DryRun, &r.User), nil
}

func splitResource(text string) (schema.GroupVersion, string, error) {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '/' {
			version, err := schema.ParseGroupVersion(text[:i])
			return version, text[i+1:], err
		}
	}
	return schema.GroupVersion{}, "", fmt.Errorf("resource %q: want VERSION/RESOURCE", text)
}

// encoded is the object as clients see it.
func encoded(object runtime.Object, kind schema.GroupVersionKind) (json.RawMessage, error) {
	versioned, err := legacyscheme.Scheme.ConvertToVersion(object, kind.GroupVersion())
	if err != nil {
		return nil, err
	}
	return json.Marshal(versioned)
}
