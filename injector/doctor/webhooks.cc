#include "injector/doctor/webhooks.h"

#include "common/crypto/base64.h"
#include "common/json/parts.h"
#include "common/kube/config.h"
#include "common/names.h"
#include "common/time/rfc3339.h"
#include "injector/certificates/authority.h"
#include "injector/cluster/certificate_keeper.h"
#include "injector/doctor/selector.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kWebhook = "webhook";
constexpr const char* kBundle = "ca-bundle";
constexpr const char* kCertificate = "certificate";
constexpr std::int64_t kLongestTimeout = 5;   // seconds that a pod may wait for an injector that is down
constexpr std::int64_t kDefaultTimeout = 10;  // the API server's own

std::string path_of(const Json& hook) {
  const Json& client = object_in(hook, "clientConfig");
  const std::string url = text_in(client, "url");
  if (url.empty()) return text_in(object_in(client, "service"), "path");
  const std::size_t slash = url.find('/', url.find("://") == url.npos ? 0 : url.find("://") + 3);
  return slash == url.npos ? "" : url.substr(slash);
}

bool asks_for_new_pods(const Json& hook) {
  const auto has = [](const Json& list, const char* word) {
    return std::any_of(list.begin(), list.end(), [&](const Json& e) { return e == word || e == "*"; });
  };
  const Json& rules = list_in(hook, "rules");
  return std::any_of(rules.begin(), rules.end(), [&](const Json& rule) {
    return has(list_in(rule, "resources"), "pods") && has(list_in(rule, "operations"), "CREATE");
  });
}

bool selects_namespace(const Json& hook, const std::string& name) {
  Json labels{{"kubernetes.io/metadata.name", name}, {names::kInject, "enabled"}};
  return selects(object_in(hook, "namespaceSelector"), labels);
}

std::string logs_of(const Installation& installation) {
  return "see why in its log: kubectl logs -n " + installation.namespace_ + " deployment/" + installation.service;
}

std::string apply_again() {
  return "apply the deployment again (docs/operators/install.md)";
}

// Those that lead to the injector's /mutate.
std::vector<Json> mutating_hooks_of(const Json& configuration) {
  std::vector<Json> hooks;
  for (const Json& hook : list_in(configuration, "webhooks")) {
    if (path_of(hook).substr(0, path_of(hook).find('?')) == "/mutate") hooks.push_back(hook);
  }
  return hooks;
}

std::int64_t timeout_of(const Json& hook) {
  const std::int64_t said = number_in(hook, "timeoutSeconds");
  return said == 0 ? kDefaultTimeout : said;
}

// What is wrong with one that leads to /mutate.
std::optional<CheckItem> judge_hook(const Json& hook, const std::string& what, const Installation& installation) {
  if (!asks_for_new_pods(hook)) {
    return CheckItem::error(kWebhook, what + "it is not called when pods are created", apply_again());
  }
  for (const std::string& namespace_name : {std::string("kube-system"), installation.namespace_}) {
    if (selects_namespace(hook, namespace_name)) {
      return CheckItem::error(kWebhook,
                              what + "a label on " + namespace_name + " would make the injector wait for itself",
                              "exclude it by kubernetes.io/metadata.name in namespaceSelector");
    }
  }
  if (text_in(hook, "failurePolicy") != "Ignore") {
    return CheckItem::warning(
        kWebhook,
        what + "failurePolicy is not Ignore: while the injector is down, no pod of a labelled namespace can be created",
        "set Ignore; the final-state policy denies what must not start");
  }
  if (timeout_of(hook) > kLongestTimeout) {
    return CheckItem::warning(kWebhook,
                              what + "pods wait " + std::to_string(timeout_of(hook)) + " s for an injector that hangs",
                              "set timeoutSeconds to 3");
  }
  if (text_in(hook, "reinvocationPolicy") != "IfNeeded") {
    return CheckItem::warning(kWebhook,
                              what +
                                  "reinvocationPolicy is not IfNeeded: a pod to which another webhook adds a "
                                  "container is denied",
                              "set IfNeeded");
  }
  return std::nullopt;
}

// "2026-12-31T00:00:00Z (37 days)".
std::string until(std::chrono::sys_seconds end, std::chrono::sys_seconds now) {
  const auto left = std::chrono::floor<std::chrono::days>(end - now).count();
  return format_rfc3339(end) + " (" + std::to_string(left) + (left == 1 ? " day)" : " days)");
}

// "2 webhooks".
std::string webhooks_of(const Found& configuration) {
  const std::size_t count = list_in(configuration.object, "webhooks").size();
  return std::to_string(count) + (count == 1 ? " webhook" : " webhooks");
}

// What is wrong where not every webhook has a caBundle.
std::optional<CheckItem> judge_presence(const Found& configuration, const std::string& advice) {
  if (!configuration.failure.empty()) return not_known(kBundle, configuration.failure);
  const Json& hooks = list_in(configuration.object, "webhooks");
  if (hooks.empty())
    return CheckItem::unknown(kBundle, "there is no webhook that could have a caBundle", apply_again());
  for (const Json& hook : hooks) {
    if (!bundle_of(hook).empty()) continue;
    return CheckItem::error(
        kBundle, text_in(hook, "name") + " has no caBundle: the API server cannot trust the injector", advice);
  }
  return std::nullopt;
}

}  // namespace

