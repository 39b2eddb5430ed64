package main

import (
	"context"
	"errors"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/meta/testrestmapper"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/warning"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// The admission of an API server, over objects that do not change.
type apiServer struct {
	kinds      *customKinds
	objects    *objects
	mapper     meta.RESTMapper
	interfaces admission.ObjectInterfaces
	mutating   *mutating.Plugin
	validating *validating.Plugin
	webhooks   []*webhookMatcher
	authorizer requestAuthorizer
}

func newServer(in io.Reader) (*apiServer, error) {
	read, err := readObjects(in)
	if err != nil {
		return nil, err
	}
	kinds, err := newCustomKinds(read.definitions)
	if err != nil {
		return nil, err
	}
	server := &apiServer{kinds: kinds, objects: read, interfaces: admission.NewObjectInterfacesFromScheme(legacyscheme.Scheme)}
	server.mapper = meta.MultiRESTMapper{testrestmapper.TestOnlyStaticRESTMapper(legacyscheme.Scheme), kinds.mapper}
	return server, server.start()
}

func (s *apiServer) start() error {
	// Informers see that this client has no watches of the newer kind; a wrapped one could not tell them.
	stored := fake.NewClientset(s.objects.native...)
	client := clientWithSchemas{stored}
	parameters := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), s.kinds.lists, s.objects.custom...)
	informers := informers.NewSharedInformerFactory(stored, 0)

	var err error
	if s.mutating, err = mutating.NewPlugin(nil); err != nil {
		return err
	}
	s.mutating.SetEnabled(true)
	if s.validating, err = validating.NewPlugin(nil); err != nil {
		return err
	}
	if s.webhooks, err = newWebhookMatchers(); err != nil {
		return err
	}
	stop := make(chan struct{}) // never closed: the program ends as a whole
	start := initializer.New(client, parameters, informers, &s.authorizer, utilfeature.DefaultFeatureGate, nil, stop, s.mapper)
	plugins := []admission.Interface{s.mutating, s.validating}
	for _, webhook := range s.webhooks {
		plugins = append(plugins, webhook.Webhook)
	}
	for _, plugin := range plugins {
		start.Initialize(plugin)
		if err := admission.ValidateInitialization(plugin); err != nil {
			return err
		}
	}
	informers.Start(stop)
	for _, plugin := range plugins {
		if ready, ok := plugin.(interface{ WaitForReady() bool }); ok && !ready.WaitForReady() {
			return errors.New("the policies are not read")
		}
	}
	return nil
}

// judge asks what changes an object, and then what admits it, in the order of an API server. Webhooks are not called.
func (s *apiServer) judge(asked *request) (*outcome, error) {
	said := &outcome{}
	attributes, err := asked.attributes()
	if err != nil {
		said.Reason, said.Message = string(metav1.StatusReasonBadRequest), err.Error()
		return said, nil
	}
	s.authorizer.asked = asked
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ctx = warning.WithWarningRecorder(ctx, (*warnings)(said))
	recorder := &annotated{Attributes: attributes, annotations: map[string]string{}}
	said.Annotations = recorder.annotations

	for _, webhook := range s.webhooks {
		names, err := webhook.matching(ctx, recorder, s.interfaces)
		if err != nil {
			return nil, err
		}
		said.Webhooks = append(said.Webhooks, names...)
	}
	refusal := s.mutating.Admit(ctx, recorder, s.interfaces)
	for apierrors.IsServiceUnavailable(refusal) && ctx.Err() == nil { // the schemas are read beside
		time.Sleep(10 * time.Millisecond)
		refusal = s.mutating.Admit(ctx, recorder, s.interfaces)
	}
	if refusal == nil {
		refusal = s.validating.Validate(ctx, recorder, s.interfaces)
	}
	said.Allowed = refusal == nil
	if refusal != nil {
		said.Message = refusal.Error()
		said.Reason = string(apierrors.ReasonForError(refusal))
	}
	if object := recorder.GetObject(); object != nil {
		said.Invalid = validated(asked, recorder)
		said.Object, err = encoded(object, recorder.GetKind())
	}
	return said, err
}

// Keeps what goes to the audit log.
type annotated struct {
	admission.Attributes
	annotations map[string]string
}

func (a *annotated) AddAnnotation(key, value string) error {
	a.annotations[key] = value
	return nil
}

type warnings outcome

func (w *warnings) AddWarning(_, text string) { w.Warnings = append(w.Warnings, text) }

// Answers by what the request that is being judged brings along; expressions hand no context on.
type requestAuthorizer struct{ asked *request }

func (r *requestAuthorizer) Authorize(_ context.Context, asked authorizer.Attributes) (authorizer.Decision, string, error) {
	if asked.GetUser().GetName() != r.asked.User.Name {
		return authorizer.DecisionNoOpinion, "", nil
	}
	for _, one := range r.asked.Allowed {
		if covers(one.Verb, asked.GetVerb()) && covers(one.Group, asked.GetAPIGroup()) &&
			covers(one.Resource, asked.GetResource()) && covers(one.Subresource, asked.GetSubresource()) &&
			covers(one.Namespace, asked.GetNamespace()) && covers(one.Name, asked.GetName()) {
			return authorizer.DecisionAllow, "", nil
		}
	}
	return authorizer.DecisionNoOpinion, "", nil
}

func covers(right, asked string) bool { return right == "*" || right == asked }
