#include "tests/fuzz/rpm_database.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const initscan::BytesView file({reinterpret_cast<const char*>(data), size});
  initscan::read_within(size, [&](const initscan::HeaderSink& sink) { return read_rpm_bdb(file, sink); });
  return 0;
}
