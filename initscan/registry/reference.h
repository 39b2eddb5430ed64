#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan {

// An image where it is kept, in full: "registry.example.com:5000/security/advisories:latest@sha256:...".
struct RegistryReference {
  std::string host;        // with its port, where it has one
  std::string repository;  // "security/advisories"
  std::string tag;         // "" where there is none, as the next
  std::string digest;      // "sha256:" and 64 digits

  bool operator==(const RegistryReference&) const = default;

  /// What a registry calls it: the digest, or else the tag.
  const std::string& name() const { return digest.empty() ? tag : digest; }
  std::string text() const;
};

/// Grammar: host "/" repository [":" tag] ["@" digest], as registries have it (OCI distribution 1.1, "Pulling
/// manifests"). No registry is meant where none is named: the host is "localhost", or has a dot, a port or brackets.
/// Where neither tag nor digest is given, the tag is "latest". Errors: usage.
Result<RegistryReference> parse_reference(std::string_view text);

/// Whether whoever is asked is this machine: what is said to it passes no network.
bool is_loopback(std::string_view host);

}  // namespace initscan
