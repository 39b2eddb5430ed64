#pragma once

#include "common/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace initscan::audit {

// Where SBOMs are, by the digests of their images. An audit asks on one thread.
class SbomSource {
 public:
  virtual ~SbomSource() = default;

  struct Document {
    std::string text;
    std::string place;  // for what is wrong in it
  };

  /// The SBOM of an image, whose digest is "sha256:" and 64 hexadecimal digits; nullopt: there is none.
  /// Errors: with their place.
  virtual Result<std::optional<Document>> sbom(std::string_view digest) = 0;

  /// Where one is looked for, for people: "in DIR".
  virtual std::string where() const = 0;

  /// Why not every answer can be had from here; "" where it can, so far.
  virtual std::string trouble() const { return {}; }
};

}  // namespace initscan::audit
