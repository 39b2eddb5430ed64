#include "server/commands/upkeep.h"

#include "common/file_io.h"
#include "common/json/parts.h"
#include "common/kube/client.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "server/store/namespaces.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kLongestLook{60};  // at all namespaces

// Until when a namespace of that name was another one than the one that is there now, or than none.
asio::awaitable<Result<std::chrono::sys_seconds>> gone_until(KubeClient& client, const std::string& name) {
  KubeRequest request;
  request.path = "/api/v1/namespaces/" + escape_segment(name);
  const auto reply = co_await client.ask(request);
  if (!reply) co_return reply.error();
  // Of a server that is none of Kubernetes' nothing follows.
  if (reply->status == 404 && text_in(reply->object, "reason") == "NotFound") co_return current_time();
  if (!reply->ok()) co_return refusal(request, *reply);
  const auto created = parse_rfc3339(text_in(object_in(reply->object, "metadata"), "creationTimestamp"));
  if (!created) co_return Error{Errc::malformed, "the namespace " + name + ": want a creationTimestamp"};
  co_return *created - std::chrono::seconds(1);
}

using GoneNamespaces = std::vector<std::pair<std::string, std::chrono::sys_seconds>>;

Result<GoneNamespaces> find_gone(const KubeConfig& kube, const std::vector<std::string>& reported) {
  GoneNamespaces gone;
  const auto asked = run_blocking(
      [&]() -> asio::awaitable<Result<void>> {
        KubeClient client(kube);
        for (const std::string& name : reported) {
          const auto until = co_await gone_until(client, name);
          if (!until) co_return until.error();
          gone.emplace_back(name, *until);
        }
        co_return Result<void>();
      },
      kLongestLook);
  if (!asked) return asked.error();
  return gone;
}

}  // namespace

Periodic::Periodic(std::chrono::milliseconds between, std::function<void()> work)
    : between_(between), work_(std::move(work)), thread_([this] { run(); }) {}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Periodic::run() {
  std::unique_lock lock(mutex_);
  do {
    lock.unlock();
    work_();
    lock.lock();
  } while (!wake_.wait_for(lock, between_, [this] { return is_over_; }));
}

void look_after(SharedIndex& index) {
  const auto change = index.look();
  if (!change) {
    spdlog::error("index not taken, {}: {}", index.current() ? "the one before stays" : "there is none yet",
                  visible(change.error().text));
  } else if (*change == SharedIndex::Change::taken) {
    const auto now = index.current();
    spdlog::info("index taken sha256={} date={} statements={}", now->sha256(), now->advisories().data_date(),
                 now->advisories().rows());
    if (now->is_of_future()) {
      spdlog::warn("index dated in the future: that date does not count, and nobody can tell how old it is");
    }
  }
}

Result<void> TokenFile::read(Authenticator& authenticator) {
  auto text = read_file(path_, kMaxTokenFileBytes);
  if (!text) return std::move(text).error().within(path_);
  if (*text == text_) return {};
  text_ = std::move(*text);
  auto table = parse_token_file(*text_);
  if (!table) return std::move(table).error().within(path_);
  spdlog::info("tokens read count={}", table->size());
  if (table->size() == 0) spdlog::warn("tokens: none is in {}, so that none of them is known any more", visible(path_));
  authenticator.use(std::move(*table));
  return {};
}

void TokenFile::look_after(Authenticator& authenticator) {
  if (auto done = read(authenticator); !done) {
    spdlog::error("tokens not read, those before stay: {}", visible(done.error().text));
  }
}

void look_after_namespaces(Store& store, const std::string& cluster, const KubeConfig& kube) {
  const auto reported = store.read([&](Database& database) { return namespaces_of_reports(database, cluster); });
  if (!reported) return spdlog::error("deleted namespaces not looked for: {}", visible(reported.error().text));
  const auto gone = find_gone(kube, *reported);
  if (!gone) return spdlog::error("deleted namespaces not found out: {}", visible(gone.error().text));
  if (gone->empty()) return;
  const auto kept = store.write([&](Database& database) -> Result<void> {
    for (const auto& [name, until] : *gone) {
      if (auto added = add_gone_namespace(database, cluster, name, until); !added) return added;
    }
    return {};
  });
  if (!kept) spdlog::error("deleted namespaces not kept: {}", visible(kept.error().text));
}

void look_after(Store& store, const Retention& retention, const AuditRetention& of_audits, SettledClock& clock,
                ServerMetrics& metrics) {
  const auto state = clock.look(current_time(), std::chrono::steady_clock::now());
  if (state == SettledClock::State::jumped) {
    spdlog::warn("clock set: nothing is removed for its age until it has gone on evenly for an hour");
  }
  const bool by_age = state == SettledClock::State::settled;
  const auto removed = remove_old(store, retention, current_time(), by_age);
  if (!removed) return spdlog::error("nothing old was removed: {}", visible(removed.error().text));
  metrics.count_removed("reports", removed->reports);
  metrics.count_removed("images", removed->images);
  metrics.count_removed("sboms", removed->sboms);
  if (*removed != Removed{}) {
    spdlog::info("removed what was too old or too much: reports={} images={} sboms={}", removed->reports,
                 removed->images, removed->sboms);
  }
  const auto audits = remove_old_audits(store, of_audits, current_time(), by_age);
  if (!audits) return spdlog::error("no old audit was removed: {}", visible(audits.error().text));
  metrics.count_removed("audits", *audits);
}

}  // namespace initscan::server
