#include "audit/collect/write_layers.h"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::audit {
namespace {

namespace asio = boost::asio;

constexpr const char* kTooLate = "no answer within the time for all nodes";

using Kubelets = std::map<std::string, KubeletAddress>;

asio::awaitable<Result<std::string>> stats_of(KubeConfig config, KubeLimits limits) {
  auto connection = co_await KubeConnection::open(config, limits);
  if (!connection) co_return connection.error();
  KubeRequest request;
  request.path = "/stats/summary";
  auto response = co_await (*connection)->send(request);
  if (!response) co_return response.error();
  if (response->status != 200) {
    std::string text = "GET /stats/summary: " + std::to_string(response->status);
    if (response->status == 401 || response->status == 403) text += ": needs get on nodes/stats";
    co_return Error{Errc::io, std::move(text)};
  }
  co_return std::move(response->body);
}

// What all of the askers share; they run on one thread.
struct Round {
  const KubeConfig& config;
  const KubeletOptions& options;
  const Kubelets& kubelets;
  Kubelets::const_iterator next;
  NodeWriteLayers found;
  std::exception_ptr thrown;
};

asio::awaitable<void> ask_one_after_the_other(Round& round) {
  while (round.next != round.kubelets.end()) {
    const auto& [node, address] = *round.next++;
    KubeConfig config = round.config;
    config.host = address.host;
    config.port = address.port;
    config.path_prefix.clear();
    config.server_name.clear();
    config.trusts_any_certificate = round.options.trusts_any_certificate;
    round.found.gaps[node] = kTooLate;
    auto body = co_await stats_of(std::move(config), {round.options.connect, round.options.answer,
                                                      round.options.body_bytes, round.options.body_bytes});
    auto read = body ? read_stats_summary(*body, round.found.layers) : Result<void>(body.error());
    if (read) {
      round.found.gaps.erase(node);
    } else {
      round.found.gaps[node] = read.error().text;
    }
  }
}

}  // namespace

NodeWriteLayers ask_kubelets(const KubeConfig& config, const Kubelets& kubelets, const KubeletOptions& options) {
  Round round{config, options, kubelets, kubelets.begin(), {}, nullptr};
  asio::io_context io(1);  // ends first: what is unfinished in it knows the round
  for (std::size_t i = 0; i < options.at_once; ++i) {
    asio::co_spawn(io, ask_one_after_the_other(round), [&](const std::exception_ptr& thrown) {
      if (thrown) round.thrown = thrown;
    });
  }
  io.run_for(options.longest);
  if (round.thrown) std::rethrow_exception(round.thrown);
  for (; round.next != kubelets.end(); ++round.next) round.found.gaps[round.next->first] = kTooLate;
  return std::move(round.found);
}

}  // namespace initscan::audit
