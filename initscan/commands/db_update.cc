#include "common/file_io.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/feed/matched_ecosystem.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/overlay/overlay_builder.h"
#include "initscan/commands/commands.h"
#include "initscan/commands/db_commands.h"
#include "initscan/commands/feed_sources.h"
#include "initscan/commands/kept_folder_lock.h"
#include "initscan/commands/osv_increments.h"
#include "initscan/commands/own_folder.h"
#include "initscan/commands/progress_line.h"
#include "initscan/fetch/fetcher.h"
#include "initscan/fetch/kept_file.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::chrono::minutes kAfterFailure{15};  // until it is tried again, unless that is due earlier
constexpr unsigned kMostHours = 24 * 365;

struct UpdateOptions {
  std::vector<std::string> ecosystems;
  std::vector<std::string> feeds;
  std::map<std::string_view, std::string> overlay;  // of each kind of source the URL, or ""
  std::string osv = kOsvArchives;
  std::string folder;
  std::string ca_file;
  std::string output;
  std::string seed;
  std::string key;
  unsigned every_hours = 0;
  bool is_forced = false;
};

Result<std::vector<FeedSource>> sources_of(const UpdateOptions& options) {
  std::vector<FeedSource> sources;
  const auto add = [&](Result<FeedSource> source) -> Result<void> {
    if (!source) return source.error();
    const bool is_there = std::any_of(sources.begin(), sources.end(),
                                      [&](const FeedSource& known) { return known.name == source->name; });
    if (!is_there) sources.push_back(std::move(*source));  // Debian:11 and Debian:12 are in one archive
    return {};
  };
  for (const std::string& ecosystem : options.ecosystems) {
    if (auto added = add(osv_source(ecosystem, options.osv)); !added) return added.error();
  }
  for (const std::string& feed : options.feeds) {
    if (auto added = add(url_source(feed)); !added) return added.error();
  }
  for (const auto& [kind, url] : options.overlay) {
    if (url.empty()) continue;
    if (auto added = add(overlay_source(kind, url)); !added) return added.error();
  }
  if (sources.empty()) return Error{Errc::usage, "want --ecosystem, --feed or a source of the overlay: what to bring"};
  return sources;
}

// A mirror may send another file's bytes, or a page that says that it is closed.
Result<void> check(const FeedSource& source, const std::string& path) {
  if (source.overlay != nullptr) return OverlayBuilder().add(*source.overlay, path);
  IndexBuilder trial;
  return trial.add(*source.format, path);
}

// What became of one feed.
struct Settled {
  bool is_there = false;  // a file of it can be used
  bool is_fresh = false;  // it is what its server has now
};

Settled settle(const FeedSource& source, const std::string& folder, const FetchLine& line) {
  const KeptFile file(folder, source.name);
  std::string why = line.words;
  bool is_fresh = line.kind == FetchLine::Kind::unchanged;
  if (line.kind == FetchLine::Kind::fetched) {
    auto used = check(source, file.new_path());
    if (used) used = file.accept();
    is_fresh = used.has_value();
    if (!used) {
      why = visible(source.url + ": what it sent cannot be used: " + used.error().text);
      file.drop_new();
    }
  }
  const bool is_there = access(file.path().c_str(), R_OK) == 0;
  if (is_fresh) {
    const std::string words = line.kind == FetchLine::Kind::fetched ? "fetched" : "unchanged";
    std::printf("  %s: %s\n", source.name.c_str(), (line.words.empty() ? words : line.words).c_str());
  } else {
    std::fprintf(stderr, "initscan: warning: %s: %s; %s\n", source.name.c_str(), why.c_str(),
                 is_there ? "the one that was fetched before is used" : "there is none that was fetched before");
  }
  return {is_there, is_fresh};
}

// When a feed that gives no date was as its server has it: now, or when it was fetched.
std::string date_of(const std::string& path, bool is_fresh) {
  struct stat facts {};
  if (is_fresh || stat(path.c_str(), &facts) != 0) return format_rfc3339(current_time());
  return format_rfc3339(std::chrono::sys_seconds(std::chrono::seconds(facts.st_mtime)));
}

// A mirror may have gone back to what it had yesterday, or lost most of it.
Result<void> check_successor(const std::string& bytes, const UpdateOptions& options) {
  if (options.is_forced) return {};
  const auto next = AdvisoryIndex::over(bytes);
  if (!next) return next.error();
  const auto why = why_it_may_not_replace(*next, options.output);
  if (!why) return why.error();
  if (why->empty()) return {};
  return Error{Errc::refused,
               options.output + ": left as it is: of the new one, " + *why + "; --force replaces it all the same"};
}

