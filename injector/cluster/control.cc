#include "injector/cluster/control.h"

#include "common/json/parts.h"
#include "common/kube/change_log.h"
#include "common/kube/lease.h"
#include "common/kube/reflector.h"
#include "common/kube/repeat.h"
#include "common/names.h"
#include "common/text/visible.h"
#include "common/time/now.h"
#include "injector/cluster/accepted_images.h"
#include "injector/cluster/capabilities.h"
#include "injector/cluster/certificate_keeper.h"
#include "injector/cluster/event_writer.h"
#include "injector/cluster/policy_publisher.h"
#include "injector/cluster/release.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <list>
#include <set>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <spdlog/spdlog.h>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::minutes kBetweenModes{10};
constexpr std::chrono::seconds kLongestGoodbye{2};
constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::ptrdiff_t kSettingsKinds = 4;  // those that settings follow from, first of all that are watched
constexpr std::size_t kMaxComplaints = 100;   // in the log
constexpr const char* kFinalStates = "finalstates";

std::string service_name(const ControlOptions& options, const std::string& service) {
  return service + '.' + options.namespace_ + ".svc";
}

std::vector<std::string> names_of(const ControlOptions& options) {
  std::vector<std::string> names{service_name(options, options.service)};
  names.insert(names.end(), options.tls_names.begin(), options.tls_names.end());
  return names;
}

TlsLives server_lives(const ControlOptions& options) {
  TlsLives lives = options.lives;
  lives.authority = std::max(lives.authority, options.server_authority_life);
  return lives;
}

FinalStatePlace final_state_of(const ControlOptions& options) {
  return {options.namespace_, options.final_state};
}

std::string named(const std::string& name) {
  return "?fieldSelector=metadata.name=" + name;
}

}  // namespace

struct Control::Parts {
  Parts(ControlOptions made_with, ClusterSettings& followed, std::function<void(const KeyPair&)> told)
      : options(std::move(made_with)),
        settings(followed),
        on_certificate(std::move(told)),
        client(options.kube),
        lease(client, options.namespace_, options.service, options.identity),
        keeper(client, options.namespace_, options.secret, options.configuration, names_of(options), options.lives),
        server_keeper(client, options.namespace_, options.server_secret, "",
                      {service_name(options, options.server_service)}, server_lives(options)),
        writer(client, options.service, followed),
        releaser(client, settings, options.service, options.release_age) {
    follow("namespaces", "/api/v1/namespaces", SettingsKind::namespace_);
    follow("clusterscanpolicies", names::kClusterPoliciesPath, SettingsKind::cluster_policy);
    follow("scanpolicies", names::kPoliciesPath, SettingsKind::namespace_policy);
    follow("scanexemptions", names::kExemptionsPath, SettingsKind::exemption);
    watch(kFinalStates, final_state_of(options).collection() + named(options.final_state),
          [this](const Json& object) { published(object); });
    if (options.own_certificates) {
      watch("certificate", "/api/v1/namespaces/" + options.namespace_ + "/secrets" + named(options.secret),
            [this](const Json& object) { certified(object); });
    }
  }

  const ControlOptions options;
  ClusterSettings& settings;
  const std::function<void(const KeyPair&)> on_certificate;
  HintQueue hints;
  std::atomic<bool> certificate{false};
  std::atomic<bool> leader{false};
  std::atomic<bool> accepted{false};  // what this replica gives to pods, by the final-state policy

  asio::io_context io{1};
  KubeClient client;
  Lease lease;
  CertificateKeeper keeper;
  CertificateKeeper server_keeper;
  EventWriter writer;
  Releaser releaser;
  std::list<std::pair<std::string, Reflector>> reflectors;
  KeyPair served;                    // only on the control thread, as all below
  std::optional<Json> final_state;   // its data, as last seen
  bool knows_servers = false;        // what gates are told of them
  std::set<std::string> complained;  // what the log says is wrong
  ChangeLog changes;
  std::chrono::steady_clock::time_point next_mode;
  std::thread thread;

