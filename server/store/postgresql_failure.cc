#include "server/store/postgresql_failure.h"

#include <algorithm>
#include <array>

namespace initscan::server {
namespace {

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
    {"28", Errc::refused, "; see pg_hba.conf there, and the role and its password here"},
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

std::string_view first_line(std::string_view words) {
  words = words.substr(0, words.find('\n'));
  return words.empty() ? "no reason given" : words;
}

}  // namespace

Error postgresql_failure(std::string_view state, std::string_view words, const std::string& place) {
  const std::string text = place + ": " + std::string(first_line(words));
  if (state.empty()) return {Errc::unavailable, text};
  const auto meaning = std::find_if(kMeanings.begin(), kMeanings.end(),
                                    [&](const Meaning& known) { return state.starts_with(known.start); });
  if (meaning == kMeanings.end()) return {Errc::io, text};
  return {meaning->code, text + meaning->advice};
}

}  // namespace initscan::server
