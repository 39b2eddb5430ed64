#include "injector/pod/patch_operation.h"

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Json patch_document(const PatchOperations& operations) {
  Json document = Json::array();
  for (const PatchOperation& operation : operations) {
    if (operation.kind == PatchOperation::Kind::remove) {
      document.push_back({{"op", "remove"}, {"path", operation.path}});
    } else {
      document.push_back({{"op", "add"}, {"path", operation.path}, {"value", operation.value}});
    }
  }
  return document;
}

std::string patch_text(const PatchOperations& operations) {
  std::string text;
  for (const PatchOperation& operation : operations) {
    const bool is_removal = operation.kind == PatchOperation::Kind::remove;
    text += text.empty() ? '[' : ',';
    text += is_removal ? R"({"op":"remove","path":)" : R"({"op":"add","path":)";
    text += text_of(operation.path);
    if (!is_removal) text.append(R"(,"value":)").append(text_of(operation.value));
    text += '}';
  }
  return text.empty() ? "[]" : text + ']';
}

}  // namespace initscan::injector
