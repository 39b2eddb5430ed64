#pragma once

#include "initscan/advisory/feed/feed.h"

#include <string_view>
#include <vector>

namespace initscan {

// All records of a text, and the error that ended it or "".
struct Parsed {
  std::vector<FeedRecord> records;
  std::string error;
};

inline Parsed parsed(Result<void> (*parse)(std::string_view, const RecordSink&), std::string_view text) {
  Parsed result;
  const auto done = parse(text, [&](FeedRecord&& record) { result.records.push_back(std::move(record)); });
  if (!done) result.error = done.error().text;
  return result;
}

}  // namespace initscan
