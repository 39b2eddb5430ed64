#pragma once

#include "common/names.h"
#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxKubeconfigBytes = 4 << 20;

// Whom to impersonate, if a kubeconfig says so. No user: nobody.
struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::string>> extra;  // a key may have several values there

  bool operator==(const Impersonation&) const = default;
};

// Where an API server is and how to show who we are. Files are read again whenever they are used: tokens and
// authorities rotate.
struct KubeConfig {
  std::string host;  // name or address, without brackets
  std::string port = "443";
  std::string path_prefix;  // "" or "/k8s/clusters/one"
  std::string server_name;  // what the certificate must be for; "": host
  std::string ca_file;      // PEM; "" with an empty ca_pem: the system's authorities
  std::string ca_pem;
  std::string token_file;  // bearer token; wins over token
  std::string token;
  std::string client_certificate_pem;  // with client_key_pem, or both empty
  std::string client_key_pem;
  Impersonation as;
  std::string namespace_ = "default";
  std::string context;  // name in the kubeconfig; "" in a cluster
  // For kubelets that signed their certificates themselves: whatever answers gets the token. Never from a kubeconfig.
  bool trusts_any_certificate = false;
};

/// Splits "https://HOST[:PORT][/PREFIX]" into a KubeConfig's fields. Errors: malformed - another form; http
/// is refused, because a token would travel in the clear.
Result<void> read_server_url(std::string_view url, KubeConfig& config);

/// The service account of the pod that this runs in. `folder` holds token, ca.crt and namespace.
/// Errors: io - not in a pod, or without a service account.
Result<KubeConfig> in_cluster_config(const std::string& folder = names::kTokenMount);

/// A context of a kubeconfig (kubectl's format); "" takes its current one. Relative paths in it are relative to
/// its folder. Errors: malformed - by place; unsupported - credentials by a plugin, unchecked certificates.
Result<KubeConfig> parse_kubeconfig(std::string_view yaml, const std::string& folder, const std::string& context);

/// What a command-line tool uses: `path` where given, else $KUBECONFIG's first file, else ~/.kube/config, else the
/// service account of the pod.
Result<KubeConfig> find_kube_config(const std::string& path, const std::string& context);

}  // namespace initscan
