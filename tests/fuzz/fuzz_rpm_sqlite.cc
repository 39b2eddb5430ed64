#include "initscan/analyze/byte_order.h"
#include "tests/fuzz/rpm_database.h"

// The bytes of the database's length, big-endian, the database, and then its log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size < 4) return 0;
  const std::size_t length = initscan::number_at<std::uint32_t>(bytes, 0, initscan::ByteOrder::big);
  bytes.remove_prefix(4);
  const initscan::BytesView database(bytes.substr(0, length));
  const initscan::BytesView log(bytes.substr(std::min(length, bytes.size())));
  initscan::read_within(size, [&](const initscan::HeaderSink& sink) { return read_rpm_sqlite(database, &log, sink); });
  return 0;
}
