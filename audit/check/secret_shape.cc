#include "audit/check/secret_shape.h"

#include "audit/check/secret_name.h"
#include "audit/check/secret_text.h"
#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <optional>

namespace initscan::audit {
namespace {

// Names of headers that carry a secret although their words do not say so.
bool is_secret_header(std::string_view name) {
  constexpr std::array<std::string_view, 3> kHeaders{"authorization", "proxy-authorization", "cookie"};
  return std::any_of(kHeaders.begin(), kHeaders.end(), [&](std::string_view header) {
    return std::equal(header.begin(), header.end(), name.begin(), name.end(),
                      [](char want, char c) { return want == to_lower(c); });
  });
}

// "db-password" of the option "--db-password", whose value is the next word.
std::optional<std::string_view> option_name(std::string_view word) {
  if (!word.starts_with('-') || word.find_first_of("= \n") != word.npos) return std::nullopt;
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  return word;
}

}  // namespace

std::string_view secret_shape(std::string_view name, std::string_view value) {
  if (const std::string_view shape = secret_in_text(value); !shape.empty()) return shape;
  if (is_secret_header(name)) value.remove_prefix(std::min(value.find(' ') + 1, value.size()));  // "Bearer $(TOKEN)"
  if (is_no_secret(value)) return {};
  const bool is_one = is_secret_header(name) || (names_secret(name) && !names_object(name, value, false));
  return is_one ? "by its name" : std::string_view();
}

std::vector<SecretWord> secret_words(const std::vector<std::string>& words) {
  std::vector<SecretWord> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const std::string_view shape = secret_in_text(words[i]); !shape.empty()) {
      found.push_back({i, shape});
      continue;
    }
    const auto option = i == 0 ? std::nullopt : option_name(words[i - 1]);
    if (option && !words[i].starts_with('-') && is_secret_value(*option, words[i])) {
      found.push_back({i, "by the option before it"});
    }
  }
  return found;
}

}  // namespace initscan::audit
