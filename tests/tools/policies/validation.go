package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	admissionvalidation "k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

// validConfiguration is what the API server demands before it stores a policy or a webhook: among it, that expressions
// compile and stay within their budget.
func validConfiguration(object runtime.Object) error {
	internal, err := legacyscheme.Scheme.UnsafeConvertToVersion(object.DeepCopyObject(), runtime.InternalGroupVersioner)
	if err != nil {
		return err
	}
	var errs field.ErrorList
	switch it := internal.(type) {
	case *admissionregistration.ValidatingAdmissionPolicy:
		errs = admissionvalidation.ValidateValidatingAdmissionPolicy(it)
	case *admissionregistration.ValidatingAdmissionPolicyBinding:
		errs = admissionvalidation.ValidateValidatingAdmissionPolicyBinding(it)
	case *admissionregistration.MutatingAdmissionPolicy:
		errs = admissionvalidation.ValidateMutatingAdmissionPolicy(it)
	case *admissionregistration.MutatingAdmissionPolicyBinding:
		errs = admissionvalidation.ValidateMutatingAdmissionPolicyBinding(it)
	case *admissionregistration.ValidatingWebhookConfiguration:
		errs = admissionvalidation.ValidateValidatingWebhookConfiguration(it)
	case *admissionregistration.MutatingWebhookConfiguration:
		errs = admissionvalidation.ValidateMutatingWebhookConfiguration(it)
	}
	if err := errs.ToAggregate(); err != nil {
		return fmt.Errorf("%T: %w", object, err)
	}
	return nil
}

// validated is what the API's own validation has against a pod after admission.
func validated(asked *request, attributes admission.Attributes) []string {
	now, ok := attributes.GetObject().(*core.Pod)
	if !ok {
		return nil
	}
	old, _ := attributes.GetOldObject().(*core.Pod)
	var errs field.ErrorList
	if old == nil {
		errs = corevalidation.ValidatePodCreate(now, pod.GetValidationOptionsFromPodSpecAndMeta(&now.Spec, nil, &now.ObjectMeta, nil))
	} else {
		options := pod.GetValidationOptionsFromPodSpecAndMeta(&now.Spec, &old.Spec, &now.ObjectMeta, &old.ObjectMeta)
		if asked.Subresource == "ephemeralcontainers" {
			errs = corevalidation.ValidatePodEphemeralContainersUpdate(now, old, options)
		} else {
			errs = corevalidation.ValidatePodUpdate(now, old, options)
		}
	}
	var words []string
	for _, one := range errs {
		words = append(words, one.Error())
	}
	return words
}
