#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

// One change of a pod, as JSON Patch (RFC 6902) says it.
struct PatchOperation {
  enum class Kind : std::uint8_t { add, remove };

  Kind kind;
  std::string path;      // a JSON pointer: '~' and '/' within a name are escaped
  nlohmann::json value;  // of an addition
};

// In the order in which they are to be done: each finds the pod as those before it left it.
using PatchOperations = std::vector<PatchOperation>;

inline PatchOperation addition(std::string path, nlohmann::json value) {
  return {PatchOperation::Kind::add, std::move(path), std::move(value)};
}

inline PatchOperation removal(std::string path) {
  return {PatchOperation::Kind::remove, std::move(path), nullptr};
}

/// The patch as a document, and as its text.
nlohmann::json patch_document(const PatchOperations& operations);
std::string patch_text(const PatchOperations& operations);

}  // namespace initscan::injector
