#include "injector/doctor/version.h"

#include "common/json/parts.h"
#include "injector/doctor/forbidden.h"

#include <charconv>

namespace initscan::injector {
namespace {

constexpr const char* kServer = "api-server";
constexpr int kOldestMinor = 30;  // ValidatingAdmissionPolicy and a webhook's matchConditions are stable

int minor_of(const nlohmann::json& version) {
  const std::string major = text_in(version, "major");
  const std::string minor = text_in(version, "minor");  // "27+" on some clouds
  int number = 0;
  std::from_chars(minor.data(), minor.data() + minor.size(), number);
  return major == "1" ? number : 0;
}

}  // namespace

CheckItem judge_version(const nlohmann::json& version, const Result<Mode>& best, ModeWish wish) {
  const std::string name = "Kubernetes " + text_in(version, "gitVersion");
  if (minor_of(version) < kOldestMinor) {
    return CheckItem::error(kServer, name + " lacks the policies that keep unscanned pods out",
                            "upgrade to 1.30 or later");
  }
  if (!best) {
    if (wish == ModeWish::copy) return CheckItem::ok(kServer, name + ", mode copy");
    Failure failure = failure_of(best.error(), right_to("list", "/api/v1/nodes"));
    failure.text.insert(0, name + ": whether its nodes mount image volumes is not known: ");
    return not_known(kServer, failure);
  }
  if (wish == ModeWish::volume && *best == Mode::copy) {
    return CheckItem::error(
        kServer, name + ": mode volume is set, but not every node mounts image volumes",
        "set --mode=auto; volume needs Kubernetes 1.35 with containerd 2.1 or CRI-O 1.33 on every node");
  }
  return CheckItem::ok(kServer, name + (wish == ModeWish::automatic ? ", mode auto is " : ", mode ") +
                                    std::string(to_string(settled(wish, *best))));
}

}  // namespace initscan::injector
