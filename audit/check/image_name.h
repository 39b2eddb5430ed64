#pragma once

#include <optional>
#include <string_view>

namespace initscan::audit {

// The parts of "registry:5000/team/shop:1.2@sha256:...". Views into what was parsed.
struct ImageName {
  std::string_view repository;  // "registry:5000/team/shop"
  std::string_view tag;         // "" where there is none
  std::string_view digest;      // with its algorithm; "" where there is none
};

/// Grammar: repository [":" tag] ["@" algorithm ":" hex], as container runtimes read it, less strict in the repository:
/// any printable ASCII without a space. nullopt: it is not of that form.
std::optional<ImageName> parse_image_name(std::string_view image);

}  // namespace initscan::audit
