#include "injector/cluster/pod_event.h"

#include "common/names.h"
#include "injector/inject/patch.h"

namespace initscan::injector {

std::optional<PodEvent> event_about(const Pod& pod, const InjectorConfig& config) {
  const auto change = patch_pod(pod, config);
  const auto is = [&](Reason reason) { return change && change->reason == reason; };
  if (is(Reason::windows)) return PodEvent{"InjectionSkipped", "initscan does not scan Windows pods"};
  if (is(Reason::architecture)) {
    return PodEvent{"InjectionSkipped", "it runs on nodes of an architecture that initscan's image is not built for"};
  }
  if (is(Reason::opted_out)) {
    return PodEvent{"InjectionSkipped",
                    std::string("it is labelled ") + names::kInject + "=disabled, and the policy allows that"};
  }
  const bool is_as_made = change && change->is_final();
  if (is_as_made || pod.opt_out != "disabled") return std::nullopt;
  return PodEvent{"ScanBypassed",
                  std::string("it was started without a scan: it is labelled ") + names::kInject +
                      "=disabled, and who did it may bypass " + names::kPolicyResource +
                      "; the API server's audit log has the name",
                  true};
}

}  // namespace initscan::injector
