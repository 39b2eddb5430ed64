#include "initscan/report/gate_line.h"
#include "server/pods/gate_line_reader.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What is read is what would be written: there is one way to say it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto line = initscan::server::read_gate_line(message);
  const std::string_view words = initscan::words_for_people(message);
  if (!message.ends_with(words)) std::abort();
  if (!line) return 0;
  if (message.size() - words.size() > initscan::kMaxGateLineBytes) std::abort();
  if (message.substr(0, message.size() - words.size()) != initscan::write_gate_line(*line)) std::abort();
  return 0;
}
