// Policies, exemptions and namespaces of any shape, as an API server or a folder may hold them: each is taken or
// complained of, and a status follows from it.
#include "injector/cluster/settings.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using initscan::injector::SettingsKind;
  const auto object = nlohmann::json::parse(data, data + size, nullptr, false);
  if (object.is_discarded()) return 0;
  initscan::injector::ClusterSettings settings{
      {}, {}, initscan::injector::ModeWish::automatic, initscan::injector::Mode::copy};
  for (const auto kind : {SettingsKind::namespace_, SettingsKind::cluster_policy, SettingsKind::namespace_policy,
                          SettingsKind::exemption}) {
    settings.put(kind, object);
  }
  if (!settings.for_namespace("shop")) std::abort();
  for (const auto& update : settings.status_updates({})) {
    if (!update.status["conditions"].is_array()) std::abort();
  }
  return 0;
}
