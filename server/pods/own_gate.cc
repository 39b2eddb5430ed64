#include "server/pods/own_gate.h"

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace initscan::server {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

using std::string_literals::operator""s;

constexpr std::int64_t kUser = 65532;
constexpr std::size_t kMaxNumberDigits = 3;

bool is_own(const Json& named) {
  return text_in(named, "name").starts_with(names::kReserved);
}

bool is_collector(const std::string& name) {
  return name.starts_with(names::kCollect);
}

// "0" of "initscan-collect-0"; "" of what is no number.
std::string number_in_name(const std::string& name, std::string_view start) {
  const std::string number = name.substr(std::min(start.size(), name.size()));
  const bool is_number = number.size() <= kMaxNumberDigits && std::all_of(number.begin(), number.end(), is_digit);
  return is_number ? number : "";
}

// nullopt where one of them is no text.
std::optional<Words> words_in(const Json& container, const char* key) {
  Words words;
  for (const Json& word : list_in(container, key)) {
    if (!word.is_string()) return std::nullopt;
    words.push_back(word.get<std::string>());
  }
  return words;
}

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
std::string other_key(const Json& object, const std::array<std::string_view, N>& known) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) return key;
  }
  return {};
}

// Where the cluster assigns users, there is none.
bool is_own_user(const Json& context, const char* key) {
  return !context.contains(key) || number_in(context, key) == kUser;
}

bool has_own_security(const Json& container) {
  constexpr std::array<std::string_view, 10> kKnown{
      "allowPrivilegeEscalation", "appArmorProfile", "capabilities", "privileged",
      "readOnlyRootFilesystem",   "runAsGroup",      "runAsNonRoot", "runAsUser",
      "seLinuxOptions",           "seccompProfile"};
  const Json& context = object_in(container, "securityContext");
  const Json& se_linux = object_in(context, "seLinuxOptions");
  return other_key(context, kKnown).empty() && !flag_in(context, "allowPrivilegeEscalation", true) &&
         flag_in(context, "readOnlyRootFilesystem") && flag_in(context, "runAsNonRoot") &&
         (!context.contains("privileged") || !flag_in(context, "privileged", true)) &&
         is_own_user(context, "runAsUser") && is_own_user(context, "runAsGroup") &&
         object_in(context, "capabilities") == Json{{"drop", {"ALL"}}} &&
         object_in(context, "seccompProfile") == Json{{"type", "RuntimeDefault"}} &&
         (!context.contains("appArmorProfile") || context["appArmorProfile"] == Json{{"type", "RuntimeDefault"}}) &&
         (!context.contains("seLinuxOptions") || text_in(se_linux, "type") == "container_t");
}

// Where a volume is mounted in one of our containers; "" where it is not.
std::string place_of(const std::string& volume, const std::string& container) {
  const bool is_gate = container == names::kGate;
  if (volume == names::kBinVolume) return is_gate ? "" : names::kBinMount;
  if (volume == names::kSealVolume) return is_collector(container) ? "" : names::kSealMount;
  if (volume == names::kIndexVolume) return is_gate ? names::kIndexMount : "";
  if (volume.starts_with(names::kImageVolume)) {
    return is_gate ? names::kImageMounts + volume.substr(names::kImageVolume.size()) : "";
  }
  if (!volume.starts_with(names::kSbomVolume)) return "";
  const std::string number = volume.substr(names::kSbomVolume.size());
  return is_gate || container == std::string(names::kCollect) + number ? names::kSbomMounts + number : "";
}

bool is_own_mount(const Json& mount, const std::string& container) {
  constexpr std::array<std::string_view, 3> kKnown{"name", "mountPath", "readOnly"};
  const std::string path = text_in(mount, "mountPath");
  if (path.empty() || !other_key(mount, kKnown).empty()) return false;
  if (path == names::kTokenMount) return true;
  const std::string volume = text_in(mount, "name");
  const bool writes = !flag_in(mount, "readOnly");
  const bool may_write =
      container == names::kInstall || (is_collector(container) && volume.starts_with(names::kSbomVolume));
  return path == place_of(volume, container) && (!writes || may_write);
}