  void add(const std::string& resource, const std::string& path, ReflectorEvents what) {
    what.contact = [this, resource](const Result<void>& state) { changes.tell_contact(resource, state); };
    reflectors.emplace_back(std::piecewise_construct, std::forward_as_tuple(resource),
                            std::forward_as_tuple(client, path, std::move(what)));
  }

  void follow(const std::string& resource, const std::string& path, SettingsKind kind) {
    add(resource, path,
        {[this, kind](const std::vector<Json>& all) { settings.replace(kind, all); },
         [this, kind](const Json& object) { settings.put(kind, object); },
         [this, kind](const Json& object) { settings.remove(kind, object); },
         {}});
  }

  void watch(const std::string& resource, const std::string& path, const std::function<void(const Json&)>& seen) {
    add(resource, path,
        {[seen](const std::vector<Json>& all) {
           for (const Json& object : all) seen(object);
         },
         seen,
         [](const Json&) {},
         {}});
  }

  void certified(const Json& secret) {
    KeyPair leaf = tls_state_of(secret).leaf;
    if (leaf.certificate.empty() || leaf == served) return;
    served = std::move(leaf);
    on_certificate(served);
    certificate = true;
  }

  // The API server's own admission reads the same object by a watch of its own: it gets a moment's start.
  void published(const Json& object) {
    final_state = object_in(object, "data");
    settings.set_published_images(published_images(*final_state));
    auto keys = published_keys(*final_state);
    auto servers = published_servers(*final_state);
    auto timer = std::make_shared<asio::steady_timer>(io, options.settle);
    timer->async_wait(
        [this, timer, keys = std::move(keys), servers = std::move(servers)](const boost::system::error_code& ec) {
          if (ec) return;
          settings.set_published(keys);
          settings.set_published_servers(servers);
        });
  }

  // The kubelet puts the file there, later than the pod where the injector itself makes the authority, and replaces it.
  asio::awaitable<void> read_servers() {
    auto arguments = gate_arguments(options.servers);
    changes.tell("the authority of servers", arguments ? Result<void>{} : arguments.error());
    if (arguments) {
      settings.set_servers(std::move(*arguments));
      knows_servers = true;
    }
    co_return;
  }

  // Whether it is known what the final-state policy accepts: also if there is none, or it cannot be read.
  bool knows_final_state() const {
    const auto found = std::find_if(reflectors.begin(), reflectors.end(),
                                    [](const auto& entry) { return entry.first == kFinalStates; });
    return found->second.is_synced() || found->second.age() > std::chrono::seconds(0);
  }

  // What pods would get from here and be denied for; "": nothing.
  std::string not_accepted() const {
    if (!final_state) return {};
    const std::vector<std::string> images = published_images(*final_state);
    if (std::find(images.begin(), images.end(), options.image) == images.end()) {
      return "the image " + options.image + " is not in ConfigMap " + options.namespace_ + '/' + options.final_state;
    }
    return additions(*final_state, settings.accepted()).empty() ? "" : "its policies are not published yet";
  }

  // During an upgrade this replica's image and policies are new to the API server: it gets no requests before they are
  // accepted there. Once they were, it stays ready.
  asio::awaitable<void> wait_for_acceptance() {
    asio::steady_timer timer(io);
    std::string said;
    for (;;) {
      const bool is_known = reflectors.front().second.is_synced() && knows_final_state() && knows_servers;
      const std::string reason = is_known ? not_accepted() : "";
      if (is_known && reason.empty()) break;
      if (reason != said) spdlog::warn("not ready: {}", reason);
      said = reason;
      timer.expires_after(kBetweenLooks);
      auto [ec] = co_await timer.async_wait(kTuple);
      if (ec) co_return;
    }
    if (!said.empty()) {  // the API server's own admission sees it a moment later
      timer.expires_after(options.settle);
      auto [ec] = co_await timer.async_wait(kTuple);
      if (ec) co_return;
    }
    accepted = true;
  }

