#pragma once

#include "common/config/node.h"
#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan {

// What a file says that has the form of an object of the API: apiVersion, kind, metadata with a name, and spec.
struct ConfigObject {
  std::string name;
  const ConfigNode* spec = nullptr;  // of the document; nullptr where there is none
};

/// `what` is the object for people: "the policy". `document` outlives what is read.
/// Errors: malformed, with the place: another version or kind, an unknown key, no name.
Result<ConfigObject> read_config_object(const ConfigNode& document, const std::string& what,
                                        std::string_view api_version, std::string_view kind);

}  // namespace initscan