bool mounts(const Json& container, const std::string& volume) {
  const Json& all = list_in(container, "volumeMounts");
  return std::any_of(all.begin(), all.end(), [&](const Json& mount) { return text_in(mount, "name") == volume; });
}

std::string of_container(const Json& container, std::string_view what) {
  return text_in(container, "name") + ": " + std::string(what);
}

// What holds for each of ours.
std::string container_problem(const Json& container, const Words& scanner_images) {
  constexpr std::array<std::string_view, 12> kKnown{"name",
                                                    "image",
                                                    "imagePullPolicy",
                                                    "command",
                                                    "args",
                                                    "workingDir",
                                                    "resources",
                                                    "resizePolicy",
                                                    "securityContext",
                                                    "terminationMessagePath",
                                                    "terminationMessagePolicy",
                                                    "volumeMounts"};
  const std::string name = text_in(container, "name");
  if (!other_key(container, kKnown).empty()) return of_container(container, "it has a setting more");
  if (is_collector(name)) {
    if (value_in(container, "command") != Json{names::kCollectorFile}) return of_container(container, "its command");
  } else if (container.contains("command") || !has(scanner_images, text_in(container, "image"))) {
    return of_container(container, "its image is not initscan's");
  }
  if (text_in(container, "workingDir") != "/" ||
      text_in(container, "terminationMessagePath") != names::kTerminationLog ||
      object_in(container, "resources").contains("claims") || !has_own_security(container)) {
    return of_container(container, "its settings are not the injector's");
  }
  for (const Json& mount : list_in(container, "volumeMounts")) {
    if (!is_own_mount(mount, name)) return of_container(container, "its mounts are not the injector's");
  }
  return {};
}

std::string install_problem(const Json& container) {
  const Words before{"install", "--to="s + names::kBinMount};  // seals came later
  Words now = before;
  now.push_back("--seal="s + names::kSealMount);
  const auto args = words_in(container, "args");
  return args == before || args == now ? "" : of_container(container, "its arguments are not the injector's");
}

std::string sbom_file(const std::string& number) {
  return names::kSbomMounts + number + names::kSbomFile;
}

std::string collector_problem(const Json& container) {
  const std::string number = number_in_name(text_in(container, "name"), names::kCollect);
  const Words before{"--root=/", "--output=" + sbom_file(number)};
  Words now = before;
  now.push_back("--seal="s + names::kCollectorNonce);
  const auto args = words_in(container, "args");
  const bool is_as_made = !number.empty() && (args == before || args == now) && mounts(container, names::kBinVolume) &&
                          mounts(container, std::string(names::kSbomVolume) + number);
  return is_as_made ? "" : of_container(container, "its arguments are not the injector's");
}

// What the gate's arguments say, each once.
struct GateArguments {
  std::map<std::string, std::string, std::less<>> images;   // by number
  std::map<std::string, std::string, std::less<>> folders;  // the same: of --rootfs
  std::map<std::string, std::string, std::less<>> sboms;    // the same
  std::map<std::string, std::string, std::less<>> others;   // by option
};

std::optional<GateArguments> read_arguments(const Words& args) {
  if (args.empty() || args.front() != "gate") return std::nullopt;
  GateArguments read;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::size_t equals = std::min(args[i].find('='), args[i].size());
    const std::string option = args[i].substr(0, equals);
    const std::string value = args[i].substr(std::min(equals + 1, args[i].size()));
    auto* const numbered = option == "--image"    ? &read.images
                           : option == "--rootfs" ? &read.folders
                           : option == "--sbom"   ? &read.sboms
                                                  : nullptr;
    const std::size_t second = numbered == nullptr ? 0 : value.find('=');
    if (second == value.npos) return std::nullopt;
    const bool is_new = numbered == nullptr
                            ? read.others.emplace(option, value).second
                            : numbered->emplace(value.substr(0, second), value.substr(second + 1)).second;
    if (!is_new) return std::nullopt;
  }
  return read;
}

