#include "audit/check/image_name.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

struct Algorithm {
  std::string_view name;
  std::size_t encoded;  // characters
};

// Registered by the OCI image specification.
constexpr std::array<Algorithm, 3> kAlgorithms{{{"sha256", 64}, {"sha512", 128}, {"blake3", 64}}};

bool is_tag(std::string_view text) {
  constexpr std::size_t kMaxTag = 128;
  if (text.empty() || text.size() > kMaxTag || text[0] == '.' || text[0] == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_lower_hex(char c) {
  return (c >= 'a' && c <= 'f') || is_digit(c);
}

bool is_digest(std::string_view text) {
  constexpr std::size_t kMinOther = 32;  // of algorithms that are not registered
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0) return false;
  const std::string_view encoded = text.substr(colon + 1);
  for (const auto& [algorithm, size] : kAlgorithms) {
    if (text.substr(0, colon) != algorithm) continue;
    return encoded.size() == size && std::all_of(encoded.begin(), encoded.end(), is_lower_hex);
  }
  return encoded.size() >= kMinOther && std::all_of(encoded.begin(), encoded.end(), is_alphanumeric);
}

}  // namespace

std::optional<ImageName> parse_image_name(std::string_view image) {
  ImageName name;
  if (const std::size_t at = image.find('@'); at != image.npos) {
    name.digest = image.substr(at + 1);
    image = image.substr(0, at);
    if (!is_digest(name.digest)) return std::nullopt;
  }
  // A colon before the last slash is a registry's port.
  const std::size_t slash = image.rfind('/');
  if (const std::size_t colon = image.rfind(':'); colon != image.npos && (slash == image.npos || colon > slash)) {
    name.tag = image.substr(colon + 1);
    image = image.substr(0, colon);
    if (!is_tag(name.tag)) return std::nullopt;
  }
  name.repository = image;
  if (image.empty() || image.back() == '/' || image.front() == '/') return std::nullopt;
  if (!std::all_of(image.begin(), image.end(), [](char c) { return c > ' ' && c < '\x7f'; })) return std::nullopt;
  return name;
}

}  // namespace initscan::audit
