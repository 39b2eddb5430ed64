#include "server/api/kept_answers.h"

#include <functional>
#include <iterator>
#include <utility>

namespace initscan::server {
namespace {

constexpr std::size_t kBytesOfEntry = 512;  // beside its texts: nodes, and where they are

}  // namespace

std::size_t KeptAnswers::Hash::operator()(const Asked& asked) const {
  return std::hash<std::string>()(asked.sbom_sha256);
}

std::size_t KeptAnswers::bytes_of(const Asked& asked, const std::string& body) {
  return kBytesOfEntry + body.size() + 2 * asked.image.size();  // which is in the key, too
}

void KeptAnswers::drop(Entries::iterator entry) {
  bytes_ -= bytes_of(entry->asked, *entry->answer.body);
  places_.erase(entry->asked);
  entries_.erase(entry);
}

std::optional<KeptAnswer> KeptAnswers::find(const Asked& asked, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(asked);
  if (found == places_.end()) return std::nullopt;
  const auto entry = found->second;
  if (now >= entry->end) {
    drop(entry);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->answer;
}

void KeptAnswers::keep(Asked asked, const std::string& body, std::string verdict, Clock::time_point now) {
  const std::size_t bytes = bytes_of(asked, body);
  if (bytes > kMaxKeptAnswer) return;
  auto copy = std::make_shared<const std::string>(body);
  const std::lock_guard lock(mutex_);
  if (const auto before = places_.find(asked); before != places_.end()) drop(before->second);
  Entry entry{std::move(asked), {std::move(copy), std::move(verdict)}, now + kKeptFor};
  while (!entries_.empty() && bytes_ + bytes > kMaxKeptBytes) drop(std::prev(entries_.end()));
  entries_.push_front(std::move(entry));
  places_.emplace(entries_.front().asked, entries_.begin());
  bytes_ += bytes;
}

}  // namespace initscan::server
