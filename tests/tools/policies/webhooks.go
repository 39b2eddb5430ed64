package main

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/configuration"
	"k8s.io/apiserver/pkg/admission/plugin/webhook"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/generic"
	webhookutil "k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/informers"
)

// Finds which webhooks of one kind of configuration would be asked, and asks none.
type webhookMatcher struct {
	*generic.Webhook
	found []string
}

type sourceFactory = func(informers.SharedInformerFactory) generic.Source

func newWebhookMatchers() ([]*webhookMatcher, error) {
	var matchers []*webhookMatcher
	for _, source := range []sourceFactory{
		configuration.NewMutatingWebhookConfigurationManager, configuration.NewValidatingWebhookConfigurationManager} {
		matcher := &webhookMatcher{}
		made, err := generic.NewWebhook(
			admission.NewHandler(admission.Connect, admission.Create, admission.Delete, admission.Update), nil, source,
			func(*webhookutil.ClientManager) generic.Dispatcher { return matcher })
		if err != nil {
			return nil, err
		}
		matcher.Webhook = made
		matchers = append(matchers, matcher)
	}
	return matchers, nil
}

func (m *webhookMatcher) matching(ctx context.Context, attributes admission.Attributes, interfaces admission.ObjectInterfaces) ([]string, error) {
	m.found = nil
	err := m.Webhook.Dispatch(ctx, attributes, interfaces)
	return m.found, err
}

// Dispatch is what the plugin calls with all webhooks that there are.
func (m *webhookMatcher) Dispatch(ctx context.Context, attributes admission.Attributes, interfaces admission.ObjectInterfaces, hooks []webhook.WebhookAccessor) error {
	versions := &versioned{attributes: attributes, interfaces: interfaces}
	for _, hook := range hooks {
		invocation, err := m.Webhook.ShouldCallHook(ctx, hook, attributes, interfaces, versions)
		if err != nil {
			return err
		}
		if invocation != nil {
			m.found = append(m.found, hook.GetName())
		}
	}
	return nil
}

type versioned struct {
	attributes admission.Attributes
	interfaces admission.ObjectInterfaces
}

func (v *versioned) VersionedAttribute(kind schema.GroupVersionKind) (*admission.VersionedAttributes, error) {
	return admission.NewVersionedAttributes(v.attributes, kind, v.interfaces)
}
