#include "initscan/analyze/byte_order.h"
#include "initscan/analyze/page_set.h"
#include "initscan/analyze/piece_reader.h"
#include "initscan/analyze/rpm_databases.h"

#include <string>
#include <utility>

// Page 0 describes the file; of the others those of a hash hold pairs of items, a key and its value, and an item that
// is too large for a page has its bytes in a chain of overflow pages. Which bucket a page is of does not matter here:
// every page is met once, in the order of the file, so that no chain of buckets can lead in a circle or past a package.
namespace initscan {
namespace {

constexpr std::uint32_t kHashMagic = 0x061561;
constexpr std::uint32_t kBtreeMagic = 0x053162;
constexpr std::size_t kMetaBytes = 72;      // that all kinds of databases have
constexpr std::size_t kPageHeadBytes = 26;  // without checksums and encryption
constexpr std::size_t kOffPageItemBytes = 12;
constexpr std::uint32_t kMinPageBytes = 512;
constexpr std::uint32_t kMaxPageBytes = 64 << 10;
constexpr std::size_t kKeyBytes = 4;

enum PageType : std::uint8_t { unsorted_hash_page = 2, overflow_page = 7, hash_page = 13 };
enum ItemType : std::uint8_t { item_here = 1, item_on_other_pages = 3 };

std::uint8_t byte_at(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint8_t>(bytes, offset, ByteOrder::little);
}

Error malformed(std::string text) {
  return {Errc::malformed, std::move(text)};
}

struct Meta {
  ByteOrder order;
  std::uint32_t page_bytes;
  std::uint32_t last_page;
};

// A page of either the file's own or this machine's order of bytes shows by the mark of its kind.
Result<ByteOrder> order_of(std::string_view meta) {
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    const auto magic = number_at<std::uint32_t>(meta, 12, order);
    if (magic == kHashMagic) return order;
    if (magic == kBtreeMagic)
      return Error{Errc::unsupported, "is a b-tree of Berkeley DB, which rpm has no packages in"};
  }
  return malformed("is not a database of Berkeley DB");
}

Result<Meta> meta_of(PieceReader& file) {
  const auto bytes = file.read(0, kMetaBytes);
  if (!bytes) return bytes.error();
  const auto order = order_of(*bytes);
  if (!order) return order.error();
  const auto field = [&](std::size_t offset) { return number_at<std::uint32_t>(*bytes, offset, *order); };
  const Meta meta{*order, field(20), field(32)};
  if (field(16) < 8 || field(16) > 10) {
    return Error{Errc::unsupported, "is a hash of version " + std::to_string(field(16)) + "; 8 to 10 are known"};
  }
  if (byte_at(*bytes, 24) != 0) return Error{Errc::unsupported, "is encrypted"};
  if (byte_at(*bytes, 26) != 0) return Error{Errc::unsupported, "has checksums or parts in other files"};
  const bool is_power_of_two = (meta.page_bytes & (meta.page_bytes - 1)) == 0;
  if (meta.page_bytes < kMinPageBytes || meta.page_bytes > kMaxPageBytes || !is_power_of_two) {
    return malformed("says that its pages have " + std::to_string(meta.page_bytes) + " bytes");
  }
  if (file.size() / meta.page_bytes <= meta.last_page) {
    return Error{Errc::truncated, "cut short: has " + std::to_string(file.size() / meta.page_bytes) +
                                      " pages, and says that page " + std::to_string(meta.last_page) + " is its last"};
  }
  return meta;
}

class BdbHash {
 public:
  BdbHash(PieceReader& file, const Meta& meta, const HeaderSink& sink)
      : file_(file), meta_(meta), sink_(sink), overflow_(meta.last_page + 1) {}

  Result<void> read() {
    for (std::uint32_t number = 1; number <= meta_.last_page; ++number) {
      const auto page = page_at(number);
      if (!page) return page.error();
      const std::uint8_t type = byte_at(*page, 25);
      if (type != hash_page && type != unsorted_hash_page) continue;
      const std::string own(*page);  // the pages of its items come in between
      auto read = read_pairs(own);
      if (!read) return std::move(read.error()).within("page " + std::to_string(number));
    }
    return {};
  }

