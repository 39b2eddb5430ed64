#include "initscan/analyze/byte_order.h"
#include "initscan/analyze/piece_reader.h"
#include "initscan/analyze/rpm_databases.h"

#include <algorithm>
#include <string>
#include <vector>

// The file begins with pages of slots of 16 bytes; the first two are its head. Each slot that is used says where the
// blob of a package is, in blocks of 16 bytes; a blob has a head and a tail of its own. Numbers are little-endian.
namespace initscan {
namespace {

constexpr std::uint32_t kFileMagic = 0x506d7052;  // "RpmP"
constexpr std::uint32_t kSlotMagic = 0x746f6c53;  // "Slot"
constexpr std::uint32_t kHeadMagic = 0x53626c42;  // "BlbS"
constexpr std::uint32_t kTailMagic = 0x45626c42;  // "BlbE"
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kSlotBytes = 16;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kFileHeadBytes = 32;
constexpr std::size_t kHeadBytesOfBlob = 16;
constexpr std::size_t kTailBytes = 12;
constexpr std::uint32_t kMaxSlotPages = 4096;  // for 1,048,574 packages

std::uint32_t number_in(std::string_view bytes, std::size_t offset) {
  return number_at<std::uint32_t>(bytes, offset, ByteOrder::little);
}

// Source: RFC 1950, section 8.2.
class Adler32 {
 public:
  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      // So many do not overflow 32 bits.
      const std::string_view part = bytes.substr(0, 5552);
      bytes.remove_prefix(part.size());
      for (const char byte : part) {
        a_ += static_cast<unsigned char>(byte);
        b_ += a_;
      }
      a_ %= kModulus;
      b_ %= kModulus;
    }
  }

  std::uint32_t sum() const { return b_ << 16 | a_; }

 private:
  static constexpr std::uint32_t kModulus = 65521;
  std::uint32_t a_ = 1, b_ = 0;
};

struct Slot {
  std::uint32_t package, first_block, blocks;
};

Error in_slot(std::uint64_t slot, std::string text) {
  return {Errc::malformed, "slot " + std::to_string(slot) + ": " + std::move(text)};
}

Result<std::uint32_t> slot_pages_of(PieceReader& file) {
  const auto head = file.read(0, kFileHeadBytes);
  if (!head) return head.error();
  if (number_in(*head, 0) != kFileMagic) return Error{Errc::malformed, "is not a database of rpm's ndb"};
  if (const std::uint32_t version = number_in(*head, 4); version != 0) {
    return Error{Errc::unsupported, "is of version " + std::to_string(version) + " of ndb, and 0 alone is known"};
  }
  const std::uint32_t pages = number_in(*head, 12);
  if (pages == 0) return Error{Errc::malformed, "says that it has no slots"};
  if (pages > kMaxSlotPages) {
    return Error{Errc::over_limit, "says that it has " + std::to_string(pages) + " pages of slots, more than " +
                                       std::to_string(kMaxSlotPages)};
  }
  return pages;
}

Result<std::vector<Slot>> used_slots(PieceReader& file, std::uint32_t pages) {
  std::vector<Slot> slots;
  for (std::uint64_t at = kFileHeadBytes; at < pages * kPageBytes; at += kSlotBytes) {
    const auto bytes = file.read(at, kSlotBytes);
    if (!bytes) return bytes.error();
    const std::uint64_t number = at / kSlotBytes;
    if (number_in(*bytes, 0) != kSlotMagic) return in_slot(number, "has no mark of one");
    const Slot slot{number_in(*bytes, 4), number_in(*bytes, 8), number_in(*bytes, 12)};
    if (slot.first_block == 0) continue;
    if (slot.package == 0 || slot.blocks == 0) return in_slot(number, "is used and names no package");
    if (slot.first_block < pages * (kPageBytes / kBlockBytes)) return in_slot(number, "its package lies in the slots");
    slots.push_back(slot);
  }
  return slots;
}

// In the order of the file, in which each byte belongs to one package.
Result<void> put_in_order(std::vector<Slot>& slots) {
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.first_block < b.first_block; });
  for (std::size_t i = 1; i < slots.size(); ++i) {
    const Slot& before = slots[i - 1];
    if (slots[i].first_block - before.first_block >= before.blocks) continue;
    return Error{Errc::malformed, "package " + std::to_string(before.package) + " and package " +
                                      std::to_string(slots[i].package) + " lie in the same place"};
  }
  return {};
}

Result<void> read_blob(PieceReader& file, const Slot& slot, const HeaderSink& sink) {
  const auto bad = [](std::string text) { return Error{Errc::malformed, std::move(text)}; };
  const std::uint64_t bytes = std::uint64_t{slot.blocks} * kBlockBytes;
  if (bytes > kMaxRpmHeaderBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxRpmHeaderBytes) + " bytes"};
  }
  const auto blob = file.read(std::uint64_t{slot.first_block} * kBlockBytes, static_cast<std::size_t>(bytes));
  if (!blob) return blob.error();
  const std::size_t length = number_in(*blob, 12);
  const std::size_t needed = kHeadBytesOfBlob + length + kTailBytes;
  if (number_in(*blob, 0) != kHeadMagic) return bad("there is no mark where it begins");
  if (number_in(*blob, 4) != slot.package) return bad("it calls itself package " + std::to_string(number_in(*blob, 4)));
  if ((needed + kBlockBytes - 1) / kBlockBytes != slot.blocks) return bad("its length contradicts its slot's");
  const std::string_view tail = blob->substr(blob->size() - kTailBytes);
  if (number_in(tail, 8) != kTailMagic || number_in(tail, 4) != length) return bad("there is no mark where it ends");
  Adler32 sum;
  sum.add(blob->substr(0, blob->size() - kTailBytes));
  if (number_in(tail, 0) != sum.sum()) return bad("its checksum is wrong");
  return sink(slot.package, blob->substr(kHeadBytesOfBlob, length));
}

}  // namespace

Result<void> read_rpm_ndb(const FileView& database, const HeaderSink& sink) {
  if (database.size() > kMaxRpmDatabaseBytes) {
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxRpmDatabaseBytes) + " bytes"};
  }
  PieceReader file(database);
  const auto pages = slot_pages_of(file);
  if (!pages) return pages.error();
  auto slots = used_slots(file, *pages);
  if (!slots) return slots.error();
  if (auto in_order = put_in_order(*slots); !in_order) return in_order;
  for (const Slot& slot : *slots) {
    auto read = read_blob(file, slot, sink);
    if (!read) return std::move(read.error()).within("package " + std::to_string(slot.package));
  }
  return {};
}

}  // namespace initscan
