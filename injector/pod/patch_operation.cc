#include "injector/pod/patch_operation.h"

#include "common/json/tree_text.h"
#include "common/json/writer.h"

namespace initscan::injector {

using Json = nlohmann::json;

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
  JsonWriter json;
  json.begin_array();
  for (const PatchOperation& operation : operations) {
    const bool is_removal = operation.kind == PatchOperation::Kind::remove;
    json.begin_object().field("op", is_removal ? "remove" : "add").field("path", operation.path);
    if (!is_removal) json.key("value").json(json_text(operation.value));
    json.end_object();
  }
  return json.end_array().take();
}

}  // namespace initscan::injector
