package main

import (
	"context"
	"encoding/json"
	"fmt"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	schemavalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// The kinds that are defined here.
type customKinds struct {
	kinds  map[schema.GroupVersionKind]*customKind
	mapper *meta.DefaultRESTMapper
	lists  map[schema.GroupVersionResource]string
}

type customKind struct {
	schema     *structural.Structural
	validator  schemavalidation.SchemaValidator
	published  *spec.Schema
	expression *cel.Validator
}

func newCustomKinds(definitions []*apiextensions.CustomResourceDefinition) (*customKinds, error) {
	made := &customKinds{map[schema.GroupVersionKind]*customKind{}, meta.NewDefaultRESTMapper(nil), map[schema.GroupVersionResource]string{}}
	for _, definition := range definitions {
		if err := made.add(definition); err != nil {
			return nil, fmt.Errorf("%s: %w", definition.Name, err)
		}
	}
	return made, nil
}

func (k *customKinds) add(definition *apiextensions.CustomResourceDefinition) error {
	// What the API server writes, and its own validation asks for.
	definition.Status.StoredVersions = []string{definition.Spec.Versions[0].Name}
	if errs := validation.ValidateCustomResourceDefinition(context.Background(), definition); len(errs) > 0 {
		return errs.ToAggregate()
	}
	names := definition.Spec.Names
	scope := meta.RESTScopeNamespace
	if definition.Spec.Scope == apiextensions.ClusterScoped {
		scope = meta.RESTScopeRoot
	}
	for _, version := range definition.Spec.Versions {
		// The decoder moves a schema that all versions share to where it once was.
		said := version.Schema
		if said == nil {
			said = definition.Spec.Validation
		}
		made, err := newCustomKind(said)
		if err != nil {
			return err
		}
		group := schema.GroupVersion{Group: definition.Spec.Group, Version: version.Name}
		k.kinds[group.WithKind(names.Kind)] = made
		k.mapper.AddSpecific(group.WithKind(names.Kind), group.WithResource(names.Plural), group.WithResource(names.Singular), scope)
		k.lists[group.WithResource(names.Plural)] = names.ListKind
	}
	return nil
}

func newCustomKind(said *apiextensions.CustomResourceValidation) (*customKind, error) {
	made := &customKind{}
	var err error
	if made.schema, err = structural.NewStructural(said.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	if errs := structural.ValidateStructural(field.NewPath("schema"), made.schema); len(errs) > 0 {
		return nil, errs.ToAggregate()
	}
	if made.validator, made.published, err = schemavalidation.NewSchemaValidator(said.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	made.expression = cel.NewValidator(made.schema, true, celconfig.PerCallLimit)
	return made, nil
}

// What the API server says of an object of one of these kinds.
type customOutcome struct {
	Errors  []string        `json:"errors"`
	Unknown []string        `json:"unknown"` // fields that are dropped, or refused by a strict client
	Object  json.RawMessage `json:"object"`  // as it would be stored
}

func (k *customKinds) judge(text json.RawMessage) (*customOutcome, error) {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	kind, ok := k.kinds[object.GroupVersionKind()]
	if !ok {
		return nil, fmt.Errorf("%s is not defined", object.GroupVersionKind())
	}
	said := &customOutcome{Errors: []string{}}
	said.Unknown = pruning.PruneWithOptions(object.Object, kind.schema, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	defaulting.Default(object.Object, kind.schema)
	errs := schemavalidation.ValidateCustomResource(nil, object.Object, kind.validator)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, kind.schema, object.Object)...)
	if kind.expression != nil && len(errs) == 0 {
		broken, _ := kind.expression.Validate(context.Background(), nil, kind.schema, object.Object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	for _, one := range errs {
		said.Errors = append(said.Errors, one.Error())
	}
	var err error
	said.Object, err = json.Marshal(object.Object)
	return said, err
}

// ResolveSchema names what parameters of these kinds consist of, for the types of expressions.
func (k *customKinds) ResolveSchema(kind schema.GroupVersionKind) (*spec.Schema, error) {
	if found, ok := k.kinds[kind]; ok {
		return found.published, nil
	}
	return nil, resolver.ErrSchemaNotFound
}
