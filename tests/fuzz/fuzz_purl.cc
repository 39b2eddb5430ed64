// A purl that we write reads back to the package that it names, whatever the bytes of that package's name are: in lower
// case, as names of deb packages are compared, and not at all where control characters are among them.
#include "initscan/sbom/purl.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto purl = initscan::parse_purl(text);
  if (purl && purl->name.empty()) std::abort();
  if (text.empty()) return 0;

  initscan::Package package;
  package.type = initscan::PackageType::deb;
  package.name = text.substr(0, size / 2 + 1);
  package.version = text;
  package.source_name = text;
  package.source_version = text.substr(size / 2);
  package.architecture = text;
  const auto again = initscan::parse_purl(initscan::purl_of(package, {"debian", "12", "", ""}));
  if (again.has_value() == std::any_of(text.begin(), text.end(), is_control)) std::abort();
  if (!again) return 0;
  std::transform(package.name.begin(), package.name.end(), package.name.begin(), lower);
  if (again->name != package.name || again->version != package.version) std::abort();
  if (again->qualifier("arch") != package.architecture) std::abort();
  return 0;
}