bool has_only_own_options(const GateArguments& args) {
  static const std::map<std::string, std::string, std::less<>> kFixed{
      {"--db", names::kIndexFile}, {"--seal", names::kGateNonce}, {"--termination-log", names::kTerminationLog}};
  return std::all_of(args.others.begin(), args.others.end(), [](const auto& option) {
    const auto fixed = kFixed.find(option.first);
    if (fixed != kFixed.end()) return fixed->second == option.second;
    return option.first == "--policy-inline" || option.first == "--policy-sha256";
  });
}

std::string option_in(const GateArguments& args, std::string_view option) {
  const auto found = args.others.find(option);
  return found == args.others.end() ? std::string() : found->second;
}

bool has_its_policy(const GateArguments& args) {
  const auto policy = base64_decode(option_in(args, "--policy-inline"));
  return policy && !policy->empty() && sha256_hex(*policy) == option_in(args, "--policy-sha256");
}

const Json* find_named(const Json& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Json& one) { return text_in(one, "name") == name; });
  return found == list.end() ? nullptr : &*found;
}

// What stands behind an image of the arguments; nullopt where it is not what they say.
std::optional<GatedImage> gated_image(const Json& pod_spec, const GateArguments& args, const std::string& number,
                                      const std::string& reference) {
  const Json& containers = list_in(pod_spec, "initContainers");
  const Json& gate = *find_named(containers, names::kGate);
  const auto sbom = args.sboms.find(number);
  const auto folder = args.folders.find(number);
  if ((sbom == args.sboms.end()) == (folder == args.folders.end())) return std::nullopt;
  if (sbom != args.sboms.end()) {
    const Json* const collector = find_named(containers, std::string(names::kCollect) + number);
    const bool is_read = collector != nullptr && text_in(*collector, "image") == reference &&
                         sbom->second == sbom_file(number) && mounts(gate, std::string(names::kSbomVolume) + number);
    return is_read ? std::optional(GatedImage{number, reference, true}) : std::nullopt;
  }
  const std::string volume = std::string(names::kImageVolume) + number;
  const Json* const mounted = find_named(list_in(pod_spec, "volumes"), volume);
  const bool is_mounted = mounted != nullptr && text_in(object_in(*mounted, "image"), "reference") == reference &&
                          folder->second == names::kImageMounts + number && mounts(gate, volume);
  return is_mounted ? std::optional(GatedImage{number, reference, false}) : std::nullopt;
}

// Gates of before there were seals ask for none, and neither do the containers before them; where one does, all do.
bool is_sealed_as_a_whole(const std::vector<const Json*>& own, const GateArguments& args) {
  const bool is_sealed = args.others.contains("--seal");
  return std::all_of(own.begin(), std::prev(own.end()), [is_sealed](const Json* container) {
    const auto words = words_in(*container, "args");
    return words && std::any_of(words->begin(), words->end(),
                                [](const std::string& word) { return word.starts_with("--seal="); }) == is_sealed;
  });
}

