#pragma once

#include "common/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace initscan {

inline constexpr std::uint64_t kMaxDownloadBytes = std::uint64_t{2} << 30;
inline constexpr std::size_t kMaxOriginText = 2048;  // of one of its texts: a longer one is not kept

// Where a file came from, and which state of it, as its server names them (RFC 9110, section 8.8).
struct Origin {
  std::string url;
  std::string etag;           // with its quotes; "": none
  std::string last_modified;  // "": not said
  std::uint64_t bytes = 0;    // of the whole file; 0: not said

  bool operator==(const Origin&) const = default;
};

/// Makes a folder for kept files, and those above it. Errors: io, refused.
Result<void> make_kept_folder(const std::string& path);

/// Removes from it what processes left that ended while they wrote. Nobody else may be writing there.
void clear_kept_folder(const std::string& path);

// A file that is kept from one download to the next. Three states of it are in the folder, each with a note of its
// origin: the one in use, in new/ one that nobody has looked at, and in part/ what has come of one. Whenever a process
// ends, the one in use is whole.
class KeptFile {
 public:
  KeptFile(const std::string& folder, const std::string& name)
      : path_(folder + '/' + name), new_path_(folder + "/new/" + name), part_path_(folder + "/part/" + name) {}

  const std::string& path() const { return path_; }
  const std::string& new_path() const { return new_path_; }
  const std::string& part_path() const { return part_path_; }

  /// Of the one in use, or the new one. nullopt: it is not there, or is no longer as it was noted.
  std::optional<Origin> origin() const { return whole_at(path_); }
  std::optional<Origin> new_origin() const { return whole_at(new_path_); }

  // A part, and how much is there of it.
  struct Part {
    Origin origin;
    std::uint64_t bytes = 0;
  };
  std::optional<Part> part() const;

  /// Notes the origin of a part that begins. Errors, as of all below: io, refused.
  Result<void> note_part(const Origin& origin) const;

  /// Makes a part that is complete the new one.
  Result<void> complete(const Origin& origin) const;

  /// Takes the new one into use.
  Result<void> accept() const;

  /// Takes into use what somebody made of the one in use, and put in the new one's place. Its origin stays: what its
  /// server had then is in it.
  Result<void> replace() const;

  /// Of the one in use: the next time all of it is sent.
  void forget() const;

  void drop_new() const;
  void drop_part() const;

 private:
  static std::optional<Origin> whole_at(const std::string& path);

  std::string path_;
  std::string new_path_;
  std::string part_path_;
};

}  // namespace initscan
