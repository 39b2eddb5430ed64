#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

// Why a verdict is not a plain yes: what leaves an image undecided, what ends a scan before a verdict, and what is only
// told. Each has a stable id; `initscan help ID` explains it (report/meanings.h). Ids are never renamed: people search
// for them, and programs branch on them.
enum class ReasonId : std::uint8_t {
  // What an image's evidence lacks; a key of the policy says what comes of it.
  nothing_found,
  unmatched,
  no_data,
  not_compared,
  stale_data,
  undated_data,
  stale_overlay,
  epss_missing,
  end_of_life,
  unreadable,
  coverage_unknown,
  incomplete,
  walk_limit,
  release_contradiction,
  not_comparable,
  match_limit,
  // Why the server that was to match did not, or not with what it should know.
  server_unreachable,
  server_refused,
  server_answer,
  server_stale,
  server_replaced,
  // What keeps one image from being looked at.
  image_unreadable,
  reader_failed,
  sbom_unreadable,
  seal_missing,
  seal_wrong,
  no_image,
  // What ends the whole scan.
  policy_unreadable,
  index_unreadable,
  overlay_unreadable,
  nonce_unreadable,
  not_confined,
  output_failed,
  internal_error,
  // What is told of findings and of a policy's exemptions.
  malicious,
  known_exploited,
  doubt_accepted,
  exemption_expired,
  exemption_unused,
};

inline constexpr std::size_t kReasons = static_cast<std::size_t>(ReasonId::exemption_unused) + 1;

constexpr std::string_view to_string(ReasonId id) {
  switch (id) {
    case ReasonId::nothing_found: return "nothing-found";
    case ReasonId::unmatched: return "unmatched";
    case ReasonId::no_data: return "no-data";
    case ReasonId::not_compared: return "not-compared";
    case ReasonId::stale_data: return "stale-data";
    case ReasonId::undated_data: return "undated-data";
    case ReasonId::stale_overlay: return "stale-overlay";
    case ReasonId::epss_missing: return "epss-missing";
    case ReasonId::end_of_life: return "end-of-life";
    case ReasonId::unreadable: return "unreadable";
    case ReasonId::coverage_unknown: return "coverage-unknown";
    case ReasonId::incomplete: return "incomplete";
    case ReasonId::walk_limit: return "walk-limit";
    case ReasonId::release_contradiction: return "release-contradiction";
    case ReasonId::not_comparable: return "not-comparable";
    case ReasonId::match_limit: return "match-limit";
    case ReasonId::server_unreachable: return "server-unreachable";
    case ReasonId::server_refused: return "server-refused";
    case ReasonId::server_answer: return "server-answer";
    case ReasonId::server_stale: return "server-stale";
    case ReasonId::server_replaced: return "server-replaced";
    case ReasonId::image_unreadable: return "image-unreadable";
    case ReasonId::reader_failed: return "reader-failed";
    case ReasonId::sbom_unreadable: return "sbom-unreadable";
    case ReasonId::seal_missing: return "seal-missing";
    case ReasonId::seal_wrong: return "seal-wrong";
    case ReasonId::no_image: return "no-image";
    case ReasonId::policy_unreadable: return "policy-unreadable";
    case ReasonId::index_unreadable: return "index-unreadable";
    case ReasonId::overlay_unreadable: return "overlay-unreadable";
    case ReasonId::nonce_unreadable: return "nonce-unreadable";
    case ReasonId::not_confined: return "not-confined";
    case ReasonId::output_failed: return "output-failed";
    case ReasonId::internal_error: return "internal-error";
    case ReasonId::malicious: return "malicious";
    case ReasonId::known_exploited: return "known-exploited";
    case ReasonId::doubt_accepted: return "doubt-accepted";
    case ReasonId::exemption_expired: return "exemption-expired";
    case ReasonId::exemption_unused: return "exemption-unused";
  }
  return "incomplete";
}

/// Whether it says that the server could not match: nothing passes with it but by the policy's word (onUnavailable).
constexpr bool is_of_server(ReasonId id) {
  return id >= ReasonId::server_unreachable && id <= ReasonId::server_stale;
}

constexpr std::optional<ReasonId> reason_from(std::string_view id) {
  for (std::size_t i = 0; i < kReasons; ++i) {
    if (to_string(static_cast<ReasonId>(i)) == id) return static_cast<ReasonId>(i);
  }
  return std::nullopt;
}

// One reason of one image or of the whole verdict.
struct Reason {
  ReasonId id;
  std::string sentence;  // for people; may hold an image's own words

  bool operator==(const Reason&) const = default;
};

/// "no package was found [nothing-found]": as tables, messages and errors name it.
inline std::string with_id(std::string_view sentence, ReasonId id) {
  return std::string(sentence) + " [" + std::string(to_string(id)) + ']';
}

/// What ends a whole scan names its id in its own words: there is no verdict that could.
inline Error with_id(const Error& error, ReasonId id) {
  return {error.code, with_id(error.text, id)};
}

/// The id that an error's words end with; nullopt where there is none.
inline std::optional<ReasonId> id_in(const Error& error) {
  const std::string_view text = error.text;
  const std::size_t start = text.rfind('[');
  if (start == text.npos || !text.ends_with(']')) return std::nullopt;
  return reason_from(text.substr(start + 1, text.size() - start - 2));
}

}  // namespace initscan
