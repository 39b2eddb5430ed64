// A purl that we write reads back to the package that it names, whatever the bytes of that package's name are.
#include "initscan/sbom/purl.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto purl = initscan::parse_purl(text);
  if (purl && purl->name.empty()) std::abort();
  if (text.empty()) return 0;

  initscan::Package package;
  package.name = text.substr(0, size / 2 + 1);
  package.version = text;
  package.source_name = text;
  package.source_version = text.substr(size / 2);
  package.architecture = text;
  const auto again = initscan::parse_purl(initscan::purl_of(package, {"debian", "12", "", ""}));
  if (!again || again->name != package.name || again->version != package.version) std::abort();
  if (again->qualifier("arch") != package.architecture) std::abort();
  return 0;
}
