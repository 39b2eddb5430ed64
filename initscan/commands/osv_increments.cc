#include "initscan/commands/osv_increments.h"

#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/text/percent.h"
#include "common/text/visible.h"
#include "initscan/advisory/feed/osv_archive.h"
#include "initscan/fetch/kept_file.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>

namespace initscan {
namespace {

constexpr std::size_t kAtOnce = 100;  // records that one process fetches
constexpr std::size_t kMaxListingBytes = 64 << 20;
constexpr std::size_t kMaxRecordBytes = 64 << 20;

std::string listing_name(const FeedSource& source) {
  return source.name + ".csv";
}

// Ids of other letters than names of files have are told apart by their hashes.
std::string name_of_record(const std::string& id) {
  return sha256_hex(id) + ".json";
}

// "modified_id.csv" of "https://mirror.example.com/Debian/all.zip"
std::string beside(const FeedSource& source, const std::string& name) {
  return source.url.substr(0, source.url.rfind('/') + 1) + name;
}

Result<OsvRecords> read_listing(const std::string& path) {
  const auto text = read_file(path, kMaxListingBytes);
  if (!text) return text.error();
  auto listed = parse_osv_listing(*text);
  if (listed && listed->empty()) return Error{Errc::malformed, "a listing of nothing"};
  return listed;
}

// What came has to be what the listing speaks of, and not what a mirror had before.
Result<std::string> read_record(const FeedFormat& format, const std::string& path, const std::string& id,
                                const OsvMoment& least) {
  auto text = read_file(path, kMaxRecordBytes);
  if (!text) return text;
  const auto stamp = parse_osv_stamp(*text);
  if (!stamp) return stamp.error();
  if (stamp->first != id) return Error{Errc::malformed, "another record, " + stamp->first};
  if (stamp->second < least) return Error{Errc::malformed, "an older one than is listed"};
  if (auto sound = format.parse(*text, [](FeedRecord&&) {}); !sound) return sound.error();
  return text;
}

// Of kept files that nobody keeps: it goes with what is in it, also with what an update left that was killed.
class FolderOfRecords {
 public:
  explicit FolderOfRecords(std::string path) : path_(std::move(path)) { clear(); }
  FolderOfRecords(const FolderOfRecords&) = delete;
  FolderOfRecords& operator=(const FolderOfRecords&) = delete;
  ~FolderOfRecords() { clear(); }

  const std::string& path() const { return path_; }

 private:
  void clear() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string path_;
};

}  // namespace

Result<std::map<std::string, FetchLine>> OsvIncrements::bring(const std::vector<FeedSource>& sources) const {
  const FolderOfRecords records(folder_ + "/records");
  std::vector<const FeedSource*> begun;  // of which there is an archive to go on from
  std::vector<FetchTask> listings;
  for (const FeedSource& source : sources) {
    if (!source.has_listing || !KeptFile(folder_, source.name).origin()) continue;
    if (const KeptFile archive(folder_, source.name); !archive.new_origin()) archive.drop_new();  // cut off in a merge
    begun.push_back(&source);
    listings.push_back({listing_name(source), beside(source, "modified_id.csv")});
  }
  std::map<std::string, FetchLine> brought;
  if (listings.empty()) return brought;
  const auto fetched = fetch_(folder_, listings, kMaxListingBytes);
  if (!fetched) return fetched.error();
  for (std::size_t i = 0; i < begun.size(); ++i) {
    auto line = bring_one(*begun[i], (*fetched)[i], records.path());
    if (line) {
      brought.emplace(begun[i]->name, std::move(*line));
    } else {
      // The whole archive may be older than what was merged: that the listing is the same then says nothing.
      KeptFile(folder_, listing_name(*begun[i])).forget();
      std::printf("  %s: all of it is fetched: %s\n", begun[i]->name.c_str(), visible(line.error().text).c_str());
    }
  }
  return brought;
}

Result<FetchLine> OsvIncrements::bring_one(const FeedSource& source, const FetchLine& listing,
                                           const std::string& records) const {
  FetchLine line{FetchLine::Kind::unchanged, source.name, 0, 0, {}};
  if (listing.kind == FetchLine::Kind::unchanged) return line;
  if (listing.kind != FetchLine::Kind::fetched) return Error{Errc::unavailable, listing.words};
  const KeptFile list(folder_, listing_name(source));
  const KeptFile archive(folder_, source.name);
  const auto drop = [&](const Error& error) {
    list.drop_new();
    return Error(error).within("what changed is not known");
  };
  const auto listed = read_listing(list.new_path());
  if (!listed) return drop(Error(listed.error()).within("its listing"));
  const auto known = records_in(archive.path());
  if (!known) return drop(known.error());
  const OsvDifference difference = difference_of(*known, *listed);
  if (difference.gone * 100 > known->size() * kMostGonePercent) {
    return drop({Errc::malformed, "its listing lacks " + std::to_string(difference.gone) + " of " +
                                      std::to_string(known->size()) + " records"});
  }
  if (difference.changed.size() > kMostChangedRecords) {
    list.drop_new();
    return Error{Errc::over_limit, std::to_string(difference.changed.size()) + " records have changed"};
  }
  if (!difference.changed.empty() || difference.gone > 0) {
    const auto documents = documents_of(source, difference.changed, *listed, records);
    if (!documents) return drop(documents.error());
    if (auto merged = merge_osv_archive(archive.path(), *documents, *listed, archive.new_path()); !merged) {
      return drop(merged.error());
    }
    if (auto used = archive.replace(); !used) return used.error();
    line.words =
        std::to_string(difference.changed.size()) + " records fetched, " + std::to_string(difference.gone) + " gone";
  }
  // Only now: a listing that is in use is one of which all was brought.
  if (auto used = list.accept(); !used) return used.error();
  return line;
}

Result<std::map<std::string, std::string>> OsvIncrements::documents_of(const FeedSource& source,
                                                                       const std::vector<std::string>& ids,
                                                                       const OsvRecords& listed,
                                                                       const std::string& folder) const {
  std::map<std::string, std::string> documents;
  if (auto made = make_kept_folder(folder); !made) return made.error();
  for (std::size_t first = 0; first < ids.size(); first += kAtOnce) {
    const auto some = std::span(ids).subspan(first, std::min(kAtOnce, ids.size() - first));
    std::vector<FetchTask> tasks;
    for (const std::string& id : some) {
      tasks.push_back({name_of_record(id), beside(source, percent_encode(id, "._-") + ".json")});
    }
    const auto lines = fetch_(folder, tasks, kMaxRecordBytes);
    if (!lines) return lines.error();
    for (std::size_t i = 0; i < some.size(); ++i) {
      if ((*lines)[i].kind != FetchLine::Kind::fetched) return Error{Errc::unavailable, (*lines)[i].words};
      const KeptFile file(folder, tasks[i].name);
      auto text = read_record(*source.format, file.new_path(), some[i], listed.at(some[i]));
      if (!text) return Error(text.error()).within(some[i]);
      documents.emplace(some[i], std::move(*text));
    }
  }
  return documents;
}

}  // namespace initscan
