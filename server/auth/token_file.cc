#include "server/auth/token_file.h"

#include "common/crypto/sha256.h"
#include "common/text/ascii.h"
#include "common/text/lines.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace initscan::server {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::string_view kSpaces = " \t\r";

Error at(std::size_t line, Errc code, const std::string& what) {
  return {code, std::to_string(line) + ": " + what};
}

std::vector<std::string_view> words_of(std::string_view line, std::string_view separators) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t start = line.find_first_not_of(separators);
    if (start == line.npos) return words;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(separators), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool is_name(std::string_view text) {
  return text.size() <= kMaxTokenName && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
         });
}

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

// As PeerCertificate writes them; none is a hash, which has no colon.
bool is_certificate_name(std::string_view text) {
  const bool has_kind = text.starts_with("CN:") || text.starts_with("DNS:") || text.starts_with("URI:");
  return has_kind && text.back() != ':' && text.size() <= kMaxPeerNameBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<Identity> TokenTable::find(std::string_view token) const {
  const std::string hash = sha256_hex(token);
  const Entry* found = nullptr;
  // All of them, so that the time says nothing of where it stands.
  for (const Entry& entry : entries_) {
    if (is_hash(entry.proof) && CRYPTO_memcmp(entry.proof.data(), hash.data(), kHashDigits) == 0) found = &entry;
  }
  return found == nullptr ? std::nullopt : std::optional(found->identity);
}

std::optional<Identity> TokenTable::find_certificate(const std::vector<std::string>& names) const {
  for (const Entry& entry : entries_) {
    const bool is_its =
        is_certificate_name(entry.proof) && std::find(names.begin(), names.end(), entry.proof) != names.end();
    if (is_its) return entry.identity;
  }
  return std::nullopt;
}

Result<TokenTable> parse_token_file(std::string_view text) {
  TokenTable table;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto words = words_of(take_line(text), kSpaces);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (words.size() != 3) return at(number, Errc::malformed, "want NAME SCOPES SHA256");
    if (!is_name(words[0])) {
      return at(number, Errc::malformed, "want a name of at most 63 letters, digits, '-', '_' and '.'");
    }
    if (!is_hash(words[2]) && !is_certificate_name(words[2])) {
      return at(number, Errc::malformed,
                "want the token's SHA-256, 64 hexadecimal digits in lower case, or a certificate's CN:, DNS: or URI:");
    }
    TokenTable::Entry entry;
    entry.identity.name = words[0];
    entry.proof = words[2];
    for (const std::string_view word : words_of(words[1], ",")) {
      const auto scope = scope_from(word);
      if (!scope) {
        return at(number, Errc::malformed,
                  "no scope \"" + std::string(word) + "\"; there are scan, report, index, read, metrics and audit");
      }
      entry.identity.scopes.add(*scope);
    }
    for (const TokenTable::Entry& other : table.entries_) {
      if (other.identity.name == entry.identity.name)
        return at(number, Errc::malformed, "a name that was there before");
      if (other.proof == entry.proof) {
        return at(number, Errc::malformed, "a token or a certificate that was there before");
      }
    }
    if (table.entries_.size() == kMaxTokens) {
      return at(number, Errc::over_limit, "more than " + std::to_string(kMaxTokens) + " tokens");
    }
    table.entries_.push_back(std::move(entry));
  }
  return table;
}

}  // namespace initscan::server