  // What is wrong with policies, exemptions and the names of policies: each sentence once, while it is so.
  void complain() {
    const std::vector<std::string> all = settings.complaints();
    std::set<std::string> now;
    for (const std::string& sentence : all) {
      if (!complained.contains(sentence)) spdlog::warn("{}", visible(sentence));
      now.insert(sentence);
      if (now.size() == kMaxComplaints) break;
    }
    if (all.empty() && !complained.empty()) spdlog::info("policies and exemptions: all problems are resolved");
    complained = std::move(now);
  }

  // What is not known yet would look as if it were missing, or had changed.
  bool knows_first(std::ptrdiff_t count) const {
    return std::all_of(reflectors.begin(), std::next(reflectors.begin(), count),
                       [](const auto& r) { return r.second.is_synced(); });
  }

  asio::awaitable<void> lead_once() {
    auto held = co_await lease.hold();
    changes.tell("lease", held ? Result<void>{} : held.error());
    const bool is_ours = held && *held;
    if (is_ours != leader.exchange(is_ours)) spdlog::info("leading={}", is_ours);
    if (!is_ours) {
      if (!knows_servers) co_return;
      changes.tell("accepted policies", co_await publish(client, final_state_of(options), settings.accepted(), false));
      co_return;
    }
    if (options.own_certificates) {
      changes.tell("certificates", co_await keeper.keep());
      changes.tell("the server's certificate", co_await server_keeper.keep());
    }
    if (!knows_servers) co_return;  // what pods have been told so far stays accepted
    changes.tell("accepted policies", co_await publish(client, final_state_of(options), settings.accepted(), true));
    const auto now = current_time();
    changes.tell("statuses", co_await write_statuses(client, settings.status_updates(now)));
    if (knows_first(kSettingsKinds)) complain();
    const bool knows_all = knows_first(static_cast<std::ptrdiff_t>(reflectors.size()));
    if (options.releases_blocked && knows_all) changes.tell("blocked pods", co_await releaser.run());
  }

  asio::awaitable<void> write_events() { changes.tell("events", co_await writer.write(hints)); }

  asio::awaitable<void> find_mode() {
    if (std::chrono::steady_clock::now() < next_mode) co_return;
    auto mode = co_await best_mode(client);
    changes.tell("capabilities of the cluster", mode ? Result<void>{} : mode.error());
    if (!mode) co_return;
    settings.set_best_mode(*mode);
    next_mode = std::chrono::steady_clock::now() + kBetweenModes;
  }

  void run() {
    for (auto& [resource, reflector] : reflectors) asio::co_spawn(io, reflector.run(), asio::detached);
    asio::co_spawn(io, repeat([this] { return read_servers(); }, options.tick), asio::detached);
    asio::co_spawn(io, wait_for_acceptance(), asio::detached);
    asio::co_spawn(io, repeat([this] { return find_mode(); }, options.tick), asio::detached);
    asio::co_spawn(io, repeat([this] { return lead_once(); }, options.tick), asio::detached);
    asio::co_spawn(io, repeat([this] { return write_events(); }, options.tick), asio::detached);
    io.run();
  }
};

Control::Control(ControlOptions options, ClusterSettings& settings, std::function<void(const KeyPair&)> on_certificate)
    : parts_(std::make_unique<Parts>(std::move(options), settings, std::move(on_certificate))) {
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

Control::~Control() {
  auto released = asio::co_spawn(parts_->io, parts_->lease.release(), asio::use_future);
  released.wait_for(kLongestGoodbye);
  parts_->io.stop();
  parts_->thread.join();
}

HintQueue& Control::hints() {
  return parts_->hints;
}

bool Control::is_ready() const {
  const bool has_certificate = parts_->certificate || !parts_->options.own_certificates;
  return has_certificate && parts_->accepted;
}

bool Control::is_leader() const {
  return parts_->leader;
}

std::vector<WatchAge> Control::ages() const {
  std::vector<WatchAge> ages;
  for (const auto& [resource, reflector] : parts_->reflectors) {
    ages.push_back({resource, reflector.is_synced(), reflector.age()});
  }
  return ages;
}

}  // namespace initscan::injector
