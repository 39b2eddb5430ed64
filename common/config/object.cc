#include "common/config/object.h"

#include "common/config/strict_mapping.h"

namespace initscan {

Result<ConfigObject> read_config_object(const ConfigNode& document, const std::string& what,
                                        std::string_view api_version, std::string_view kind) {
  StrictMapping root(document, what, {"apiVersion", "kind", "metadata", "spec"});
  const std::string its_version = root.required("apiVersion");
  const std::string its_kind = root.required("kind");
  if (root.error()) return *root.error();
  if (its_version != api_version) {
    root.fail_at("apiVersion", "unknown apiVersion \"" + its_version + "\"; want " + std::string(api_version));
  }
  if (its_kind != kind) root.fail_at("kind", "kind is \"" + its_kind + "\"; want " + std::string(kind));
  if (root.error()) return *root.error();

  const ConfigNode* const metadata = root.at_key("metadata");
  if (metadata == nullptr) return at_place(document.place, what + " without metadata");
  StrictMapping named(*metadata, "metadata", {"name"});
  ConfigObject object{named.required("name"), root.at_key("spec")};
  if (named.error()) return *named.error();
  return object;
}

}  // namespace initscan
