#include "initscan/analyze/sqlite_pages.h"

#include "initscan/analyze/byte_order.h"

#include <string>
#include <utility>

namespace initscan {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kHeadBytes = 100;
constexpr std::uint32_t kMinUsableBytes = 480;
constexpr std::uint32_t kUtf8 = 1;

constexpr std::uint32_t kLogMagic = 0x377f0682;  // and one more where the checksums are big-endian
constexpr std::uint32_t kLogVersion = 3'007'000;
constexpr std::size_t kLogHeadBytes = 32;
constexpr std::size_t kFrameHeadBytes = 24;

std::uint32_t word(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset, ByteOrder::big);
}

std::uint16_t half(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint16_t>(bytes, offset, ByteOrder::big);
}

bool is_page_size(std::uint32_t bytes) {
  return bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) == 0;
}

Error too_large(std::string_view what) {
  return {Errc::over_limit,
          std::string(what) + "larger than the limit of " + std::to_string(kMaxSqliteBytes) + " bytes"};
}

// Over the log's head and over each frame, one after the other. Source: fileformat2.html, section 4.2.
struct LogSum {
  ByteOrder order;
  std::uint32_t a = 0, b = 0;

  void add(std::string_view bytes) {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      a += number_at<std::uint32_t>(bytes, i, order) + b;
      b += number_at<std::uint32_t>(bytes, i + 4, order) + a;
    }
  }
};

}  // namespace

Result<SqlitePages> SqlitePages::open(const FileView& database, const FileView* log) {
  if (database.size() > kMaxSqliteBytes) return too_large("");
  SqlitePages pages(database);
  const auto head = pages.database_.read(0, kHeadBytes);
  if (!head) return head.error();
  if (!head->starts_with(kMagic)) return Error{Errc::malformed, "is not a database of SQLite"};
  pages.page_bytes_ = half(*head, 16) == 1 ? 65536 : half(*head, 16);
  if (!is_page_size(pages.page_bytes_)) {
    return Error{Errc::malformed, "says that its pages have " + std::to_string(pages.page_bytes_) + " bytes"};
  }
  pages.pages_ = static_cast<std::uint32_t>(database.size() / pages.page_bytes_);
  if (log != nullptr) {
    if (auto read = pages.read_log(*log); !read) return std::move(read.error()).within("its log");
  }
  if (auto read = pages.read_head(); !read) return read.error();
  return pages;
}

// What a crash left behind a log's last completed change counts for nothing, whatever it is: so says SQLite.
Result<void> SqlitePages::read_log(const FileView& log) {
  if (log.size() == 0) return {};
  if (log.size() > kMaxSqliteBytes) return too_large("");
  log_.emplace(log);
  const auto head = log_->read(0, kLogHeadBytes);
  if (!head) return head.error();
  LogSum sum{word(*head, 0) == kLogMagic ? ByteOrder::little : ByteOrder::big};
  sum.add(head->substr(0, 24));
  if ((word(*head, 0) & ~1U) != kLogMagic || word(*head, 4) != kLogVersion || word(*head, 8) != page_bytes_ ||
      word(*head, 24) != sum.a || word(*head, 28) != sum.b) {
    return Error{Errc::malformed, "has no head that fits the database"};
  }
  const std::string salts(head->substr(16, 8));

  std::unordered_map<std::uint32_t, std::uint64_t> since_commit;
  std::size_t frames = 0;
  for (std::uint64_t at = kLogHeadBytes; at + kFrameHeadBytes + page_bytes_ <= log.size();
       at += kFrameHeadBytes + page_bytes_) {
    const auto frame = log_->read(at, kFrameHeadBytes + page_bytes_);
    if (!frame) return frame.error();
    sum.add(frame->substr(0, 8));
    sum.add(frame->substr(kFrameHeadBytes));
    if (frame->substr(8, 8) != salts || word(*frame, 16) != sum.a || word(*frame, 20) != sum.b) break;
    if (++frames > kMaxSqliteLogPages) {
      return Error{Errc::over_limit, "more than " + std::to_string(kMaxSqliteLogPages) + " pages"};
    }
    since_commit[word(*frame, 0)] = at + kFrameHeadBytes;
    if (const std::uint32_t pages = word(*frame, 4); pages != 0) {
      if (pages > kMaxSqliteBytes / page_bytes_) return too_large("says that the database is ");
      for (const auto& [page, place] : since_commit) in_log_[page] = place;
      since_commit.clear();
      pages_ = pages;
    }
  }
  return {};
}

// Page 1 begins with the head, which may be in the log.
Result<void> SqlitePages::read_head() {
  const auto first = page(1);
  if (!first) return first.error();
  reserved_bytes_ = number_at<std::uint8_t>(*first, 20, ByteOrder::big);
  const std::uint32_t encoding = word(*first, 56);
  if (page_bytes_ - reserved_bytes_ < kMinUsableBytes) {
    return Error{Errc::malformed, "says that nearly nothing of its pages is used"};
  }
  if (encoding > kUtf8) return Error{Errc::unsupported, "its texts are not in UTF-8"};
  // The count of pages is right where the last who changed the file knew of it; files from before 2010 have none.
  const std::uint32_t counted = word(*first, 28);
  const bool is_valid = counted != 0 && word(*first, 24) == word(*first, 92);
  if (is_valid && counted > pages_) {
    return Error{Errc::truncated, "cut short: says that it has " + std::to_string(counted) + " pages, and has " +
                                      std::to_string(pages_)};
  }
  return {};
}

Result<std::string_view> SqlitePages::page(std::uint32_t number) {
  if (number == 0 || number > pages_) {
    return Error{Errc::malformed, "page " + std::to_string(number) + " is behind the last, " + std::to_string(pages_)};
  }
  if (const auto place = in_log_.find(number); place != in_log_.end()) return log_->read(place->second, page_bytes_);
  return database_.read(std::uint64_t{number - 1} * page_bytes_, page_bytes_);
}

}  // namespace initscan
