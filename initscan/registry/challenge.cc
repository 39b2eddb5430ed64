#include "initscan/registry/challenge.h"

#include "common/text/ascii.h"
#include "common/text/words.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace initscan {
namespace {

Error malformed(const char* what) {
  return {Errc::malformed, std::string("WWW-Authenticate: ") + what};
}

// What stands at the front of a header, and takes it off.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }

  void skip(std::string_view what) {
    const std::size_t first = rest_.find_first_not_of(what);
    rest_.remove_prefix(first == rest_.npos ? rest_.size() : first);
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Of a token, or of what stands in a token's place (RFC 9110, section 11.2: token68): "" where there is none.
  std::string_view token() {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~/";
    const auto end = std::find_if_not(rest_.begin(), rest_.end(),
                                      [&](char c) { return is_alphanumeric(c) || kMarks.find(c) != kMarks.npos; });
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  // The rest of a quoted string. False: it has no end.
  bool quoted(std::string& text) {
    while (!rest_.empty()) {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c == '\\') {
        if (rest_.empty()) return false;
        c = rest_.front();
        rest_.remove_prefix(1);
      }
      text += c;
    }
    return false;
  }

 private:
  std::string_view rest_;
};

// Behind "=". nullopt: a quotation without an end.
std::optional<std::string> value_of(Reader& reader) {
  reader.skip(" \t");
  std::string value;
  if (reader.take('"')) return reader.quoted(value) ? std::optional(std::move(value)) : std::nullopt;
  value = reader.token();
  if (value.empty()) reader.skip("=");  // what stands alone behind a scheme (token68) ends so
  return value;
}

Result<void> keep(Challenge& challenge, std::string_view name, std::string value) {
  std::string* const place = is_same_word(name, "realm")     ? &challenge.realm
                             : is_same_word(name, "service") ? &challenge.service
                                                             : nullptr;
  if (place == nullptr) return {};
  if (!place->empty()) return malformed("a parameter twice");
  *place = std::move(value);
  return {};
}

}  // namespace

Result<std::vector<Challenge>> read_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader(header);
  std::size_t parameters = 0;
  for (;;) {
    reader.skip(", \t");
    if (reader.is_at_end()) return challenges;
    const std::string_view word = reader.token();
    if (word.empty()) return malformed("want a scheme or a parameter");
    reader.skip(" \t");
    if (!reader.take('=')) {  // a scheme
      if (challenges.size() == kMaxChallenges) return Error{Errc::over_limit, "WWW-Authenticate: too many challenges"};
      challenges.push_back({in_lower_case(word), {}, {}});
      parameters = 0;
      continue;
    }
    if (challenges.empty()) return malformed("a parameter before the scheme");
    if (++parameters > kMaxParameters) return Error{Errc::over_limit, "WWW-Authenticate: too many parameters"};
    auto value = value_of(reader);
    if (!value) return malformed("a quotation without an end");
    if (auto kept = keep(challenges.back(), word, std::move(*value)); !kept) return kept.error();
  }
}

}  // namespace initscan
