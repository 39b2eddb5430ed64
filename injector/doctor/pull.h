#pragma once

#include "common/kube/client.h"
#include "injector/doctor/found.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan::injector {

/// Whether the injector pulls with a secret, of its own or of its service account.
bool pulls_with_secret(const Found& deployment, const Found& account);

/// Whether pods have what it takes to pull initscan's image, as far as it can be known without one: if the injector
/// pulls it with a secret, pods need one as well. `account` is the injector's service account, `accounts` are those
/// named "default", `namespaces` all that have one of initscan's labels or annotations. Nothing if there is no
/// Deployment.
std::optional<CheckItem> judge_pull(const Found& deployment, const Found& account, const FoundList& accounts,
                                    const FoundList& namespaces);

/// What a probe pod has shown by now: whether initscan's image was pulled. Nothing while it is not known.
std::optional<CheckItem> judge_probe(const std::string& namespace_name, const nlohmann::json& pod);

/// Starts a pod in a namespace, with no more than its default service account has, looks at it until the kubelet has
/// pulled initscan's image or could not, and deletes it. `longest` bounds the looking.
boost::asio::awaitable<CheckItem> probe_pull(KubeClient& client, std::string namespace_name, std::string image,
                                             std::chrono::seconds longest);

}  // namespace initscan::injector
