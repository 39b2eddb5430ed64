#include "common/kube/config.h"

#include "common/crypto/base64.h"
#include "common/file_io.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>

#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;

std::string text_of(const YAML::Node& node, const char* key) {
  if (!node.IsMap()) return {};
  const YAML::Node value = node[key];
  return value && value.IsScalar() ? value.Scalar() : std::string();
}

// The entry of a kubeconfig's list (clusters, users, contexts) with that name.
std::optional<YAML::Node> named(const YAML::Node& root, const char* list, const char* inner, const std::string& name) {
  const YAML::Node entries = root[list];
  if (!entries || !entries.IsSequence()) return std::nullopt;
  for (const YAML::Node& entry : entries) {
    if (text_of(entry, "name") != name) continue;
    const YAML::Node found = entry[inner];
    if (found && found.IsMap()) return found;
  }
  return std::nullopt;
}

Error without(const char* list, const std::string& name) {
  return {Errc::malformed, std::string(list) + ": no \"" + name + '"'};
}

// The bytes that are in KEY-data as base64, or in the file that KEY names.
Result<std::string> data_of(const YAML::Node& node, const std::string& key, const std::string& folder) {
  if (const std::string data = text_of(node, (key + "-data").c_str()); !data.empty()) {
    auto bytes = base64_decode(data);
    if (!bytes) return Error{Errc::malformed, key + "-data: not base64"};
    return std::move(*bytes);
  }
  const std::string file = text_of(node, key.c_str());
  if (file.empty()) return std::string();
  const std::string path = (fs::path(folder) / file).string();
  auto bytes = read_file(path, kMaxKubeconfigBytes);
  if (!bytes) return std::move(bytes).error().within(path);
  return bytes;
}

Result<void> read_cluster(const YAML::Node& cluster, const std::string& folder, KubeConfig& config) {
  if (auto url = read_server_url(text_of(cluster, "server"), config); !url) return url;
  if (text_of(cluster, "insecure-skip-tls-verify") == "true") {
    return Error{Errc::unsupported,
                 "insecure-skip-tls-verify is not honoured; put the authority into certificate-authority"};
  }
  if (!text_of(cluster, "proxy-url").empty()) return Error{Errc::unsupported, "proxy-url is not supported"};
  config.server_name = text_of(cluster, "tls-server-name");
  auto ca = data_of(cluster, "certificate-authority", folder);
  if (!ca) return ca.error();
  config.ca_pem = std::move(*ca);
  return {};
}

// What goes into a header unchanged.
Result<std::string> header_value(const YAML::Node& value, const char* key) {
  if (!value.IsScalar()) return Error{Errc::malformed, std::string(key) + ": want text"};
  const std::string& text = value.Scalar();
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return Error{Errc::malformed, std::string(key) + ": holds a line break or another control character"};
  }
  return text;
}

Result<void> read_values(const YAML::Node& list, const char* key, const std::function<void(std::string)>& add) {
  if (!list || list.IsNull()) return {};
  if (!list.IsSequence()) return Error{Errc::malformed, std::string(key) + ": want a list"};
  for (const YAML::Node& item : list) {
    auto value = header_value(item, key);
    if (!value) return value.error();
    add(std::move(*value));
  }
  return {};
}

// The keys as, as-uid, as-groups and as-user-extra, as kubectl honours them.
Result<void> read_impersonation(const YAML::Node& user, Impersonation& as) {
  for (const auto& [key, place] : {std::pair{"as", &as.user}, std::pair{"as-uid", &as.uid}}) {
    const YAML::Node value = user[key];
    if (!value || value.IsNull()) continue;
    auto text = header_value(value, key);
    if (!text) return text.error();
    *place = std::move(*text);
  }
  auto read =
      read_values(user["as-groups"], "as-groups", [&](std::string group) { as.groups.push_back(std::move(group)); });
  if (!read) return read;
  if (const YAML::Node extra = user["as-user-extra"]; extra && !extra.IsNull()) {
    if (!extra.IsMap()) return Error{Errc::malformed, "as-user-extra: want a mapping"};
    for (const auto& entry : extra) {
      auto key = header_value(entry.first, "as-user-extra");
      if (!key) return key.error();
      read = read_values(entry.second, "as-user-extra",
                         [&](std::string value) { as.extra.emplace_back(*key, std::move(value)); });
      if (!read) return read;
    }
  }
  if (as.user.empty() && as != Impersonation{}) {
    return Error{Errc::malformed, "as-uid, as-groups and as-user-extra want an \"as\" beside them"};
  }
  return {};
}

