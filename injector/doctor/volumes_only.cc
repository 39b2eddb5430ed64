#include "injector/doctor/volumes_only.h"

#include "common/json/parts.h"

namespace initscan::injector {
namespace {

constexpr const char* kItem = "volumes-only";
constexpr const char* kWhere = "set both: the component volumes-only, or volumesOnly of the chart";

CheckItem judge_unset(const Result<Mode>& best) {
  const std::string fact = "not set: a program runs inside of an image that cannot be mounted";
  if (!best) return CheckItem::ok(kItem, fact);
  return CheckItem::ok(kItem, fact + (*best == Mode::volume ? "; every node here mounts images, so it can be set"
                                                            : "; not every node here mounts images"));
}

CheckItem judge_set(const Result<Mode>& best) {
  if (!best) return not_known(kItem, "set, but whether every node mounts images is not known: " + best.error().text);
  if (*best == Mode::volume) return CheckItem::ok(kItem, "set, and every node mounts images");
  return CheckItem::error(
      kItem, "set, but not every node mounts images: where one does not, pods do not start",
      "bring Kubernetes 1.35 with containerd 2.1 or CRI-O 1.33 to every node, or remove volumes-only");
}

}  // namespace

CheckItem judge_volumes_only(const Found& deployment, const DeployedArguments& said, const Found& parameters,
                             const Result<Mode>& best) {
  if (!parameters.failure.empty()) return not_known(kItem, parameters.failure);
  if (!deployment.failure.empty()) return not_known(kItem, deployment.failure);
  const bool is_demanded = text_in(object_in(parameters.object, "data"), "volumesOnly") == "true";
  const bool is_kept = said.volumes_only;
  if (is_kept && parameters.exists() && !is_demanded) {
    return CheckItem::warning(kItem,
                              "the injector adds no collector, but a pod that brings one itself is admitted: "
                              "volumesOnly is not true in the ConfigMap",
                              kWhere);
  }
  if (is_demanded && deployment.exists() && !is_kept) {
    return CheckItem::warning(kItem,
                              "pods that get a collector are denied, but not told which image needs it: the "
                              "injector runs without --volumes-only",
                              kWhere);
  }
  return is_kept || is_demanded ? judge_set(best) : judge_unset(best);
}

}  // namespace initscan::injector
