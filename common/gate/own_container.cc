#include "common/gate/own_container.h"

#include "common/names.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <optional>

namespace initscan {
namespace {

using std::string_literals::operator""s;

constexpr std::size_t kMaxNumberDigits = 3;

struct Value {
  std::string_view words;  // "": anything
  bool is_text = false;
};

constexpr Value kAnything{"", false};

constexpr Value text(std::string_view words) {
  return {words, true};
}

constexpr Value literal(std::string_view words) {
  return {words, false};
}

// What a container of the injector's may say; a path that ends with a slash is that of all below it.
struct OwnSetting {
  std::string_view path;
  Value value;
  bool is_always_there = false;
};

constexpr std::array<OwnSetting, 24> kOwnSettings{{
    {"workingDir", text("/"), true},
    {"terminationMessagePath", text(names::kTerminationLog)},  // and the API's default
    {"terminationMessagePolicy", kAnything},                   // earlier gates left the end of their log
    {"imagePullPolicy", kAnything},
    {"resizePolicy/", kAnything},
    {"resources", literal("{}")},
    // A device's driver could mount files.
    {"resources/limits", literal("{}")},
    {"resources/limits/cpu", kAnything},
    {"resources/limits/memory", kAnything},
    {"resources/limits/ephemeral-storage", kAnything},
    {"resources/requests", literal("{}")},
    {"resources/requests/cpu", kAnything},
    {"resources/requests/memory", kAnything},
    {"resources/requests/ephemeral-storage", kAnything},
    {"securityContext/allowPrivilegeEscalation", literal("false"), true},
    {"securityContext/capabilities/drop/0", text("ALL"), true},
    {"securityContext/privileged", literal("false")},
    {"securityContext/readOnlyRootFilesystem", literal("true"), true},
    {"securityContext/runAsNonRoot", literal("true"), true},
    {"securityContext/runAsUser", literal("65532")},  // none where the cluster assigns users
    {"securityContext/runAsGroup", literal("65532")},
    {"securityContext/seccompProfile/type", text("RuntimeDefault"), true},
    {"securityContext/appArmorProfile/type", text("RuntimeDefault")},
    {"securityContext/seLinuxOptions/type", text("container_t")},
}};
constexpr std::string_view kSeLinuxType = "securityContext/seLinuxOptions/type";
constexpr std::string_view kSeLinuxLevel = "securityContext/seLinuxOptions/level";  // only with a type

const Setting* find_setting(const ContainerShape& container, std::string_view path) {
  const auto found = std::find_if(container.settings.begin(), container.settings.end(),
                                  [path](const Setting& setting) { return setting.path == path; });
  return found == container.settings.end() ? nullptr : &*found;
}

bool is_own_setting(const Setting& setting, const ContainerShape& container) {
  if (setting.path == kSeLinuxLevel) return find_setting(container, kSeLinuxType) != nullptr;
  return std::any_of(kOwnSettings.begin(), kOwnSettings.end(), [&](const OwnSetting& own) {
    const bool is_it = own.path.ends_with('/') ? setting.path.starts_with(own.path) : setting.path == own.path;
    const bool is_anything = own.value.words.empty();
    return is_it && (is_anything || (own.value.words == setting.value && own.value.is_text == setting.is_text));
  });
}

// The key of the container that is not as it should be; "" where all are.
std::string foreign_key(const ContainerShape& container) {
  const auto key_of = [](std::string_view path) { return std::string(path.substr(0, path.find('/'))); };
  for (const Setting& setting : container.settings) {
    if (!is_own_setting(setting, container)) return key_of(setting.path);
  }
  for (const OwnSetting& own : kOwnSettings) {
    if (own.is_always_there && find_setting(container, own.path) == nullptr) return key_of(own.path);
  }
  return !container.command.empty() && !is_collector(container) ? "command" : "";
}

// Where a volume belongs in one of our containers; "" where it does not.
std::string place_of(std::string_view volume, const ContainerShape& container) {
  const bool is_gate = container.name == names::kGate;
  if (volume == names::kBinVolume) return is_gate ? "" : names::kBinMount;
  if (volume == names::kSealVolume) return is_collector(container) ? "" : names::kSealMount;
  if (volume == names::kIndexVolume) return is_gate ? names::kIndexMount : "";
  if (volume == names::kServerTokenVolume) return is_gate ? names::kServerTokenMount : "";
  if (volume.starts_with(names::kImageVolume)) {
    return is_gate ? names::kImageMounts + std::string(volume.substr(names::kImageVolume.size())) : "";
  }
  if (!volume.starts_with(names::kSbomVolume)) return "";
  const std::string number(volume.substr(names::kSbomVolume.size()));
  const bool is_its_collector = is_collector(container) && number_of(container) == number;
  return is_gate || is_its_collector ? names::kSbomMounts + number : "";
}

bool is_own_mount(const MountShape& mount, const ContainerShape& container) {
  if (mount.says_more || mount.path.empty()) return false;
  if (mount.path == names::kTokenMount) return mount.read_only;
  const bool may_write =
      container.name == names::kInstall || (is_collector(container) && mount.volume.starts_with(names::kSbomVolume));
  return mount.path == place_of(mount.volume, container) && (mount.read_only || may_write);
}

// Seals came later than the arguments before them.
bool is_with_or_without_seal(const std::vector<std::string>& args, std::vector<std::string> own, const char* seal) {
  if (args == own) return true;
  own.push_back("--seal="s + seal);
  return args == own;
}

std::string install_problem(const ContainerShape& install) {
  const bool is_own =
      is_with_or_without_seal(install.args, {"install", "--to="s + names::kBinMount}, names::kSealMount);
  return is_own ? "" : of_container(install, "args are not the injector's");
}

std::string collector_problem(const ContainerShape& collector) {
  const std::string number = number_of(collector);
  if (number.empty()) return of_container(collector, "its name is not one of the injector's");
  if (collector.command != std::vector{std::string(names::kCollectorFile)} ||
      !is_with_or_without_seal(collector.args, {"--root=/", "--output=" + sbom_file_of(number)},
                               names::kCollectorNonce)) {
    return of_container(collector, "command or args are not the injector's");
  }
  return has_mount_of(collector, names::kBinVolume) && has_mount_of(collector, std::string(names::kSbomVolume) + number)
             ? ""
             : of_container(collector, "it does not mount what the injector gives it");
}

}  // namespace

bool is_collector(const ContainerShape& container) {
  return container.name.starts_with(names::kCollect);
}

std::string number_of(const ContainerShape& collector) {
  const std::string number = collector.name.substr(names::kCollect.size());
  const bool is_number = number.size() <= kMaxNumberDigits && std::all_of(number.begin(), number.end(), is_digit);
  return is_number ? number : "";
}

std::string sbom_file_of(const std::string& number) {
  return names::kSbomMounts + number + names::kSbomFile;
}

bool has_mount_of(const ContainerShape& container, std::string_view volume) {
  return std::any_of(container.mounts.begin(), container.mounts.end(),
                     [volume](const MountShape& mount) { return mount.volume == volume; });
}

std::string of_container(const ContainerShape& container, std::string_view what) {
  return container.name + ": " + std::string(what);
}

std::string container_problem(const ContainerShape& container) {
  if (const std::string key = foreign_key(container); !key.empty()) {
    return of_container(container, key + " is not the injector's");
  }
  for (const MountShape& mount : container.mounts) {
    if (!is_own_mount(mount, container)) {
      return of_container(container, "volumeMounts[" + mount.path + "] is not the injector's");
    }
  }
  if (container.name == names::kInstall) return install_problem(container);
  return is_collector(container) ? collector_problem(container) : "";
}

}  // namespace initscan
