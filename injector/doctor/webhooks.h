#pragma once

#include "injector/doctor/found.h"

#include <chrono>
#include <string>

namespace initscan::injector {

/// The first webhook of a MutatingWebhookConfiguration that leads to the injector's /mutate; null if there is none.
nlohmann::json mutating_hook_of(const nlohmann::json& configuration);

// Where the API server finds the injector.
struct WebhookAddress {
  std::string host;
  std::string port;
  bool by_service = false;
};
WebhookAddress address_of(const nlohmann::json& hook);

/// The PEM of a webhook's caBundle; "" if there is none.
std::string bundle_of(const nlohmann::json& hook);

/// The configuration: is it there, does it call the injector for pods, can it lock up a cluster.
CheckItem judge_webhook(const Found& configuration, const Installation& installation);

/// Whether every entry's caBundle is the authority in the Secret.
CheckItem judge_ca_bundle(const Found& configuration, const Found& secret, const Installation& installation);

/// As judge_ca_bundle(), if the certificate comes from files: whether every entry has one. Whether it is the right one
/// is for judge_served() to find.
CheckItem judge_given_bundle(const Found& configuration);

/// The certificate in the Secret: signed by the authority, for the right name, and for how long.
CheckItem judge_certificate(const Found& configuration, const Found& secret, const Installation& installation,
                            std::chrono::sys_seconds now);

}  // namespace initscan::injector
