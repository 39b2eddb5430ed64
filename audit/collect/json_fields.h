#pragma once

#include "audit/model/pod.h"
#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace initscan::audit {

inline constexpr std::size_t kMaxTextBytes = 1 << 20;   // of one string; etcd takes objects of 1.5 MiB
inline constexpr std::size_t kMaxMapEntries = 10'000;   // of labels, annotations, selectors
inline constexpr std::size_t kMaxListEntries = 10'000;  // of any other list

// The fields of one JSON object of the API, read by their types. null is as good as absent. A field of another type
// is an error; the first one is kept, with its place, and what is read after it means nothing: read everything,
// then look for the error once.
class JsonFields {
 public:
  /// `first_error` outlives this and all that come from it.
  JsonFields(const simdjson::dom::element& root, std::optional<Error>& first_error);

  // A child knows its parent, for the place in errors: none may come from a temporary.
  JsonFields object(std::string_view key) const&;
  JsonFields object(std::string_view key) const&& = delete;

  bool exists() const { return exists_; }
  bool has(std::string_view key) const { return at(key).has_value(); }

  std::string_view text(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::optional<std::int64_t> number(std::string_view key) const;
  std::optional<Time> time(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  StringMap text_map(std::string_view key) const;

  /// Visits the key and the value of each field that is there.
  template <class Visit>
  void each_value(Visit visit) const {
    if (!exists_) return;
    for (const auto entry : object_) {
      if (!entry.value.is_null()) visit(entry.key, entry.value);
    }
  }

  /// The key of the first field that exists and is not `but`; "" if there is none.
  std::string_view other_key(std::string_view but) const;

  /// Visits each object of a list.
  template <class Visit>
  void each(std::string_view key, std::size_t most, Visit visit) const {
    std::size_t index = 0;
    for (const simdjson::dom::element item : list(key, most)) {
      const JsonFields fields(item, *this, key, index++);
      visit(fields);
    }
  }

  /// Notes that a field has not the form that it must have.
  void fail(std::string_view key, std::string_view want, Errc code = Errc::malformed) const;

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  JsonFields(const simdjson::dom::element& value, const JsonFields& parent, std::string_view key, std::size_t index);

  std::optional<simdjson::dom::element> at(std::string_view key) const;
  std::vector<simdjson::dom::element> list(std::string_view key, std::size_t most) const;
  std::string_view text_of(const simdjson::dom::element& value, std::string_view key) const;
  std::string place() const;

  std::optional<Error>& first_error_;
  const JsonFields* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = kNoIndex;
  bool exists_ = false;
  simdjson::dom::object object_;
};

}  // namespace initscan::audit
