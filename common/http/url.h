#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

namespace initscan {

// An http or https URL, taken apart by the same library that will follow it.
struct HttpUrl {
  std::string text;    // without credentials and fragment
  std::string origin;  // "https://host:443": whom credentials are for
  bool is_tls = false;
  std::string user;  // decoded, as the password
  std::string password;

  /// Errors: usage - no URL, or of another scheme.
  static Result<HttpUrl> parse(const std::string& url);
};

/// `url` for messages: without credentials, query and fragment, and safe for a terminal.
std::string shown_url(std::string_view url);

}  // namespace initscan
