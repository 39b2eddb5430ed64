#pragma once

#include "common/kube/client.h"
#include "injector/inject/config.h"

#include <optional>
#include <string_view>

namespace initscan::injector {

/// Whether a kubelet ("v1.36.2", "v1.35.0-eks-1") and its runtime ("containerd://2.1.3") mount image volumes
/// without being asked to: Kubernetes 1.35 with containerd 2.1 or CRI-O 1.33.
bool has_image_volumes(std::string_view kubelet, std::string_view runtime);

/// What `auto` means for this cluster: volume where the API server is 1.35 or later and every Linux node can,
/// otherwise copy.
boost::asio::awaitable<Result<Mode>> best_mode(KubeClient& client);

}  // namespace initscan::injector
