#include "common/http/server.h"

#include "common/http/blocking_pool.h"
#include "common/http/certificate.h"
#include "common/http/session.h"

#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// How many connections may be on their way out while others come in.
constexpr std::size_t kLeaving = 64;

Result<void> listen(tcp::acceptor& acceptor, const HttpServerOptions& options) {
  boost::system::error_code ec;
  const std::string place = options.address + ':' + std::to_string(options.port);
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) return Error{Errc::usage, options.address + ": want an IP address to listen on"};
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{Errc::io, place + ": cannot listen: " + ec.message()};
  return {};
}

template <class Socket>
std::string address_of(const Socket& socket) {
  boost::system::error_code gone;
  const auto peer = socket.remote_endpoint(gone);
  return gone ? "unknown" : peer.address().to_string();
}

}  // namespace

struct HttpServer::Parts {
  explicit Parts(const HttpServerOptions& options)
      : bodies{BodyBudget(options.limits.all_small_bodies_bytes), BodyBudget(options.limits.all_bodies_bytes)},
        answers(options.limits.all_answers_bytes),
        io(static_cast<int>(options.threads)),
        pool(options.blocking_threads, options.limits.blocking_jobs) {}

  BodyBudgets bodies;
  AnswerBudget answers;
  asio::io_context io;
  BlockingPool pool;                        // ends before io: its jobs come back there
  std::shared_ptr<asio::ssl::context> tls;  // only on the acceptor's executor once the server runs
  tcp::acceptor acceptor{asio::make_strand(io)};
  asio::signal_set signals{acceptor.get_executor(), SIGTERM, SIGINT};
  asio::steady_timer timer{acceptor.get_executor()};

  std::mutex mutex;
  std::list<std::shared_ptr<HttpSession>> sessions;  // under mutex

  void close_idle() {
    const std::lock_guard lock(mutex);
    for (const auto& session : sessions) session->close_when_idle();
  }

  // Of the sessions that may be evicted the one that `rank` puts first; nullptr: there is none. Under mutex.
  template <class Rank>
  std::shared_ptr<HttpSession> first_to_go(Rank rank) const {
    std::shared_ptr<HttpSession> chosen;
    std::tuple<bool, bool, HttpSession::Clock::time_point> least;
    for (const auto& session : sessions) {
      const Standing standing = session->standing();
      if (!standing.may_be_evicted) continue;
      const std::tuple its(rank(session->address()), standing.has_been_answered, standing.since);
      if (chosen && its >= least) continue;
      chosen = session;
      least = its;
    }
    return chosen;
  }

  // Whoever opens connections and says nothing must not keep others out. The first to go are of an address that has
  // more than its part; then those that have never been answered; then those that have waited for longest.
  void make_room(std::size_t connections) {
    const std::lock_guard lock(mutex);
    std::map<std::string_view, std::size_t> by_address;
    for (const auto& session : sessions) ++by_address[session->address()];
    const std::size_t part = connections / std::max<std::size_t>(by_address.size(), 1);
    const auto chosen = first_to_go([&](std::string_view address) { return by_address[address] <= part; });
    if (chosen) chosen->evict();
  }

  // As make_room(), among the connections of one address that has as many as it may. False: none of them can go.
  bool has_room_for(const std::string& address, std::size_t most) {
    const std::lock_guard lock(mutex);
    const auto count = static_cast<std::size_t>(std::count_if(
        sessions.begin(), sessions.end(), [&](const auto& session) { return session->address() == address; }));
    if (count < most) return true;
    const auto chosen = first_to_go([&](std::string_view other) { return other != address; });
    if (!chosen || chosen->address() != address || count >= most + kLeaving) return false;
    chosen->evict();
    return true;
  }

  asio::awaitable<void> serve(std::list<std::shared_ptr<HttpSession>>::iterator place,
                              std::atomic<std::size_t>& count) {
    const std::shared_ptr<HttpSession> session = *place;
    try {
      co_await session->run();
    } catch (const std::exception&) {
      // A connection that fails for want of memory ends; the others do not.
    }
    const std::lock_guard lock(mutex);
    sessions.erase(place);
    --count;
  }

