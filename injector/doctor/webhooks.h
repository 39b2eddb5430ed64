#pragma once

#include "injector/doctor/found.h"

#include <chrono>
#include <string>

namespace initscan {

/// The first webhook of a MutatingWebhookConfiguration that leads to the injector's /mutate; null where there is none.
nlohmann::json mutating_hook_of(const nlohmann::json& configuration);

// Where the API server finds the injector.
struct WebhookAddress {
  std::string host;
  std::string port;
  bool by_service = false;
};
WebhookAddress address_of(const nlohmann::json& hook);

/// The PEM of a webhook's caBundle; "" where there is none.
std::string bundle_of(const nlohmann::json& hook);

/// The configuration: is it there, does it ask the injector for pods, can it lock up a cluster.
CheckItem judge_webhook(const Found& configuration, const Installation& installation);

/// Whether every entry's caBundle is the authority that the Secret holds.
CheckItem judge_ca_bundle(const Found& configuration, const Found& secret, const Installation& installation);

/// As judge_ca_bundle() where the certificate comes from files: whether every entry has one. What it holds is seen
/// by who is trusted.
CheckItem judge_given_bundle(const Found& configuration);

/// The certificate in the Secret: signed by the authority, for the right name, and how long yet.
CheckItem judge_certificate(const Found& configuration, const Found& secret, const Installation& installation,
                            std::chrono::sys_seconds now);

}  // namespace initscan