 private:
  std::uint16_t half(std::string_view page, std::size_t offset) const {
    return number_at<std::uint16_t>(page, offset, meta_.order);
  }
  std::uint32_t word(std::string_view page, std::size_t offset) const {
    return number_at<std::uint32_t>(page, offset, meta_.order);
  }

  Result<std::string_view> page_at(std::uint32_t number) {
    auto page = file_.read(std::uint64_t{number} * meta_.page_bytes, meta_.page_bytes);
    // One that was never used has no number.
    if (page && byte_at(*page, 25) != 0 && word(*page, 8) != number) {
      return malformed("page " + std::to_string(number) + " calls itself " + std::to_string(word(*page, 8)));
    }
    return page;
  }

  // Items lie at the page's end, the first behind the others; each goes on to where the one before it begins.
  Result<std::string_view> item_at(std::string_view page, std::size_t index) const {
    const std::size_t place = kPageHeadBytes + 2 * index;
    const std::size_t end = index == 0 ? page.size() : half(page, place - 2);
    const std::size_t start = half(page, place);
    if (start < place + 2 || start >= end || end > page.size()) {
      return malformed("item " + std::to_string(index) + " is not in the page");
    }
    return page.substr(start, end - start);
  }

  Result<void> read_pairs(std::string_view page) {
    const std::size_t items = half(page, 20);
    if (items % 2 != 0 || kPageHeadBytes + 2 * items > page.size()) {
      return malformed("says that it has " + std::to_string(items) + " items");
    }
    for (std::size_t i = 0; i < items; i += 2) {
      const auto key = item_at(page, i);
      if (!key) return key.error();
      const auto value = item_at(page, i + 1);
      if (!value) return value.error();
      if (auto read = read_pair(*key, *value); !read) return read;
    }
    return {};
  }

  // The number of a package, in the order of the machine that wrote it, and its header. Under 0 is the last number.
  Result<void> read_pair(std::string_view key, std::string_view value) {
    if (byte_at(key, 0) != item_here || key.size() != 1 + kKeyBytes) return malformed("a key that is no number");
    const std::uint32_t number = word(key, 1);
    if (number == 0) return {};
    if (byte_at(value, 0) == item_here) return sink_(number, value.substr(1));
    if (byte_at(value, 0) != item_on_other_pages || value.size() != kOffPageItemBytes) {
      return malformed("package " + std::to_string(number) + " has a value of a kind that rpm does not write");
    }
    auto read = read_chain(number, word(value, 4), word(value, 8));
    if (!read) return std::move(read.error()).within("package " + std::to_string(number));
    return {};
  }

  Result<void> read_chain(std::uint32_t package, std::uint32_t page_number, std::size_t bytes) {
    if (bytes > kMaxRpmHeaderBytes) {
      return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxRpmHeaderBytes) + " bytes"};
    }
    chain_.clear();
    while (chain_.size() < bytes) {
      if (auto met = overflow_.meet(page_number); !met) return met;
      const auto page = page_at(page_number);
      if (!page) return page.error();
      const std::size_t used = half(*page, 22);
      if (byte_at(*page, 25) != overflow_page || used == 0 || used > page->size() - kPageHeadBytes ||
          used > bytes - chain_.size()) {
        return malformed("page " + std::to_string(page_number) + " does not go on with its header");
      }
      chain_ += page->substr(kPageHeadBytes, used);
      page_number = word(*page, 16);
    }
    return sink_(package, chain_);
  }

  PieceReader& file_;
  const Meta meta_;
  const HeaderSink& sink_;
  PageSet overflow_;
  std::string chain_;
};

}  // namespace

Result<void> read_rpm_bdb(const FileView& database, const HeaderSink& sink) {
  if (database.size() > kMaxRpmDatabaseBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxRpmDatabaseBytes) + " bytes"};
  }
  PieceReader file(database);
  const auto meta = meta_of(file);
  if (!meta) return meta.error();
  return BdbHash(file, *meta, sink).read();
}

}  // namespace initscan