  asio::awaitable<void> accept(HttpServer& server) {
    for (;;) {
      auto [ec, socket] = co_await acceptor.async_accept(asio::make_strand(io), kTuple);
      if (ec == asio::error::operation_aborted || !acceptor.is_open()) co_return;
      if (ec) {
        // No descriptors left, or the peer is gone: wait a little instead of turning in circles.
        timer.expires_after(std::chrono::milliseconds(10));
        auto [timer_ec] = co_await timer.async_wait(kTuple);
        (void)timer_ec;
        continue;
      }
      const std::string address = address_of(socket);
      // Closed as `socket` ends.
      if (!has_room_for(address, server.options_.limits.connections_of_address)) {
        server.options_.on_refusal({RefusalReason::address_limit, address});
        continue;
      }
      const std::size_t most = server.options_.limits.connections;
      if (server.connections_ >= most) make_room(most);
      // Too many that are busy, or that are not gone yet; or no certificate yet.
      if (server.connections_ >= most + kLeaving || !tls) {
        server.options_.on_refusal({RefusalReason::no_room, address});
        continue;
      }
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto executor = socket.get_executor();
      const SessionContext context{
          server.options_, server.handler_, server.waiting_, server.draining_, bodies, answers, pool};
      auto session = std::make_shared<HttpSession>(beast::tcp_stream(std::move(socket)), tls, context);
      const std::unique_lock lock(mutex);
      ++server.connections_;
      const auto place = sessions.insert(sessions.end(), std::move(session));
      asio::co_spawn(executor, serve(place, server.connections_), asio::detached);
    }
  }

  // New connections get the new certificate; those that are open keep the one that they have.
  asio::awaitable<void> watch_certificate(HttpServer& server) {
    const HttpServerOptions& options = server.options_;
    CertificateFiles files({options.certificate_file, options.key_file, options.client_ca_file});
    asio::steady_timer wait(acceptor.get_executor());
    while (!server.draining_) {
      wait.expires_after(options.reload);
      auto [wait_ec] = co_await wait.async_wait(kTuple);
      if (wait_ec) co_return;
      if (files.have_changed()) options.on_reload(server.load());
    }
  }

  // Three steps: clients are told to go, idle connections end, what is under way is waited for.
  asio::awaitable<void> drain(HttpServer& server) {
    server.draining_ = true;
    signals.clear();
    asio::steady_timer wait(acceptor.get_executor());
    wait.expires_after(server.options_.drain);
    auto [drain_ec] = co_await wait.async_wait(kTuple);
    (void)drain_ec;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    const auto end = std::chrono::steady_clock::now() + server.options_.finish;
    while (server.connections_ > 0 && std::chrono::steady_clock::now() < end) {
      close_idle();
      wait.expires_after(std::chrono::milliseconds(20));
      auto [wait_ec] = co_await wait.async_wait(kTuple);
      (void)wait_ec;
    }
    io.stop();
  }

  void start_drain(HttpServer& server) {
    if (server.draining_) return;
    asio::co_spawn(acceptor.get_executor(), drain(server), asio::detached);
  }
};

HttpServer::HttpServer(HttpServerOptions options, Handler handler, WaitingHandlerFor waiting)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      waiting_(std::move(waiting)),
      parts_(std::make_unique<Parts>(options_)) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(const HttpServerOptions& options, Handler handler,
                                                     WaitingHandlerFor waiting) {
  std::unique_ptr<HttpServer> server(new HttpServer(options, std::move(handler), std::move(waiting)));
  if (!options.certificate_file.empty()) {
    if (auto loaded = server->load(); !loaded) return loaded.error();
  }
  if (auto listening = listen(server->parts_->acceptor, options); !listening) return listening.error();
  return server;
}

Result<void> HttpServer::load() {
  auto certificate = load_certificate(options_.certificate_file, options_.key_file, options_.client_ca_file);
  if (!certificate) return certificate.error();
  take(std::move(*certificate));
  return {};
}

void HttpServer::take(Certificate certificate) {
  parts_->tls = std::move(certificate.tls);
  expiry_ = certificate.expiry.time_since_epoch();
}

void HttpServer::use(Certificate certificate) {
  asio::post(parts_->acceptor.get_executor(),
             [this, taken = std::move(certificate)]() mutable { take(std::move(taken)); });
}

std::uint16_t HttpServer::port() const {
  boost::system::error_code ignored;
  return parts_->acceptor.local_endpoint(ignored).port();
}

void HttpServer::run() {
  Parts& parts = *parts_;
  parts.signals.async_wait([this, &parts](const boost::system::error_code& ec, int) {
    if (!ec) parts.start_drain(*this);
  });
  asio::co_spawn(parts.acceptor.get_executor(), parts.accept(*this), asio::detached);
  if (!options_.certificate_file.empty()) {
    asio::co_spawn(parts.acceptor.get_executor(), parts.watch_certificate(*this), asio::detached);
  }

  std::vector<std::thread> others;
  for (unsigned i = 1; i < options_.threads; ++i) others.emplace_back([&parts] { parts.io.run(); });
  parts.io.run();
  for (std::thread& other : others) other.join();
}

void HttpServer::stop() {
  asio::post(parts_->acceptor.get_executor(), [this] { parts_->start_drain(*this); });
}

}  // namespace initscan