Result<void> build_of(const std::vector<FeedSource>& sources, const std::vector<Settled>& settled,
                      const SigningKey& key, const UpdateOptions& options) {
  IndexBuilder builder;
  builder.set_latest(current_time() + kClockDifference);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].format == nullptr) continue;
    const KeptFile file(options.folder, sources[i].name);
    builder.set_date_of_undated(date_of(file.path(), settled[i].is_fresh));
    if (auto added = builder.add(*sources[i].format, file.path()); !added) return added;
  }
  const auto bytes = build_and_sign(builder, key);
  if (!bytes) return bytes.error();
  if (auto checked = check_successor(*bytes, options); !checked) return checked;
  if (auto written = write_file(options.output, *bytes); !written) {
    return std::move(written).error().within(options.output);
  }
  std::printf("%s\n", options.output.c_str());
  return {};
}

// Beside the index, for the same reasons as the index.
Result<void> build_overlay_of(const std::vector<FeedSource>& sources, const std::vector<Settled>& settled,
                              const UpdateOptions& options) {
  OverlayBuilder builder;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].overlay == nullptr) continue;
    const KeptFile file(options.folder, sources[i].name);
    builder.set_date_of_undated(date_of(file.path(), settled[i].is_fresh));
    if (auto added = builder.add(*sources[i].overlay, file.path()); !added) return added;
  }
  return write_overlay(builder, options.output + std::string(kOverlaySuffix), options.is_forced);
}

std::string counted(std::ptrdiff_t feeds) {
  return std::to_string(feeds) + (feeds == 1 ? " feed" : " feeds");
}

// Makes the index or the overlay, where there are sources of it.
template <class Make>
Result<void> make(const std::vector<FeedSource>& sources, const std::vector<Settled>& settled, bool is_overlay,
                  const std::string& path, const Make& make) {
  std::ptrdiff_t wanted = 0;
  std::ptrdiff_t missing = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if ((sources[i].overlay != nullptr) != is_overlay) continue;
    ++wanted;
    missing += settled[i].is_there ? 0 : 1;
  }
  // Without it there would be less than was asked for, and images would look clean.
  if (missing > 0) {
    return Error{Errc::unavailable, path + ": left as it is: of " + counted(missing) +
                                        " nothing was ever fetched; update again, or do without them"};
  }
  if (wanted == 0) return {};
  return make();
}

// What changed of archives that are there, and all of everything else; a line for each source.
Result<std::vector<FetchLine>> fetch(const std::vector<FeedSource>& sources, const UpdateOptions& options) {
  const auto programs = own_folder();
  if (!programs) return programs.error();
  const auto fetch_into = [&](const std::string& folder, const std::vector<FetchTask>& tasks,
                              std::uint64_t most_bytes) {
    ProgressLine progress(tasks.size(), "feeds");
    return fetch_all(*programs + "/initscan-fetch", folder, options.ca_file, tasks, most_bytes,
                     [&](const FetchLine& line) { progress.show(line); });
  };
  auto brought = OsvIncrements(options.folder, fetch_into).bring(sources);
  if (!brought) return brought.error();
  std::vector<FetchTask> tasks;
  for (const FeedSource& source : sources) {
    if (!brought->contains(source.name)) tasks.push_back({source.name, source.url});
  }
  if (!tasks.empty()) {
    auto fetched = fetch_into(options.folder, tasks, kMaxDownloadBytes);
    if (!fetched) return fetched;
    for (FetchLine& line : *fetched) {
      const std::string name = line.name;
      brought->emplace(name, std::move(line));
    }
  }
  std::vector<FetchLine> lines;
  lines.reserve(sources.size());
  for (const FeedSource& source : sources) lines.push_back(brought->at(source.name));
  return lines;
}

Result<ExitCode> update(UpdateOptions options) {
  if (options.output == "-")
    return Error{Errc::usage, "-o: an index cannot be written to standard output; name a file"};
  if (options.folder.empty()) options.folder = options.output + ".feeds";
  const auto sources = sources_of(options);
  if (!sources) return sources.error();
  const auto key = read_signing_key(options.key);
  if (!key) return key.error();
  if (auto made = make_kept_folder(options.folder); !made) return made.error();
  const auto locked = lock_kept_folder(options.folder, "update");
  if (!locked) return locked.error();
  clear_kept_folder(options.folder);

  const auto fetched = fetch(*sources, options);
  if (!fetched) return fetched.error();

  std::vector<Settled> settled;
  for (std::size_t i = 0; i < sources->size(); ++i) {
    settled.push_back(settle((*sources)[i], options.folder, (*fetched)[i]));
  }
  const auto stale = std::count_if(settled.begin(), settled.end(), [](const Settled& one) { return !one.is_fresh; });
  // The one is as good without the other, whatever keeps that from being made.
  const auto overlay = make(*sources, settled, true, options.output + std::string(kOverlaySuffix),
                            [&] { return build_overlay_of(*sources, settled, options); });
  const auto index =
      make(*sources, settled, false, options.output, [&] { return build_of(*sources, settled, *key, options); });
  if (!index && !overlay) std::fprintf(stderr, "initscan: error: %s\n", visible(overlay.error().text).c_str());
  if (!index) return index.error();
  if (!overlay) return overlay.error();
  if (stale == 0) return ExitCode::pass;
  std::fprintf(stderr, "initscan: warning: %s: %s could not be brought up to date\n", options.output.c_str(),
               counted(stale).c_str());
  return ExitCode::undecided;
}

