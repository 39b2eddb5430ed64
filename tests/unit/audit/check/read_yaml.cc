#include "tests/unit/audit/check/read_yaml.h"

#include "audit/collect/pod_reader.h"
#include "common/yaml/yaml_document.h"

#include <yaml-cpp/yaml.h>

namespace initscan::audit {

Result<Pod> read_pod_yaml(std::string_view yaml) {
  const auto documents = load_yaml(yaml);
  if (!documents) return documents.error();
  if (documents->size() != 1) return Error{Errc::malformed, "want one document"};
  const simdjson::padded_string json(object_json(documents->front()));
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (parser.parse(json).get(element) != simdjson::SUCCESS) return Error{Errc::malformed, "not JSON"};
  return read_pod(element);
}

}  // namespace initscan::audit
