#pragma once

#include "common/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxCredentialsBytes = 1 << 20;  // of a file with them
inline constexpr std::size_t kMaxTokenAnswerBytes = 64 << 10;

// Who asks a registry.
struct RegistryCredentials {
  std::string user;
  std::string password;

  bool operator==(const RegistryCredentials&) const = default;
};

/// Those for a repository, "host:5000" and "security/advisories", in a file as docker, podman and Kubernetes' secrets
/// have it (config.json, auth.json, .dockerconfigjson): `auths`, whose keys are registries, or repositories and what
/// begins like one, of which the longest counts. nullopt: there are none.
/// Errors, which never repeat what is in it: malformed; unsupported - they are kept by a program (credsStore,
/// credHelpers), or are a token of an identity: none is started, and none is changed for another.
Result<std::optional<RegistryCredentials>> credentials_in(std::string_view json, std::string_view host,
                                                          std::string_view repository);

/// The token in what a server of tokens answers. Errors: malformed.
Result<std::string> token_in(std::string_view json);

}  // namespace initscan
