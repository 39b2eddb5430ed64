#include "server/store/postgresql_failure.h"

#include "common/text/ascii.h"
#include "common/text/lines.h"

#include <algorithm>
#include <array>
#include <optional>

namespace initscan::server {
namespace {

constexpr const char* kOfRole = "; see pg_hba.conf there, and the role and its password here";

struct Meaning {
  std::string_view start;  // of the state: a class is its first two characters
  Errc code;
  const char* advice;
};

// The first that fits counts; of all others no more is known than the words say.
constexpr std::array<Meaning, 20> kMeanings{{
    {"08", Errc::unavailable, ""},
    {"22021", Errc::unsupported, ""},  // a character that the encoding does not have
    {"22P05", Errc::unsupported, ""},
    {"25006", Errc::unavailable, "; it is a standby: name the primary, or target_session_attrs=read-write"},
    {"25P03", Errc::unavailable, ""},  // idle for too long within a transaction
    {"28", Errc::refused, kOfRole},
    {"3D000", Errc::refused, "; create it there first"},
    {"3F000", Errc::refused, "; create it there first"},
    {"40", Errc::unavailable, ""},  // rolled back, so that another could go on
    {"42501", Errc::refused, "; its role may not do this"},
    {"53100", Errc::over_limit, "; nothing of this write was kept: free space on the database's disk"},
    {"53", Errc::unavailable, ""},  // memory, connections
    {"55006", Errc::unavailable, ""},
    {"55P03", Errc::unavailable, ""},
    {"57", Errc::unavailable, ""},  // it shuts down, has crashed, or took too long
    {"54", Errc::over_limit, ""},
    {"58030", Errc::io, ""},
    {"XX001", Errc::malformed, "; the database is damaged: restore a backup"},
    {"XX002", Errc::malformed, "; the database is damaged: REINDEX, or restore a backup"},
    {"XX", Errc::io, ""},
}};

const Meaning* meaning_of(std::string_view state) {
  const auto* const meaning = std::find_if(kMeanings.begin(), kMeanings.end(),
                                           [&](const Meaning& known) { return state.starts_with(known.start); });
  return meaning == kMeanings.end() ? nullptr : meaning;
}

std::string_view first_line(std::string_view words) {
  words = words.substr(0, words.find('\n'));
  return words.empty() ? "no reason given" : words;
}

// What libpq itself finds wrong with a server, in its own words, which it does not translate for a program that sets no
// locale: none of these goes away by itself.
struct OwnWords {
  std::string_view words;
  const char* advice;
};
constexpr const char* kOfTls = "; see sslmode and sslrootcert of the connection string";
constexpr std::array<OwnWords, 5> kOwnWords{{{"certificate verify failed", kOfTls},
                                             {"does not match host name", kOfTls},
                                             {"does not support SSL", kOfTls},
                                             {"root certificate file", kOfTls},
                                             {"no password supplied", kOfRole}}};

bool is_state(std::string_view word) {
  return word.size() == 5 && std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || is_upper(c); });
}

// Of "FATAL:  28P01: password authentication failed", 28P01, in whatever language; "": there is none.
std::string_view state_in(std::string_view line) {
  constexpr std::string_view kMark = ":  ";
  for (std::size_t mark = line.find(kMark); mark != line.npos; mark = line.find(kMark, mark + 1)) {
    const std::string_view rest = line.substr(mark + kMark.size());
    if (is_state(rest.substr(0, 5)) && rest.substr(5).starts_with(": ")) return rest.substr(0, 5);
  }
  return {};
}

// What one of the lines says for good; nullopt: it may be different soon.
std::optional<Error> refusal_in(std::string_view line, const std::string& text) {
  const auto* const own = std::find_if(kOwnWords.begin(), kOwnWords.end(),
                                       [&](const OwnWords& known) { return line.find(known.words) != line.npos; });
  if (own != kOwnWords.end()) return Error{Errc::refused, text + own->advice};
  const std::string_view state = state_in(line);
  if (state.empty()) return std::nullopt;
  const Meaning* const meaning = meaning_of(state);
  if (meaning == nullptr || meaning->code == Errc::unavailable) return std::nullopt;
  return Error{meaning->code, text + meaning->advice};
}

}  // namespace

Error postgresql_refusal(std::string_view words, std::string_view verbose, const std::string& place) {
  const std::string text = place + ": " + std::string(first_line(words));
  std::optional<Error> refused;
  while (!verbose.empty()) {
    const std::string_view line = take_line(verbose);
    // Each host has a line that begins with libpq's words; hints and details are behind it.
    if (line.find(" failed: ") == line.npos) continue;
    refused = refusal_in(line, text);
    if (!refused) break;
  }
  return refused ? *refused : Error{Errc::unavailable, text};
}

Error postgresql_failure(std::string_view state, std::string_view words, const std::string& place) {
  const std::string text = place + ": " + std::string(first_line(words));
  if (state.empty()) return {Errc::unavailable, text};
  const Meaning* const meaning = meaning_of(state);
  if (meaning == nullptr) return {Errc::io, text};
  return {meaning->code, text + meaning->advice};
}

}  // namespace initscan::server
