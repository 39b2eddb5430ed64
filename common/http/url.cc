#include "common/http/url.h"

#include "common/text/visible.h"

#include <memory>

#include <curl/curl.h>

namespace initscan {
namespace {

using Parsed = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Parsed& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

Parsed parsed(const std::string& url) {
  Parsed made(curl_url(), &curl_url_cleanup);
  if (made && curl_url_set(made.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) made.reset();
  return made;
}

}  // namespace

Result<HttpUrl> HttpUrl::parse(const std::string& url) {
  const Error wrong{Errc::usage, shown_url(url) + ": want a URL that begins with http:// or https://"};
  const Parsed made = parsed(url);
  if (!made || url.find('\0') != url.npos) return wrong;
  const std::string scheme = part_of(made, CURLUPART_SCHEME);
  const std::string host = part_of(made, CURLUPART_HOST);
  if ((scheme != "http" && scheme != "https") || host.empty()) return wrong;
  HttpUrl parts;
  parts.is_tls = scheme == "https";
  parts.origin = scheme + "://" + host + ':' + part_of(made, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  parts.user = part_of(made, CURLUPART_USER, CURLU_URLDECODE);
  parts.password = part_of(made, CURLUPART_PASSWORD, CURLU_URLDECODE);
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
    curl_url_set(made.get(), part, nullptr, 0);
  }
  parts.text = part_of(made, CURLUPART_URL);
  if (parts.text.empty()) return wrong;
  return parts;
}

std::string shown_url(std::string_view url) {
  const Parsed made = parsed(std::string(url));
  if (!made) return "a URL that cannot be read";  // where its credentials are is not known
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
    curl_url_set(made.get(), part, nullptr, 0);
  }
  return visible(part_of(made, CURLUPART_URL));
}

}  // namespace initscan
