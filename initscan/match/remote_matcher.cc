#include "initscan/match/remote_matcher.h"

#include "common/crypto/sha256.h"
#include "initscan/match/doubts.h"
#include "initscan/match/match_answer.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

// An answer that is about what was sent.
std::variant<MatchAnswer, Reason> understood(std::string_view text, std::string_view document, const Sbom& sbom) {
  auto answer = read_match_answer(text, sbom);
  if (!answer) return Reason{ReasonId::server_answer, "the server's answer: " + answer.error().text};
  if (answer->sbom_sha256 != sha256_hex(document)) {
    return Reason{ReasonId::server_answer, "the server's answer is about another SBOM than the one that was sent"};
  }
  return std::move(*answer);
}

MatchResult handed_over(MatchAnswer answer, const FindingSink& sink, const DoubtSink& accepts) {
  MatchResult result = std::move(answer.result);
  for (Finding& finding : std::exchange(result.findings, {})) sink(std::move(finding));
  Doubts doubts(accepts);
  for (const auto& [finding, why] : answer.doubts) doubts.add(finding, why, result);
  doubts.conclude(result);
  return result;
}

}  // namespace

Result<MatchResult> RemoteMatcher::match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const {
  const std::string document = how_.document(sbom);
  auto text_or_reason = how_.ask(document);
  if (auto* const reason = std::get_if<Reason>(&text_or_reason)) {
    return match_instead(sbom, sink, accepts, std::move(*reason));
  }
  auto answer_or_reason = understood(std::get<std::string>(text_or_reason), document, sbom);
  if (auto* const reason = std::get_if<Reason>(&answer_or_reason)) {
    return match_instead(sbom, sink, accepts, std::move(*reason));
  }
  MatchAnswer& answer = std::get<MatchAnswer>(answer_or_reason);
  std::optional<Reason> stale;
  if (const auto why = how_.too_old(answer.result, answer.data_date)) {
    stale = Reason{ReasonId::server_stale, "the server's index is too old: " + *why};
    if (how_.instead != nullptr) return match_instead(sbom, sink, accepts, std::move(*stale));
    stale = without_other(std::move(*stale));
  }
  // From here on the answer is used: also an old one, whose findings are no less true.
  note_date(answer.data_date);
  MatchResult result = handed_over(std::move(answer), sink, accepts);
  result.unavailable = std::move(stale);
  return result;
}

Result<MatchResult> RemoteMatcher::match_instead(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts,
                                                 Reason reason) const {
  if (how_.instead == nullptr) {
    MatchResult nothing;
    nothing.unavailable = without_other(std::move(reason));
    return nothing;
  }
  auto result = how_.instead->match(sbom, sink, accepts);
  if (!result) return result;
  note_date(how_.instead->data_date());
  result->unavailable =
      Reason{ReasonId::server_replaced, "the local index was asked instead: " + with_id(reason.sentence, reason.id)};
  return result;
}

// Where nobody else is asked.
Reason RemoteMatcher::without_other(Reason reason) const {
  if (!how_.no_instead.empty()) reason.sentence += "; " + how_.no_instead;
  reason.sentence += " (onUnavailable)";
  return reason;
}

void RemoteMatcher::note_date(std::string_view date) const {
  data_date_ = data_date_ ? std::min<std::string>(*data_date_, std::string(date)) : std::string(date);
}

}  // namespace initscan