std::string gate_problem(const Json& spec, const std::vector<const Json*>& own, OwnGate& gate) {
  const Json& container = *own.back();
  const auto words = words_in(container, "args");
  const auto args = words ? read_arguments(*words) : std::nullopt;
  if (!args || !has_only_own_options(*args) || args->images.empty() ||
      args->images.size() != args->sboms.size() + args->folders.size() ||
      option_in(*args, "--termination-log").empty()) {
    return of_container(container, "its arguments are not the injector's");
  }
  if (!has_its_policy(*args)) return of_container(container, "its policy does not match its hash");
  const bool has_index = find_named(list_in(spec, "volumes"), names::kIndexVolume) != nullptr;
  if (args->others.contains("--db") != has_index) return of_container(container, "its index is not the injector's");
  for (const auto& [number, reference] : args->images) {
    auto image = gated_image(spec, *args, number, reference);
    if (!image) return of_container(container, "what it scans as image " + number + " is not what it is told");
    gate.images.push_back(std::move(*image));
  }
  const auto collectors =
      std::count_if(own.begin(), own.end(), [](const Json* one) { return is_collector(text_in(*one, "name")); });
  if (static_cast<std::size_t>(collectors) != args->sboms.size() || !is_sealed_as_a_whole(own, *args)) {
    return of_container(container, "it does not read each SBOM with its seal");
  }
  gate.leaves_its_own_message = text_in(container, "terminationMessagePolicy") == "File";
  return {};
}

bool is_own_volume(const Json& volume) {
  const std::string name = text_in(volume, "name");
  const bool is_image = name.starts_with(names::kImageVolume) || name == names::kIndexVolume;
  if (is_image) return volume.contains("image");
  return volume.contains("emptyDir") &&
         (name == names::kBinVolume || name == names::kSealVolume || name == names::kNoTokenVolume ||
          name.starts_with(names::kSbomVolume) || name.starts_with(names::kWritableVolume));
}

// What is ours is in nobody else's hands.
std::string others_problem(const Json& spec) {
  for (const Json& volume : list_in(spec, "volumes")) {
    if (is_own(volume) && !is_own_volume(volume)) return "its volumes are not the injector's";
  }
  for (const char* const kind : {"initContainers", "containers", "ephemeralContainers"}) {
    const bool are_first = kind == "initContainers"s;
    for (const Json& container : list_in(spec, kind)) {
      if (is_own(container)) {
        if (are_first) continue;
        return of_container(container, "it is not an init container");
      }
      for (const Json& mount : list_in(container, "volumeMounts")) {
        const std::string volume = text_in(mount, "name");
        if (volume.starts_with(names::kReserved) && !volume.starts_with(names::kWritableVolume)) {
          return of_container(container, "it mounts what is initscan's");
        }
      }
    }
  }
  return {};
}

// Install and collectors, where there are any, then the gate, and only then anybody else.
bool are_in_order(const std::vector<const Json*>& own, const Json& containers) {
  if (own.empty() || own.size() > kMaxOwnContainers || text_in(*own.back(), "name") != names::kGate) return false;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (own[i] != &containers[i]) return false;
  }
  if (own.size() == 1) return true;
  return text_in(*own.front(), "name") == names::kInstall &&
         std::all_of(std::next(own.begin()), std::prev(own.end()),
                     [](const Json* one) { return is_collector(text_in(*one, "name")); });
}

std::string problem_of(const Json& spec, const std::vector<const Json*>& own, const Words& scanner_images,
                       OwnGate& gate) {
  if (!are_in_order(own, list_in(spec, "initContainers"))) return "its containers are not first and in order";
  for (const Json* const container : own) {
    std::string problem = container_problem(*container, scanner_images);
    const std::string name = text_in(*container, "name");
    if (problem.empty() && name == names::kInstall) problem = install_problem(*container);
    if (problem.empty() && is_collector(name)) problem = collector_problem(*container);
    if (!problem.empty()) return problem;
  }
  if (std::string problem = gate_problem(spec, own, gate); !problem.empty()) return problem;
  return others_problem(spec);
}

}  // namespace

GateCheck check_gate(const Json& pod, const Words& scanner_images) {
  const Json& spec = object_in(pod, "spec");
  std::vector<const Json*> own;
  for (const Json& container : list_in(spec, "initContainers")) {
    if (is_own(container)) own.push_back(&container);
  }
  GateCheck check;
  if (own.empty()) return check;
  OwnGate gate;
  check.problem = problem_of(spec, own, scanner_images, gate);
  if (check.problem.empty()) check.gate = std::move(gate);
  return check;
}

}  // namespace initscan::server
