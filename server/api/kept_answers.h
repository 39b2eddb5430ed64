#pragma once

#include "common/http/exchange.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace initscan::server {

inline constexpr std::size_t kMaxKeptBytes = std::size_t{16} << 20;  // of all answers
inline constexpr std::size_t kMaxKeptAnswer = std::size_t{2} << 20;  // of one
inline constexpr std::chrono::seconds kKeptFor{60};                  // what an answer says of ages and ends is as old

enum class Question : std::uint8_t { scan, match };

// What an answer depends on, beside the server's policy.
struct Asked {
  Question question = Question::scan;
  std::string sbom_sha256;  // as it came
  std::string index;        // OpenIndex::identity() of the one that answers
  std::string image;        // what the answer calls it

  bool operator==(const Asked&) const = default;
};

// An answer, and the verdict in it.
struct KeptAnswer {
  std::shared_ptr<const std::string> body;
  std::string verdict;
};

// Answers to what was asked within the last minute: where a workload starts, each of its pods sends the same SBOM.
// What was not asked for longest goes first. Safe to use from several threads.
class KeptAnswers {
 public:
  using Clock = std::chrono::steady_clock;

  std::optional<KeptAnswer> find(const Asked& asked, Clock::time_point now);

  /// Keeps a copy of an answer, unless it is too large.
  void keep(Asked asked, const std::string& body, std::string verdict, Clock::time_point now);

 private:
  struct Entry {
    Asked asked;
    KeptAnswer answer;
    Clock::time_point end;
  };
  struct Hash {
    std::size_t operator()(const Asked& asked) const;
  };
  using Entries = std::list<Entry>;  // what was asked for last comes first

  static std::size_t bytes_of(const Asked& asked, const std::string& body);
  void drop(Entries::iterator entry);

  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<Asked, Entries::iterator, Hash> places_;
  std::size_t bytes_ = 0;
};

}  // namespace initscan::server