Result<void> read_user(const YAML::Node& user, const std::string& folder, KubeConfig& config) {
  for (const char* const plugin : {"exec", "auth-provider"}) {
    if (user[plugin]) {
      return Error{Errc::unsupported,
                   std::string(plugin) + ": credential plugins are not run; use a token (kubectl create token NAME)"};
    }
  }
  if (auto read = read_impersonation(user, config.as); !read) return read;
  config.token = text_of(user, "token");
  if (const std::string file = text_of(user, "tokenFile"); !file.empty()) {
    config.token_file = (fs::path(folder) / file).string();
  }
  auto certificate = data_of(user, "client-certificate", folder);
  if (!certificate) return certificate.error();
  auto key = data_of(user, "client-key", folder);
  if (!key) return key.error();
  if (certificate->empty() != key->empty()) {
    return Error{Errc::malformed, "want client-certificate and client-key, or neither"};
  }
  config.client_certificate_pem = std::move(*certificate);
  config.client_key_pem = std::move(*key);
  return {};
}

Result<KubeConfig> read_context(const YAML::Node& root, const std::string& folder, std::string name) {
  if (!root.IsMap()) return Error{Errc::malformed, "want a kubeconfig: a mapping"};
  if (name.empty()) name = text_of(root, "current-context");
  if (name.empty()) return Error{Errc::malformed, "no current-context; name one with --context"};
  const auto context = named(root, "contexts", "context", name);
  if (!context) return without("contexts", name);
  const auto cluster = named(root, "clusters", "cluster", text_of(*context, "cluster"));
  if (!cluster) return without("clusters", text_of(*context, "cluster"));

  KubeConfig config;
  config.context = name;
  if (const std::string space = text_of(*context, "namespace"); !space.empty()) config.namespace_ = space;
  if (auto read = read_cluster(*cluster, folder, config); !read) {
    return std::move(read).error().within("cluster " + text_of(*context, "cluster"));
  }
  if (const std::string user_name = text_of(*context, "user"); !user_name.empty()) {
    const auto user = named(root, "users", "user", user_name);
    if (!user) return without("users", user_name);
    if (auto read = read_user(*user, folder, config); !read) {
      return std::move(read).error().within("user " + user_name);
    }
  }
  return config;
}

Result<KubeConfig> read_kubeconfig(const std::string& path, const std::string& context) {
  auto text = read_file(path, kMaxKubeconfigBytes);
  if (!text) return std::move(text).error().within(path);
  auto config = parse_kubeconfig(*text, fs::path(path).parent_path().string(), context);
  if (!config) return std::move(config).error().within(path);
  return config;
}

}  // namespace

Result<void> read_server_url(std::string_view url, KubeConfig& config) {
  const Error error{Errc::malformed, "server: want https://HOST[:PORT], got \"" + std::string(url) + '"'};
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return error;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  std::string_view prefix = url.substr(slash);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);

  std::string_view port = "443";
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != authority.npos && (bracket == authority.npos || colon > bracket)) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if (bracket != authority.npos && authority.starts_with('[') && authority.ends_with(']')) {
    authority = authority.substr(1, authority.size() - 2);
  }
  const bool is_number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
  if (authority.empty() || !is_number || authority.find_first_of(" @[]\r\n") != authority.npos) return error;
  if (prefix.find_first_of(" ?#\r\n") != prefix.npos) return error;
  config.host = authority;
  config.port = port;
  config.path_prefix = prefix;
  return {};
}

Result<KubeConfig> in_cluster_config(const std::string& folder) {
  const char* const host = std::getenv("KUBERNETES_SERVICE_HOST");
  const char* const port = std::getenv("KUBERNETES_SERVICE_PORT");
  if (host == nullptr || port == nullptr) {
    return Error{Errc::io, "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set"};
  }
  KubeConfig config;
  config.host = host;
  config.port = port;
  config.token_file = folder + "/token";
  config.ca_file = folder + "/ca.crt";
  const auto space = read_file(folder + "/namespace", 256);
  if (!space) return Error{Errc::io, folder + ": no service account is mounted; set automountServiceAccountToken"};
  config.namespace_ = *space;
  return config;
}

Result<KubeConfig> parse_kubeconfig(std::string_view yaml, const std::string& folder, const std::string& context) {
  try {
    return read_context(YAML::Load(std::string(yaml)), folder, context);
  } catch (const YAML::Exception& e) { return Error{Errc::malformed, std::to_string(e.mark.line + 1) + ": " + e.msg}; }
}

Result<KubeConfig> find_kube_config(const std::string& path, const std::string& context) {
  if (!path.empty()) return read_kubeconfig(path, context);
  if (const char* const list = std::getenv("KUBECONFIG"); list != nullptr && *list != '\0') {
    const std::string_view paths = list;
    return read_kubeconfig(std::string(paths.substr(0, paths.find(':'))), context);
  }
  const char* const home = std::getenv("HOME");
  const std::string usual = home == nullptr ? "" : std::string(home) + "/.kube/config";
  std::error_code ignored;
  if (!usual.empty() && fs::exists(usual, ignored)) return read_kubeconfig(usual, context);
  if (auto config = in_cluster_config()) return config;
  return Error{Errc::usage, "no cluster: no --kubeconfig, no $KUBECONFIG, no ~/.kube/config, and this is not a pod"};
}

}  // namespace initscan
