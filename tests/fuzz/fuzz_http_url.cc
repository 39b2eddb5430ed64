// What is asked for is what was shown: a URL taken apart is the same again, and holds no credentials any more.
#include "common/http/url.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char c : initscan::shown_url(text)) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
  const auto url = initscan::HttpUrl::parse(text);
  if (!url) return 0;
  const auto again = initscan::HttpUrl::parse(url->text);
  if (!again || again->text != url->text || again->origin != url->origin || again->is_tls != url->is_tls) std::abort();
  if (!(again->user + again->password).empty() || !url->text.starts_with(url->is_tls ? "https://" : "http://"))
    std::abort();
  return 0;
}
