#include "common/json/parse.h"
#include "common/text/join.h"
#include "common/text/visible.h"
#include "initscan/commands/db_commands.h"

#include <numeric>
#include <set>

#include <nlohmann/json.hpp>

namespace initscan {
namespace {

constexpr JsonLimits kStatisticsLimits{.nesting = 10, .values = 100'000};

// Each record is in the index or skipped for a reason that is told.
Result<void> check_sums(const nlohmann::json& feed) {
  const auto skipped = feed.at("skipped").get<ReasonCounts>();
  const auto total = std::accumulate(skipped.begin(), skipped.end(), feed.at("indexed").get<std::uint64_t>(),
                                     [](std::uint64_t sum, const auto& reason) { return sum + reason.second; });
  if (total == feed.at("records").get<std::uint64_t>()) return {};
  return Error{Errc::malformed, "statistics: the records of " + visible(feed.at("kind").get<std::string>()) +
                                    " do not add up; build the index again"};
}

// What IndexBuilder wrote as JSON; the file may come from anyone.
Result<void> print_statistics(std::string_view text) {
  nlohmann::json json;
  if (auto parsed = parse_json(text, json, kStatisticsLimits); !parsed) {
    return std::move(parsed).error().within("statistics");
  }
  try {
    for (const auto& feed : json) {
      if (auto sound = check_sums(feed); !sound) return sound;
      const auto date = feed.at("date").get<std::string>();
      const auto licences = feed.at("licences").get<std::set<std::string>>();
      std::printf("  %s: data of %s, licence: %s\n", visible(feed.at("kind").get<std::string>()).c_str(),
                  date.empty() ? "an unknown date" : visible(date).c_str(),
                  licences.empty() ? "not known" : visible(join(licences)).c_str());
      std::printf("    %llu records, %llu indexed with %llu statements\n", feed.at("records").get<unsigned long long>(),
                  feed.at("indexed").get<unsigned long long>(), feed.at("statements").get<unsigned long long>());
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

}  // namespace

Result<ExitCode> db_info(const std::string& path) {
  if (is_overlay(path)) {
    if (auto printed = print_whole_overlay(path); !printed) return printed.error();
    return ExitCode::pass;
  }
  const auto index = AdvisoryIndex::open(path);
  if (!index) return index.error();
  const auto voucher = check_voucher(*index, path, "");
  if (!voucher) return voucher.error();
  const auto complain = [&](Error error) { return std::move(error).within(path); };
  const auto statistics = index->statistics();
  if (!statistics) return complain(statistics.error());
  std::printf("%s\n", path.c_str());
  if (auto printed = print_contents(*index); !printed) return complain(printed.error());
  if (auto printed = print_statistics(*statistics); !printed) return complain(printed.error());
  std::printf("  sha256 %s, %s\n", voucher->sha256.c_str(),
              voucher->signed_by.empty() ? "not signed" : ("signed by " + voucher->signed_by).c_str());
  return ExitCode::pass;
}

}  // namespace initscan
