#include "common/file_io.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/index/index_seal.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/feed_sources.h"

namespace initscan {
namespace {

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

Result<void> add_feeds(const DbBuildOptions& options, IndexBuilder& builder) {
  if (!options.as_of.empty()) {
    const auto date = parse_rfc3339(options.as_of);
    if (!date) return Error{Errc::usage, "--as-of: " + date.error().text};
    builder.set_date_of_undated(format_rfc3339(*date));
  }
  builder.set_latest(current_time() + kClockDifference);
  for (const std::string& argument : options.from) {
    const auto feed = kind_of_feed("--from", argument, "KIND:PATH");
    if (!feed) return feed.error();
    if (auto added = builder.add(*feed->format, feed->rest); !added) return added;
  }
  return {};
}

}  // namespace

// Before hours of work are lost to it.
Result<SigningKey> read_signing_key(const std::string& path) {
  if (path.empty()) return SigningKey{};
  auto pem = read_file(path, kMaxKeyBytes);
  if (!pem) return std::move(pem).error().within(path);
  if (auto checked = check_signing_key(*pem); !checked) return std::move(checked).error().within(path);
  return SigningKey{path, std::move(*pem)};
}

Result<std::string> build_and_sign(IndexBuilder& builder, const SigningKey& key) {
  auto bytes = builder.build();
  if (!bytes || key.path.empty()) return bytes;
  if (auto is_signed = sign_index(*bytes, key.pem); !is_signed) return std::move(is_signed).error().within(key.path);
  return bytes;
}

Result<ExitCode> db_build(const DbBuildOptions& options) {
  const std::string& output = options.output;
  if (output == "-") return Error{Errc::usage, "-o: an index cannot be written to standard output; name a file"};
  const auto key = read_signing_key(options.key);
  if (!key) return key.error();
  IndexBuilder builder;
  if (auto added = add_feeds(options, builder); !added) return added.error();
  const auto bytes = build_and_sign(builder, *key);
  if (!bytes) return bytes.error();
  const auto index = AdvisoryIndex::over(*bytes);
  if (!index) return index.error();
  if (auto written = write_file(output, *bytes); !written) return std::move(written).error().within(output);

  std::printf("%s\n", output.c_str());
  if (auto printed = print_contents(*index); !printed) return printed.error();
  for (const FeedStatistics& feed : builder.statistics()) print(feed);
  return ExitCode::pass;
}

}  // namespace initscan
