// What indexes cost, for benchmarks:
//   index_figures parse TAR          reads the files of a feed and parses each as JSON, and nothing else: the floor
//   index_figures vex ROWS INDEX     builds an index of as many rows as a vendor's VEX documents come to
//   index_figures lookup INDEX       opens it, and prints how long that and lookups of packages took, as JSON
#include "common/file_io.h"
#include "initscan/advisory/feed/feed_files.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <simdjson.h>

namespace {

using namespace initscan;

int failed(const Error& error) {
  std::fprintf(stderr, "index_figures: error: %s\n", error.text.c_str());
  return 1;
}

int parse(const std::string& path) {
  simdjson::dom::parser parser(64 << 20);
  std::size_t documents = 0;
  const auto any = [](std::string_view) { return true; };
  const auto read = for_each_feed_file(path, any, [&](std::string_view bytes) -> Result<void> {
    simdjson::dom::element root;
    if (parser.parse(bytes.data(), bytes.size()).get(root) != simdjson::SUCCESS)
      return Error{Errc::malformed, "not JSON"};
    ++documents;
    return {};
  });
  if (!read) return failed(read.error());
  std::printf("%zu\n", documents);
  return 0;
}

// A document says of a vulnerability what becomes of it in some hundred packages, for each product and architecture:
// most are not affected, as in what vendors publish.
constexpr std::size_t kRowsOfDocument = 100;
constexpr std::size_t kPackages = 40'000;
constexpr std::size_t kModules = 60;
std::size_t wanted_rows = 0;

AffectedPackage statement(std::size_t document, std::size_t row) {
  const std::size_t seed = document * 7919 + row * 104'729;
  AffectedPackage affected;
  affected.ecosystem = "Red Hat:" + std::to_string(7 + row % 3);
  affected.name = "package-" + std::to_string(seed % kPackages);
  const std::string release = std::to_string(7 + row % 3);
  affected.scope.cpes = {"cpe:/a:redhat:enterprise_linux:" + release + (row % 2 == 0 ? "::appstream" : "::baseos")};
  if (row % 10 == 0) affected.scope.module = "module:" + std::to_string(seed % kModules);
  affected.scope.architectures = {row % 4 == 0 ? "aarch64" : "x86_64"};
  switch (row % 20) {
    case 0: affected.status = AdvisoryStatus::will_not_fix; break;
    case 1:
    case 2:
      affected.ranges = {{"", std::to_string(seed % 90) + ".1-" + std::to_string(document % 50) + ".el" + release, ""}};
      break;
    default: affected.status = AdvisoryStatus::not_affected; break;
  }
  return affected;
}

Result<void> speak(std::string_view, const RecordSink& sink) {
  for (std::size_t document = 0; document * kRowsOfDocument < wanted_rows; ++document) {
    FeedRecord record;
    record.id = "CVE-2024-" + std::to_string(10'000 + document);
    record.modified = "2026-11-01T00:00:00Z";
    Advisory advisory;
    advisory.id = record.id;
    advisory.severity = Severity::high;
    advisory.cvss = 7.5;
    advisory.published = "2024-05-01T00:00:00Z";
    advisory.summary = "package-" + std::to_string(document % kPackages) + ": a flaw of a kind that many have";
    for (std::size_t row = 0; row < kRowsOfDocument; ++row) advisory.affected.push_back(statement(document, row));
    record.advisories.push_back(std::move(advisory));
    sink(std::move(record));
  }
  return {};
}

int vex(const std::string& rows, const std::string& path) {
  wanted_rows = std::strtoull(rows.c_str(), nullptr, 10);
  const std::string folder = path + ".feed";
  std::filesystem::create_directories(folder);
  if (auto written = write_file(folder + "/documents", "x"); !written) return failed(written.error());
  IndexBuilder builder;
  const FeedFormat format{"vex", "anything", [](std::string_view) { return true; }, speak};
  if (auto added = builder.add(format, folder); !added) return failed(added.error());
  const auto bytes = builder.build();
  if (!bytes) return failed(bytes.error());
  if (auto written = write_file(path, *bytes); !written) return failed(written.error());
  return 0;
}

// Of this process, whatever else the machine does.
double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

int lookup(const std::string& path) {
  // The names are known before, so that finding them is not measured.
  std::vector<std::pair<std::string, std::string>> packages;
  {
    const auto index = AdvisoryIndex::open(path);
    if (!index) return failed(index.error());
    const auto ecosystems = index->ecosystems();
    if (!ecosystems) return failed(ecosystems.error());
    for (const auto& ecosystem : *ecosystems) {
      (void)index->for_each_package(ecosystem.name, [&](std::string_view package) -> Result<void> {
        packages.emplace_back(ecosystem.name, package);
        return {};
      });
    }
  }
  constexpr std::size_t kLookups = 1000;
  std::size_t rows = 0;
  const double cpu = cpu_milliseconds();
  const auto start = std::chrono::steady_clock::now();
  const auto index = AdvisoryIndex::open(path);
  if (!index) return failed(index.error());
  double first = 0;
  const auto one = [&](std::size_t i) {
    const auto& [ecosystem, package] = packages[i * 7919 % packages.size()];
    return index->for_each(ecosystem, package, [&](const AffectedRow&) { ++rows; });
  };
  for (std::size_t i = 0; i < kLookups; ++i) {
    if (auto looked = one(i); !looked) return failed(looked.error());
    if (i == 0) first = milliseconds_since(start);
  }
  const double cold = milliseconds_since(start);
  const double cold_cpu = cpu_milliseconds() - cpu;
  const auto again = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kLookups; ++i) (void)one(i);
  std::printf(
      "{\"first\": %.3f, \"thousand\": %.3f, \"cpu\": %.3f, \"again\": %.3f, \"rows\": %zu, \"packages\": %zu, "
      "\"indexed\": %llu}\n",
      first, cold, cold_cpu, milliseconds_since(again), rows / 2, packages.size(),
      static_cast<unsigned long long>(index->rows()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "parse" && argc == 3) return parse(argv[2]);
  if (command == "vex" && argc == 4) return vex(argv[2], argv[3]);
  if (command == "lookup" && argc == 3) return lookup(argv[2]);
  std::fputs("usage: index_figures parse TAR | vex ROWS INDEX | lookup INDEX\n", stderr);
  return 64;
}
