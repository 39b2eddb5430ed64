#pragma once

#include "audit/collect/input_files.h"
#include "common/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace initscan::audit {

inline constexpr std::size_t kMaxListsInLists = 4;
inline constexpr std::size_t kMaxNamingLists = 10'000;  // of one file, that say what their items are

// Receives the objects of a file. The views are valid during the visit.
struct ObjectVisitor {
  std::function<void(std::string_view api_version, std::string_view kind, const simdjson::dom::element& object,
                     const std::string& place)>
      object;
  std::function<void(const std::string& place, const Error& error)> unreadable;
};

// A file of API objects, JSON or YAML, as its first bytes say: lists of kubectl and of the API server, single
// objects, many documents.
class ObjectFile {
 public:
  explicit ObjectFile(InputFile file) : file_(std::move(file)) {}

  const std::string& name() const { return file_.name; }

  /// Visits every object there is. The file can be visited again.
  /// Errors (without the file's name): of the file as a whole, from some place on: io, truncated, malformed.
  Result<void> visit(const ObjectVisitor& visitor);

  /// The items of an API server's list have no kind, and the list may give it after them: then they have
  /// none in the first visit, and this is true after it.
  bool wants_another_visit() const { return wants_another_visit_; }

  /// Whether the last visit saw a list of pods that continues on another page, and whether it saw one that ends.
  bool has_page_before_last() const { return has_page_before_last_; }
  bool has_last_page() const { return has_last_page_; }

 private:
  struct Walk;

  InputFile file_;
  std::map<std::size_t, std::string> item_kinds_;  // by document, of lists whose items do not say it
  bool wants_another_visit_ = false;
  bool has_page_before_last_ = false;
  bool has_last_page_ = false;
};

}  // namespace initscan::audit
