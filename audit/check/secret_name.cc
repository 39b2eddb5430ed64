#include "audit/check/secret_name.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxName = 256;  // longer names are cut: only their first words count

// What is said about a secret is none: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME, PASSWORD_REF.
constexpr std::array<std::string_view, 67> kAbout{
    "FILE",        "PATH",      "DIR",      "NAME",      "NAMES",      "NAMESPACE",  "NAMESPACES", "URL",
    "URI",         "ENDPOINT",  "TTL",      "LIFETIME",  "EXPIRY",     "EXPIRATION", "TIMEOUT",    "LENGTH",
    "SIZE",        "ENABLED",   "DISABLED", "REQUIRED",  "TYPE",       "POLICY",     "ID",         "COUNT",
    "LIMIT",       "BUCKET",    "HEADER",   "FIELD",     "FORMAT",     "ALGORITHM",  "ISSUER",     "AUDIENCE",
    "PATTERN",     "REGEX",     "SELECTOR", "MODE",      "HOST",       "PORT",       "VERSION",    "INTERVAL",
    "STDIN",       "PROVIDER",  "BACKEND",  "STORE",     "SOURCE",     "CLASS",      "PREFIX",     "SERVICE",
    "KIND",        "REF",       "REFS",     "REFERENCE", "REFERENCES", "LABEL",      "LABELS",     "ANNOTATION",
    "ANNOTATIONS", "CONFIGMAP", "ARN",      "RESOURCE",  "OBJECT",     "VOLUME",     "MOUNT",      "ENGINE",
    "MANAGER",     "ENV",       "VARIABLE"};

// Before SECRET: the Secret of the cluster that holds it, by name. EXISTING_SECRET, IMAGE_PULL_SECRETS, TLS_SECRET.
constexpr std::array<std::string_view, 10> kOfObjects{"EXISTING", "PULL", "TLS",        "CERT",     "CERTIFICATE",
                                                      "CA",       "SSH",  "KUBECONFIG", "REGISTRY", "KUBERNETES"};

// Before SECRET: that one, or the secret itself. DB_PASSWORD_SECRET=shop-db, PASSWORD_SECRET=pepper.
constexpr std::array<std::string_view, 5> kOfBoth{"PASSWORD", "PASSWORDS", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS"};

// Before SECRET: an application's own secret, whatever its value looks like. CLIENT_SECRET, JWT_SECRET.
constexpr std::array<std::string_view, 17> kOfApplications{
    "CLIENT", "JWT", "COOKIE", "SESSION", "WEBHOOK", "SHARED",  "SIGNING",  "HMAC",      "APP",
    "OAUTH",  "API", "TOKEN",  "STATE",   "ACCESS",  "REFRESH", "CONSUMER", "ENCRYPTION"};

// Endings that mean a secret whatever comes before them: PGPASSWORD, AUTHTOKEN.
constexpr std::array<std::string_view, 14> kEndings{
    "PASSWORD",  "PASSWD",    "PASSPHRASE", "SECRET",     "SECRETS",    "TOKEN",       "APIKEY",
    "ACCESSKEY", "SECRETKEY", "PRIVATEKEY", "ACCOUNTKEY", "CREDENTIAL", "CREDENTIALS", "AUTHKEY"};

// The same, but so many other words end like this that those are listed.
constexpr std::array<std::string_view, 9> kNoPass{"BYPASS",   "COMPASS",   "TRESPASS",  "ENCOMPASS", "SURPASS",
                                                  "OVERPASS", "UNDERPASS", "MULTIPASS", "FIRSTPASS"};

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

bool is_config_map(const std::vector<std::string>& words) {
  return words.size() > 1 && words.back() == "MAP" && words[words.size() - 2] == "CONFIG";
}

}  // namespace

bool names_secret(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  if (words.empty() || contains(kAbout, words.back()) || is_config_map(words)) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_secret_word(words[i], i == 0, i + 1 == words.size())) return true;
    if (i > 0 && is_secret_pair(words[i - 1], words[i])) return true;
  }
  return false;
}

ObjectNaming object_naming(std::string_view name) {
  std::vector<std::string> words = words_of(name);
  // Of a key within one: "passwordKey", DB_PASSWORD_SECRET_KEY.
  const bool is_of_key = words.size() > 1 && words.back() == "KEY";
  if (is_of_key) words.pop_back();
  if (words.empty()) return ObjectNaming::never;
  const std::string& last = words.back();
  const std::string_view before = words.size() > 1 ? std::string_view(words[words.size() - 2]) : std::string_view();
  if (is_of_key && last == "PASSWORD") return ObjectNaming::by_value;
  if (!last.ends_with("SECRET") && !last.ends_with("SECRETS")) return ObjectNaming::never;
  if (contains(kOfObjects, before)) return ObjectNaming::always;
  if (contains(kOfBoth, before)) return ObjectNaming::by_value;
  return is_of_key || contains(kOfApplications, before) ? ObjectNaming::never : ObjectNaming::in_options;
}

}  // namespace initscan::audit
