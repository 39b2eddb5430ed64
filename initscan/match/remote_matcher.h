#pragma once

#include "initscan/model/matcher.h"
#include "initscan/model/reason.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace initscan {

// How a server is asked, and what is expected of it.
struct RemoteMatching {
  std::function<std::string(const Sbom&)> document;  // what it is sent: CycloneDX

  /// Sends a document: the answer's text, or why there is none, with one of the ids of is_of_server().
  std::function<std::variant<std::string, Reason>(std::string_view document)> ask;

  /// Why what it matched with is too old; nullopt where it is not. `data_date`: of its newest advisory, or "".
  std::function<std::optional<std::string>(const MatchResult& result, std::string data_date)> too_old;

  /// Asked where the server could not, or is out of date; nullptr: nobody is. It outlives the matcher.
  const Matcher* instead = nullptr;
  std::string no_instead{};  // why nobody is, where somebody was to be; for people
};

// Lets a server match. Where it could not, the result says so (MatchResult::unavailable), and is of the local index or
// of none. To be used from one thread.
class RemoteMatcher : public Matcher {
 public:
  explicit RemoteMatcher(RemoteMatching how) : how_(std::move(how)) {}

  /// Errors: of the matcher that is asked instead.
  Result<MatchResult> match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const override;

  /// The oldest of those that were asked.
  std::string_view data_date() const override {
    return data_date_ ? std::string_view(*data_date_) : std::string_view();
  }

 private:
  Result<MatchResult> match_instead(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts,
                                    Reason reason) const;
  Reason without_other(Reason reason) const;
  void note_date(std::string_view date) const;

  RemoteMatching how_;
  mutable std::optional<std::string> data_date_;  // learnt with each answer
};

}  // namespace initscan