// An index to begin with, until there is one of its own.
Result<void> plant(const UpdateOptions& options) {
  if (options.seed.empty() || access(options.output.c_str(), F_OK) == 0) return {};
  const auto bytes = read_file(options.seed, kMaxIndexBytes);
  if (!bytes) return Error(bytes.error()).within(options.seed);
  const auto index = AdvisoryIndex::over(*bytes);
  if (!index) return Error(index.error()).within(options.seed);
  if (const auto voucher = check_voucher(*index, options.seed, ""); !voucher) return voucher.error();
  if (auto written = write_file(options.output, *bytes); !written) {
    return std::move(written).error().within(options.output);
  }
  std::printf("%s: begins as %s\n", options.output.c_str(), options.seed.c_str());
  return {};
}

// As the first process of a container it has to say itself that it ends by a signal. What it writes is whole anyway.
void end_by_signals() {
  for (const int number : {SIGTERM, SIGINT}) std::signal(number, [](int) { _exit(0); });
}

Result<ExitCode> update_again_and_again(const UpdateOptions& options) {
  end_by_signals();
  const std::chrono::minutes every = std::chrono::hours(options.every_hours);
  for (;;) {
    auto done = update(options);
    if (!done && done.error().code == Errc::usage) return done;
    if (!done) std::fprintf(stderr, "initscan: error: %s\n", visible(done.error().text).c_str());
    std::fflush(stdout);
    const bool is_done = done && *done == ExitCode::pass;
    std::this_thread::sleep_for(is_done ? every : std::min(every, kAfterFailure));
  }
}

Result<ExitCode> start(const UpdateOptions& options) {
  if (auto planted = plant(options); !planted) return planted.error();
  return options.every_hours == 0 ? update(options) : update_again_and_again(options);
}

}  // namespace

void add_db_update(CLI::App& db, Command& chosen) {
  const auto options = std::make_shared<UpdateOptions>();
  auto* command = db.add_subcommand("update", "Fetch what is new of feeds, and build an index and an overlay of them");
  command
      ->add_option("--ecosystem", options->ecosystems,
                   "Whose advisories of osv.dev to bring: " + names_of_matched_ecosystems() + "; repeatable")
      ->type_name("NAME");
  command->add_option("--feed", options->feeds, "Another feed, of a kind that db build takes; repeatable")
      ->type_name("KIND:URL");
  const std::pair<std::string_view, const char*> overlay[] = {
      {kKnownExploited, "CISA's catalogue of known exploited vulnerabilities, for the overlay beside the index"},
      {kEpss, "EPSS's scores, for the overlay beside the index"},
      {kEndOfLife, "Ends of life as endoflife.date tells them, for the overlay beside the index"}};
  for (const auto& [kind, help] : overlay) {
    command->add_option("--" + std::string(kind), options->overlay[kind], help)->type_name("URL");
  }
  command->add_option("--osv", options->osv, "Where OSV's archives are: a mirror's copy of them")->type_name("URL");
  command
      ->add_option("--feeds", options->folder,
                   "Where what was fetched is kept until the next time; without it beside the index, in FILE.feeds")
      ->type_name("FOLDER");
  command->add_option("--ca", options->ca_file, "Whom to trust, in PEM; without it the system's roots")
      ->type_name("FILE");
  command
      ->add_option(
          "--every-hours", options->every_hours,
          "Keep running, and update again after so many hours; what fails is tried again within a quarter of one")
      ->type_name("N")
      ->check(CLI::Range(1u, kMostHours));
  command->add_option("--key", options->key, "Sign the index with this Ed25519 key, in PEM")->type_name("FILE");
  command->add_flag("--force", options->is_forced, "Replace the index also where the new one is older, or says less");
  command->add_option("--seed", options->seed, "An index to begin with, where there is none yet")->type_name("FILE");
  command->add_option("-o,--output", options->output, "The index")->required()->type_name("FILE");
  add_example(*command, "initscan db update --feed osv:https://feeds.example.com/all.zip -o advisories.db");
  command->callback([&chosen, options] { chosen = [options] { return start(*options); }; });
}

}  // namespace initscan