Json mutating_hook_of(const Json& configuration) {
  const std::vector<Json> hooks = mutating_hooks_of(configuration);
  return hooks.empty() ? Json(nullptr) : hooks.front();
}

WebhookAddress address_of(const Json& hook) {
  const Json& client = object_in(hook, "clientConfig");
  const std::string url = text_in(client, "url");
  KubeConfig parsed;
  if (!url.empty() && read_server_url(url, parsed)) return {parsed.host, parsed.port, false};
  const Json& service = object_in(client, "service");
  const std::int64_t port = number_in(service, "port");
  return {text_in(service, "name") + '.' + text_in(service, "namespace") + ".svc",
          std::to_string(port == 0 ? 443 : port), true};
}

std::string bundle_of(const Json& hook) {
  auto pem = base64_decode(text_in(object_in(hook, "clientConfig"), "caBundle"));
  return pem ? std::move(*pem) : std::string();
}

CheckItem judge_webhook(const Found& configuration, const Installation& installation) {
  const std::string what = "MutatingWebhookConfiguration " + installation.configuration;
  if (!configuration.failure.empty()) return not_known(kWebhook, configuration.failure);
  if (!configuration.exists()) return CheckItem::error(kWebhook, "there is no " + what, apply_again());
  const std::vector<Json> hooks = mutating_hooks_of(configuration.object);
  if (hooks.empty()) return CheckItem::error(kWebhook, what + ": no webhook leads to /mutate", apply_again());
  std::int64_t longest = 0;
  for (const Json& hook : hooks) {
    if (auto wrong = judge_hook(hook, what + ", " + text_in(hook, "name") + ": ", installation)) return *wrong;
    longest = std::max(longest, timeout_of(hook));
  }
  return CheckItem::ok(kWebhook, what + " is called for new pods, times out after " + std::to_string(longest) +
                                     " s at most, and fails open");
}

CheckItem judge_given_bundle(const Found& configuration) {
  constexpr const char* kAdvice =
      "whoever makes the injector's certificate must fill it in (docs/operators/install.md)";
  if (auto missing = judge_presence(configuration, kAdvice)) return *missing;
  return CheckItem::ok(kBundle, "in " + webhooks_of(configuration) + ", filled in by whoever makes the certificate");
}

CheckItem judge_ca_bundle(const Found& configuration, const Found& secret, const Installation& installation) {
  const std::string advice = "the injector fills it in once a replica leads; " + logs_of(installation);
  if (auto missing = judge_presence(configuration, advice)) return *missing;
  const std::string what = "Secret " + installation.namespace_ + '/' + installation.secret;
  if (!secret.failure.empty()) return not_known(kBundle, secret.failure);
  if (!secret.exists()) {
    return CheckItem::warning(kBundle, "there is no " + what + ": someone else maintains certificate and caBundle",
                              "make sure that both are renewed together");
  }
  const std::string authority = tls_state_of(secret.object).bundle;
  for (const Json& hook : list_in(configuration.object, "webhooks")) {
    if (bundle_of(hook) == authority) continue;
    return CheckItem::error(kBundle, text_in(hook, "name") + ": its caBundle is not ca.crt of " + what,
                            "the injector corrects it once a replica leads; " + logs_of(installation));
  }
  return CheckItem::ok(kBundle, "ca.crt of " + what + " in " + webhooks_of(configuration));
}

CheckItem judge_certificate(const Found& configuration, const Found& secret, const Installation& installation,
                            std::chrono::sys_seconds now) {
  const std::string what = "Secret " + installation.namespace_ + '/' + installation.secret;
  if (!secret.failure.empty()) return not_known(kCertificate, secret.failure);
  if (!secret.exists()) {
    return CheckItem::unknown(kCertificate, "there is no " + what,
                              "if the injector maintains its own, " + logs_of(installation));
  }
  const TlsState state = tls_state_of(secret.object);
  const auto validity = validity_of(state.leaf.certificate);
  const std::string renew = "delete the Secret: the injector makes another; " + logs_of(installation);
  if (!validity) return CheckItem::error(kCertificate, what + ": tls.crt: " + validity.error().text, renew);
  const Json hook = mutating_hook_of(configuration.object);
  const std::string name =
      hook.is_null() ? installation.service + '.' + installation.namespace_ + ".svc" : address_of(hook).host;
  if (!is_issued_by(state.leaf.certificate, state.bundle, {})) {
    return CheckItem::error(kCertificate, what + ": ca.crt did not sign tls.crt", renew);
  }
  if (!is_issued_by(state.leaf.certificate, state.bundle, {name})) {
    return CheckItem::error(kCertificate, what + ": tls.crt is not for " + name,
                            "serve with --service, --namespace or --tls-name that match the webhook, and " + renew);
  }
  if (now >= validity->end) {
    return CheckItem::error(kCertificate, what + ": tls.crt expired at " + format_rfc3339(validity->end), renew);
  }
  // It is renewed at two thirds of its life: past five sixths, nothing renews it.
  if (now > validity->begin + (validity->end - validity->begin) * 5 / 6) {
    return CheckItem::warning(
        kCertificate, what + ": tls.crt is valid until " + until(validity->end, now) + " and has not been renewed",
        logs_of(installation));
  }
  return CheckItem::ok(kCertificate, "for " + name + " until " + until(validity->end, now));
}

}  // namespace initscan::injector
