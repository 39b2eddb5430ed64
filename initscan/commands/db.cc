#include "common/file_io.h"
#include "common/json/parse.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/feed_sources.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

void print_reasons(std::FILE* to, const std::string& head, const char* what, const ReasonCounts& reasons) {
  for (const auto& [reason, count] : reasons) {
    std::fprintf(to, "%s%llu %s: %s\n", head.c_str(), static_cast<unsigned long long>(count), what,
                 visible(reason).c_str());
  }
}

constexpr std::chrono::days kClockDifference{1};  // between here and whoever publishes a feed

// What is not in the index, or less clear there than it might be, is said where warnings are said.
void print(const FeedStatistics& feed) {
  std::printf("  %s:%s\n", feed.kind.c_str(), feed.path.c_str());
  std::printf("    %llu records, %llu indexed with %llu statements\n", static_cast<unsigned long long>(feed.records),
              static_cast<unsigned long long>(feed.indexed), static_cast<unsigned long long>(feed.statements));
  const std::string head = "initscan: warning: " + feed.kind + ':' + feed.path + ": ";
  print_reasons(stderr, head, "files skipped", feed.skipped_files);
  print_reasons(stderr, head, "records skipped", feed.skipped);
  print_reasons(stderr, head, "statements skipped", feed.skipped_statements);
  print_reasons(stderr, head, "statements in doubt", feed.doubtful_statements);
}

Result<void> print(const AdvisoryIndex& index) {
  const auto ecosystems = index.ecosystems();
  if (!ecosystems) return ecosystems.error();
  const std::string date = visible(index.data_date());
  std::printf("  %llu vulnerabilities in %llu statements, %.2f MB, data of %s\n",
              static_cast<unsigned long long>(index.vulnerabilities()), static_cast<unsigned long long>(index.rows()),
              static_cast<double>(index.file_bytes()) / 1e6, date.empty() ? "an unknown date" : date.c_str());
  for (const auto& ecosystem : *ecosystems) {
    const std::string newest = ecosystem.data_date.empty() ? "an unknown date" : visible(ecosystem.data_date);
    std::printf("    %-16s %llu source packages, data of %s\n", visible(ecosystem.name).c_str(),
                static_cast<unsigned long long>(ecosystem.packages), newest.c_str());
  }
  return {};
}

struct BuildOptions {
  std::vector<std::string> from;
  std::string as_of;
  std::string output;
};

Result<ExitCode> build(const BuildOptions& options) {
  const std::string& output = options.output;
  if (output == "-") return Error{Errc::usage, "-o: an index cannot be written to standard output; name a file"};
  IndexBuilder builder;
  if (!options.as_of.empty()) {
    const auto date = parse_rfc3339(options.as_of);
    if (!date) return Error{Errc::usage, "--as-of: " + date.error().text};
    builder.set_date_of_undated(format_rfc3339(*date));
  }
  builder.set_latest(current_time() + kClockDifference);
  for (const std::string& argument : options.from) {
    const auto feed = kind_of_feed("--from", argument, "KIND:PATH");
    if (!feed) return feed.error();
    if (auto added = builder.add(*feed->format, feed->rest); !added) return added.error();
  }
  const auto bytes = builder.build();
  if (!bytes) return bytes.error();
  const auto index = AdvisoryIndex::over(*bytes);
  if (!index) return index.error();
  if (auto written = write_file(output, *bytes); !written) return std::move(written).error().within(output);

  std::printf("%s\n", output.c_str());
  if (auto printed = print(*index); !printed) return printed.error();
  for (const FeedStatistics& feed : builder.statistics()) print(feed);
  return ExitCode::pass;
}

constexpr JsonLimits kStatisticsLimits{.nesting = 10, .values = 100'000};

// What IndexBuilder wrote as JSON; the file may come from anyone.
Result<void> print_statistics(std::string_view text) {
  nlohmann::json json;
  if (auto parsed = parse_json(text, json, kStatisticsLimits); !parsed) {
    return std::move(parsed).error().within("statistics");
  }
  try {
    for (const auto& feed : json) {
      std::printf("  %s: %llu records, %llu indexed with %llu statements\n", feed.at("kind").get<std::string>().c_str(),
                  feed.at("records").get<unsigned long long>(), feed.at("indexed").get<unsigned long long>(),
                  feed.at("statements").get<unsigned long long>());
      print_reasons(stdout, "    ", "files skipped", feed.value("skippedFiles", ReasonCounts{}));
      print_reasons(stdout, "    ", "records skipped", feed.at("skipped").get<ReasonCounts>());
      print_reasons(stdout, "    ", "statements skipped", feed.at("skippedStatements").get<ReasonCounts>());
      print_reasons(stdout, "    ", "statements in doubt", feed.at("doubtfulStatements").get<ReasonCounts>());
    }
    return {};
  } catch (const nlohmann::json::exception& e) {
    return Error{Errc::malformed, std::string("statistics: ") + e.what()};
  }
}

Result<ExitCode> info(const std::string& path) {
  const auto index = AdvisoryIndex::open(path);
  if (!index) return index.error();
  const auto complain = [&](Error error) { return std::move(error).within(path); };
  if (auto whole = index->verify(); !whole) return complain(whole.error());
  const auto statistics = index->statistics();
  if (!statistics) return complain(statistics.error());
  std::printf("%s\n", path.c_str());
  if (auto printed = print(*index); !printed) return complain(printed.error());
  if (auto printed = print_statistics(*statistics); !printed) return complain(printed.error());
  return ExitCode::pass;
}

}  // namespace

void add_db_command(CLI::App& app, Command& chosen) {
  auto* db = app.add_subcommand("db", "Build and inspect an index of advisories");
  db->require_subcommand(1);

  const auto options = std::make_shared<BuildOptions>();
  auto* build_command = db->add_subcommand("build", "Build an index from feeds");
  build_command
      ->add_option("--from", options->from,
                   "A feed, whose KIND is one of " + kinds_of_feeds() +
                       ", and whose PATH is a folder, an archive (zip, tar) or a file; repeatable")
      ->required()
      ->type_name("KIND:PATH");
  build_command
      ->add_option("--as-of", options->as_of,
                   "When feeds that give no date (alpine-secdb) were fetched, such as 2026-11-28T00:00:00Z: their age")
      ->type_name("DATE");
  build_command->add_option("-o,--output", options->output, "The index")->required()->type_name("FILE");
  add_example(*build_command, "initscan db build --from osv:feeds/Debian.zip -o advisories.db");
  build_command->callback([&chosen, options] { chosen = [options] { return build(*options); }; });

  add_db_update(*db, chosen);

  const auto path = std::make_shared<std::string>();
  auto* info_command = db->add_subcommand("info", "Check a whole index and say what is in it");
  info_command->add_option("FILE", *path, "The index")->required();
  add_example(*info_command, "initscan db info advisories.db");
  info_command->callback([&chosen, path] { chosen = [path] { return info(*path); }; });
}

}  // namespace initscan
