// Runs a fuzz target over its corpus, so that a compiler without libFuzzer keeps the target alive.
// Each input is also cut short at several places: truncation is what a parser meets most often.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
  // A buffer of its own size, so that a sanitizer sees one byte past its end.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_DIR\n", argv[0]);
    return 64;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  if (files.empty()) {
    std::fprintf(stderr, "%s: no corpus\n", argv[1]);
    return 1;
  }
  std::sort(files.begin(), files.end());
  constexpr std::size_t kCuts = 64;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    run(bytes);
    for (std::size_t cut = 0; cut < kCuts; ++cut) run(bytes.substr(0, bytes.size() * cut / kCuts));
  }
  std::printf("%zu inputs, each also cut at %zu places\n", files.size(), kCuts);
}
