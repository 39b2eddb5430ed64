#include "audit/check/secret_name.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxName = 256;  // longer names are cut: only their first words count

// What is said about a secret is none: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME.
constexpr std::array<std::string_view, 49> kAbout{
    "FILE",     "PATH",     "DIR",       "NAME",     "NAMES",      "NAMESPACE", "NAMESPACES", "URL",      "URI",
    "ENDPOINT", "TTL",      "LIFETIME",  "EXPIRY",   "EXPIRATION", "TIMEOUT",   "LENGTH",     "SIZE",     "ENABLED",
    "DISABLED", "REQUIRED", "TYPE",      "POLICY",   "ID",         "COUNT",     "LIMIT",      "BUCKET",   "HEADER",
    "FIELD",    "FORMAT",   "ALGORITHM", "ISSUER",   "AUDIENCE",   "PATTERN",   "REGEX",      "SELECTOR", "MODE",
    "HOST",     "PORT",     "VERSION",   "INTERVAL", "STDIN",      "PROVIDER",  "BACKEND",    "STORE",    "SOURCE",
    "CLASS",    "PREFIX",   "SERVICE",   "KIND"};

// Ends of words that are one, whatever stands before them: PGPASSWORD, AUTHTOKEN.
constexpr std::array<std::string_view, 14> kEndings{
    "PASSWORD",  "PASSWD",    "PASSPHRASE", "SECRET",     "SECRETS",    "TOKEN",       "APIKEY",
    "ACCESSKEY", "SECRETKEY", "PRIVATEKEY", "ACCOUNTKEY", "CREDENTIAL", "CREDENTIALS", "AUTHKEY"};

// The same where so many other words end so that those have to be named.
constexpr std::array<std::string_view, 9> kNoPass{"BYPASS",   "COMPASS",   "TRESPASS",  "ENCOMPASS", "SURPASS",
                                                  "OVERPASS", "UNDERPASS", "MULTIPASS", "FIRSTPASS"};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// "dbAccessKey" and "DB_ACCESS_KEY" are both DB, ACCESS, KEY.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  char before = '_';
  for (const char c : name.substr(0, kMaxName)) {
    const bool is_letter = is_upper(c) || is_lower(c);
    if ((!is_letter || (is_upper(c) && is_lower(before))) && !words.back().empty()) words.emplace_back();
    if (is_letter) words.back() += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_secret_word(std::string_view word, bool is_first, bool is_last) {
  if (std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return word.ends_with(end); })) {
    return true;
  }
  if (word.ends_with("PASS")) return is_last && !contains(kNoPass, word);          // not PASS_THROUGH
  if (word.ends_with("PWD")) return word == "PWD" ? !is_first : word != "OLDPWD";  // not the shell's own PWD
  constexpr std::size_t kMinRunTogether = 4;                                       // DBPW
  return word == "PW" || (word.ends_with("PW") && word.size() >= kMinRunTogether);
}

bool is_secret_pair(std::string_view first, std::string_view second) {
  constexpr std::array<std::string_view, 8> kOfKeys{"API",     "ACCESS", "PRIVATE", "ENCRYPTION",
                                                    "SIGNING", "AUTH",   "ACCOUNT", "MASTER"};
  return (second == "KEY" && contains(kOfKeys, first)) || (second == "SIGNATURE" && first == "ACCESS");
}

}  // namespace

bool names_secret(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  if (words.empty() || contains(kAbout, words.back())) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_secret_word(words[i], i == 0, i + 1 == words.size())) return true;
    if (i > 0 && is_secret_pair(words[i - 1], words[i])) return true;
  }
  return false;
}

bool may_name_object(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return !words.empty() && (words.back().ends_with("SECRET") || words.back().ends_with("SECRETS"));
}

}  // namespace initscan::audit
