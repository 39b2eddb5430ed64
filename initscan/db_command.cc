#include "common/file_io.h"
#include "initscan/advisory/index.h"
#include "initscan/advisory/index_builder.h"
#include "initscan/commands.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

struct Feed {
  const FeedFormat* format;
  std::string path;
};

// "osv:PATH"
Result<Feed> feed_of(const std::string& argument) {
  const std::size_t colon = argument.find(':');
  std::string kinds;
  for (const FeedFormat& format : feed_formats()) {
    if (colon != argument.npos && argument.substr(0, colon) == format.kind && colon + 1 < argument.size()) {
      return Feed{&format, argument.substr(colon + 1)};
    }
    kinds += (kinds.empty() ? "" : ", ") + std::string(format.kind);
  }
  return Error{Errc::usage, "--from: want KIND:PATH with a kind of " + kinds + ", got \"" + argument + '"'};
}

template <class Reasons>
void print_skipped(const char* what, const Reasons& reasons) {
  for (const auto& [reason, count] : reasons) {
    std::printf("    %llu %s skipped: %s\n", static_cast<unsigned long long>(count), what, reason.c_str());
  }
}

void print(const FeedStatistics& feed) {
  std::printf("  %s:%s\n", feed.kind.c_str(), feed.path.c_str());
  std::printf("    %llu records, %llu indexed with %llu statements\n", static_cast<unsigned long long>(feed.records),
              static_cast<unsigned long long>(feed.indexed), static_cast<unsigned long long>(feed.statements));
  print_skipped("records", feed.skipped);
  print_skipped("statements", feed.skipped_statements);
}

Result<void> print(const AdvisoryIndex& index) {
  const auto ecosystems = index.ecosystems();
  if (!ecosystems) return ecosystems.error();
  const std::string date = index.data_date();
  std::printf("  %llu vulnerabilities in %llu statements, %.2f MB, data of %s\n",
              static_cast<unsigned long long>(index.vulnerabilities()), static_cast<unsigned long long>(index.rows()),
              static_cast<double>(index.file_bytes()) / 1e6, date.empty() ? "an unknown date" : date.c_str());
  for (const auto& ecosystem : *ecosystems) {
    std::printf("    %-16s %llu source packages\n", ecosystem.name.c_str(),
                static_cast<unsigned long long>(ecosystem.packages));
  }
  return {};
}

Result<ExitCode> build(const std::vector<std::string>& from, const std::string& output) {
  if (output == "-") return Error{Errc::usage, "-o: an index is a file that is mapped; give its name"};
  IndexBuilder builder;
  for (const std::string& argument : from) {
    const auto feed = feed_of(argument);
    if (!feed) return feed.error();
    if (auto added = builder.add(*feed->format, feed->path); !added) return added.error();
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

// What IndexBuilder wrote as JSON; the file may be anybody's.
Result<void> print_statistics(std::string_view json) {
  try {
    for (const auto& feed : nlohmann::json::parse(json)) {
      std::printf("  %s: %llu records, %llu indexed with %llu statements\n", feed.at("kind").get<std::string>().c_str(),
                  feed.at("records").get<unsigned long long>(), feed.at("indexed").get<unsigned long long>(),
                  feed.at("statements").get<unsigned long long>());
      print_skipped("records", feed.at("skipped").get<std::map<std::string, std::uint64_t>>());
      print_skipped("statements", feed.at("skippedStatements").get<std::map<std::string, std::uint64_t>>());
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
  auto* db = app.add_subcommand("db", "Make and look at an index of advisories");
  db->require_subcommand(1);

  struct BuildOptions {
    std::vector<std::string> from;
    std::string output;
  };
  const auto options = std::make_shared<BuildOptions>();
  auto* build_command = db->add_subcommand("build", "Make an index from feeds");
  build_command
      ->add_option("--from", options->from,
                   "A feed: osv:PATH, alpine-secdb:PATH or debian-tracker:PATH, where PATH is a folder, a zip, tar, "
                   "tar.gz or tar.zst; repeatable")
      ->required()
      ->type_name("KIND:PATH");
  build_command->add_option("-o,--output", options->output, "The index")->required()->type_name("FILE");
  build_command->callback([&chosen, options] { chosen = [options] { return build(options->from, options->output); }; });

  const auto path = std::make_shared<std::string>();
  auto* info_command = db->add_subcommand("info", "Check an index as a whole and say what is in it");
  info_command->add_option("FILE", *path, "The index")->required();
  info_command->callback([&chosen, path] { chosen = [path] { return info(*path); }; });
}

}  // namespace initscan
