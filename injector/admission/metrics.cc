#include "injector/admission/metrics.h"

#include "common/names.h"
#include "common/version.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace initscan::injector {
namespace {

// Words of ours: there are as many series as reviews have endings.
prometheus::Labels labels_of(Decision decision, Reason reason) {
  return {{"decision", std::string(to_string(decision))}, {"reason", std::string(to_string(reason))}};
}

}  // namespace

struct InjectorMetrics::Parts {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("initscan_admission_requests_total")
                                                          .Help("AdmissionReviews answered, by decision and reason.")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& refusals =
      prometheus::BuildCounter()
          .Name("initscan_http_refusals_total")
          .Help("Connections and requests that the server refused before there was a review, by reason.")
          .Register(registry);
  prometheus::Histogram& duration = prometheus::BuildHistogram()
                                        .Name("initscan_admission_duration_seconds")
                                        .Help("Time from a complete AdmissionReview to its answer.")
                                        .Register(registry)
                                        .Add({}, prometheus::Histogram::BucketBoundaries{
                                                     5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2, 0.1, 1});
  prometheus::Gauge& certificate_expiry = prometheus::BuildGauge()
                                              .Name("initscan_certificate_expiry_seconds")
                                              .Help("Time until the served certificate expires; negative afterwards.")
                                              .Register(registry)
                                              .Add({});
  prometheus::Family<prometheus::Gauge>& watch_age =
      prometheus::BuildGauge()
          .Name("initscan_watch_age_seconds")
          .Help("Age of what is known about a resource; 0 while the API server can be reached.")
          .Register(registry);
  prometheus::Gauge& namespaces =
      gauge("initscan_injected_namespaces", std::string("Namespaces labelled ") + names::kInject + "=enabled.");
  prometheus::Gauge& complaints =
      gauge("initscan_policy_complaints", "Policies that cannot be read, and exemptions that are not allowed.");
  prometheus::Gauge& lost_events = gauge("initscan_events_lost", "Events that could not be queued since the start.");
  prometheus::Gauge& leader = gauge("initscan_leader", "1 for the replica that keeps certificates and policies.");

  prometheus::Gauge& gauge(const char* name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
};

InjectorMetrics::InjectorMetrics() : parts_(std::make_unique<Parts>()) {
  prometheus::BuildGauge()
      .Name("initscan_build_info")
      .Help("1, with the version as a label.")
      .Register(parts_->registry)
      .Add({{"version", kVersion}})
      .Set(1);
  // Present from the start, so that a rate over them includes the first one.
  for (const auto& [decision, reason] :
       {std::pair{Decision::patched, Reason::injected}, std::pair{Decision::allowed, Reason::unchanged},
        std::pair{Decision::denied, Reason::not_final}}) {
    parts_->requests.Add(labels_of(decision, reason));
  }
  for (const RefusalReason reason : kRefusalReasons) parts_->refusals.Add({{"reason", std::string(to_string(reason))}});
}

InjectorMetrics::~InjectorMetrics() = default;

void InjectorMetrics::count(const ReviewAnswer& answer, std::chrono::duration<double> took) {
  parts_->requests.Add(labels_of(answer.decision, answer.reason)).Increment();
  parts_->duration.Observe(took.count());
}

void InjectorMetrics::count(RefusalReason reason) {
  parts_->refusals.Add({{"reason", std::string(to_string(reason))}}).Increment();
}

std::string InjectorMetrics::text(std::chrono::sys_seconds expiry, const ClusterFigures& cluster) const {
  for (const ClusterFigures::Watch& watch : cluster.watches) {
    parts_->watch_age.Add({{"resource", watch.resource}}).Set(static_cast<double>(watch.age.count()));
  }
  parts_->namespaces.Set(static_cast<double>(cluster.namespaces));
  parts_->complaints.Set(static_cast<double>(cluster.complaints));
  parts_->lost_events.Set(static_cast<double>(cluster.lost_events));
  parts_->leader.Set(cluster.leader ? 1 : 0);
  parts_->certificate_expiry.Set(std::chrono::duration<double>(expiry - std::chrono::system_clock::now()).count());
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect());
}

}  // namespace initscan::injector
