#include "injector/cluster/settings_from_folder.h"

#include "common/config/from_yaml.h"
#include "common/file_io.h"
#include "initscan/policy/policy_file.h"

#include <algorithm>
#include <filesystem>

namespace initscan::injector {
namespace {

namespace fs = std::filesystem;

Result<void> take(const ConfigNode& object, ClusterSettings& settings) {
  const std::string kind = text_in(object, "kind");
  const bool needs_namespace = kind == "ScanPolicy" || kind == "ScanExemption";
  if (kind != "ClusterScanPolicy" && !needs_namespace) {
    return at_place(object.place, "kind is \"" + kind + "\"; want ClusterScanPolicy, ScanPolicy or ScanExemption");
  }
  if (name_of(object).empty() || (needs_namespace && namespace_of(object).empty())) {
    return at_place(object.place, kind + ": want metadata.name" + (needs_namespace ? " and metadata.namespace" : ""));
  }
  const std::size_t before = settings.complaints().size();
  settings.put(kind == "ScanPolicy"      ? SettingsKind::namespace_policy
               : kind == "ScanExemption" ? SettingsKind::exemption
                                         : SettingsKind::cluster_policy,
               object);
  const auto complaints = settings.complaints();
  if (complaints.size() > before) return Error{Errc::malformed, complaints.front()};
  return {};
}

}  // namespace

Result<void> read_policy_folder(const std::string& folder, ClusterSettings& settings) {
  std::error_code ec;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const std::string suffix = entry.path().extension().string();
    if (suffix == ".yaml" || suffix == ".yml" || suffix == ".json") paths.push_back(entry.path().string());
  }
  if (ec) return Error{Errc::io, folder + ": cannot list: " + ec.message()};
  if (paths.size() > kMaxPolicyFiles) {
    return Error{Errc::over_limit, folder + ": more than " + std::to_string(kMaxPolicyFiles) + " files"};
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    const auto text = read_file(path, kMaxPolicyBytes);
    if (!text) return Error{text.error()}.within(path);
    const auto documents = config_documents(*text, kMaxPolicyBytes);
    if (!documents) return Error{documents.error()}.within(path);
    for (const ConfigNode& document : *documents) {
      if (document.kind == ConfigKind::null) continue;
      if (auto taken = take(document, settings); !taken) { return std::move(taken).error().within(path); }
    }
  }
  return {};
}

}  // namespace initscan::injector
