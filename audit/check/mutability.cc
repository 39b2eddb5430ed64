#include "audit/check/effective.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

Answer writable_root(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const std::string path = security_path(container, "readOnlyRootFilesystem");
  if (container.security.read_only_root == true) return pass("true", path);
  return fail(container.security.read_only_root ? "false" : "false (not set)", path,
              "its root file system can be written to");
}

std::string in_mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

Answer write_layer(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  const ClusterFacts& cluster = context.cluster;
  const auto found = cluster.write_layers.find({pod.namespace_, pod.name, container.name});
  const std::string path = "stats of node " + pod.node;
  if (found != cluster.write_layers.end()) {
    const std::uint64_t most = context.policy.max_write_layer_bytes;
    const std::uint64_t bytes = found->second.bytes;
    if (bytes <= most) return pass(in_mebibytes(bytes), path);
    return fail(in_mebibytes(bytes), path, "it has written more than " + in_mebibytes(most) + " into its own layer");
  }
  if (container.status.state != ContainerState::running) return skip("it is not running");
  if (const auto gap = cluster.write_layer_gaps.find(pod.node); gap != cluster.write_layer_gaps.end()) {
    return unknown(path, "the size of its write layer is not known: " + gap->second);
  }
  if (cluster.write_layers.empty()) return skip("no kubelet was asked for write layers");
  return unknown(path, "the kubelet reported nothing about its write layer");
}

constexpr std::array kQuestions{
    ask_container("writable-root", writable_root),
    ask_container("write-layer", write_layer),
};

}  // namespace

std::span<const Question> mutability_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
