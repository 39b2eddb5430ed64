#include "common/http/server.h"

#include "tests/unit/common/http/running_server.h"

#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

namespace initscan {
namespace {

using namespace http_test;

TEST(HttpServer, AnswersManyRequestsOfAConnection) {
  Running running(options());
  Client client(running.server().port());
  for (int i = 0; i < 3; ++i) {
    const auto response = client.ask("/path?timeout=10s", std::string(100, 'x'));
    EXPECT_EQ(response.result_int(), 200u);
    EXPECT_EQ(response.body(), "/path 100");
    EXPECT_TRUE(response.keep_alive());
  }
}

TEST(HttpServer, ServesManyClientsFromManyThreads) {
  HttpServerOptions with = options();
  with.threads = 4;
  Running running(with);
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      Client client(running.server().port());
      for (int i = 0; i < 50; ++i) answered += client.ask("/x").result_int() == 200;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 400);
}

TEST(HttpServer, RefusesABodyThatIsTooLargeBeforeItComes) {
  Running running(options());
  Client client(running.server().port());
  EXPECT_EQ(client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n"), 413u);
}

TEST(HttpServer, RefusesAHeaderThatIsTooLarge) {
  Running running(options());
  Client client(running.server().port());
  EXPECT_EQ(client.send("GET /x HTTP/1.1\r\nA: " + std::string(64 << 10, 'a') + "\r\n\r\n"), 431u);
}

TEST(HttpServer, RefusesWhatIsNotHttp) {
  Running running(options());
  Client client(running.server().port());
  EXPECT_EQ(client.send("rubbish\r\n\r\n"), 400u);
}

TEST(HttpServer, EndsARequestThatDribbles) {
  HttpServerOptions with = options();
  with.limits.request = std::chrono::seconds(1);
  Running running(with);
  Client client(running.server().port());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client.send("GET /x HT"), 0u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(HttpServer, EndsAHandshakeThatNeverComes) {
  HttpServerOptions with = options();
  with.limits.handshake = std::chrono::seconds(1);
  Running running(with);
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), running.server().port()));
  char byte = 0;
  boost::system::error_code ec;
  asio::read(socket, asio::buffer(&byte, 1), ec);
  EXPECT_TRUE(ec);
}

TEST(HttpServer, MakesRoomByTheConnectionThatWasIdleForLongest) {
  HttpServerOptions with = options();
  with.limits.connections = 2;
  Running running(with);
  Client first(running.server().port());
  Client second(running.server().port());
  EXPECT_EQ(second.ask("/x").result_int(), 200u);
  EXPECT_EQ(first.ask("/x").result_int(), 200u);
  Client third(running.server().port());
  EXPECT_EQ(third.ask("/x").result_int(), 200u);
  EXPECT_EQ(first.ask("/x").result_int(), 200u) << "it was used last of the two";
  EXPECT_ANY_THROW(second.ask("/x"));
}

// A handler that keeps the request for /wait until it is let go.
struct Turnstile {
  std::promise<void> entered;
  std::promise<void> let_go;

  HttpResponse operator()(const HttpRequest& request) {
    if (request.path == "/wait") {
      entered.set_value();
      let_go.get_future().wait();
    }
    return {};
  }
};

TEST(HttpServer, MakesNoRoomByARequestThatIsUnderWay) {
  HttpServerOptions with = options();
  with.limits.connections = 1;
  with.threads = 2;
  Turnstile turnstile;
  Running running(with, std::ref(turnstile));
  Client busy(running.server().port());
  busy.write("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  turnstile.entered.get_future().wait();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Client(running.server().port()).ask("/x").result_int(), 200u);
  turnstile.let_go.set_value();
  EXPECT_EQ(busy.send(""), 200u);
}

// Who was refused, from any thread.
class Refusals {
 public:
  void operator()(const Refusal& refusal) {
    const std::lock_guard lock(mutex_);
    ++counts_[refusal.reason];
  }
  int of(RefusalReason reason) {
    const std::lock_guard lock(mutex_);
    return counts_[reason];
  }

  // A connection may be seen to end before it is told why.
  bool come_to(RefusalReason reason, int count) {
    for (int i = 0; i < 500 && of(reason) < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return of(reason) >= count;
  }

 private:
  std::mutex mutex_;
  std::map<RefusalReason, int> counts_;
};

TEST(HttpServer, HoldsNoMoreThanItsBudgetOfLargeBodies) {
  HttpServerOptions with = options();
  with.limits.all_bodies_bytes = 300'000;
  with.threads = 2;
  Refusals refusals;
  with.on_refusal = std::ref(refusals);
  Turnstile turnstile;
  Running running(with, std::ref(turnstile));
  const std::uint16_t port = running.server().port();
  const std::string large(200'000, 'x');
  Client first(port);
  first.write("POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + large);
  turnstile.entered.get_future().wait();
  EXPECT_EQ(Client(port).send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + large), 503u)
      << "two are too many, and the first is being answered";
  EXPECT_EQ(refusals.of(RefusalReason::overload), 1);
  EXPECT_EQ(Client(port).ask("/x", std::string(60'000, 'x')).result_int(), 200u) << "small ones go on";
  turnstile.let_go.set_value();
  EXPECT_EQ(first.send(""), 200u);
  EXPECT_EQ(first.ask("/x").result_int(), 200u) << "the request before has ended by now";
  EXPECT_EQ(first.ask("/x", large).result_int(), 200u) << "what ended gave back";
}

TEST(HttpServer, AnnouncedBodiesTakeNothingAndSlowOnesMakeRoom) {
  HttpServerOptions with = options();
  with.limits.all_bodies_bytes = 300'000;
  Refusals refusals;
  with.on_refusal = std::ref(refusals);
  Running running(with);
  const std::uint16_t port = running.server().port();
  std::vector<std::unique_ptr<Client>> silent;
  for (const char* const announced : {"Transfer-Encoding: chunked", "Content-Length: 200000", "Content-Length: 9"}) {
    silent.push_back(std::make_unique<Client>(port));
    silent.back()->write("POST /x HTTP/1.1\r\nHost: x\r\n" + std::string(announced) + "\r\n\r\n");
  }
  Client slow(port);
  slow.write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n" + std::string(200'000, 'x'));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // nothing is to be seen: that time goes by is the test
  EXPECT_EQ(Client(port).ask("/x", std::string(200'000, 'x')).result_int(), 200u);
  EXPECT_EQ(slow.send(""), 503u) << "it was slower than the one that came after it";
  EXPECT_EQ(refusals.of(RefusalReason::evicted), 1);
}

TEST(HttpServer, MakesRoomByRequestsThatDoNotCome) {
  HttpServerOptions with = options();
  with.limits.connections = 2;
  Refusals refusals;
  with.on_refusal = std::ref(refusals);
  Running running(with);
  Client answered(running.server().port());
  EXPECT_EQ(answered.ask("/x").result_int(), 200u);
  std::vector<std::unique_ptr<Client>> begun;
  for (int i = 0; i < 5; ++i) {
    begun.push_back(std::make_unique<Client>(running.server().port()));
    begun.back()->write("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
  }
  EXPECT_EQ(answered.ask("/x").result_int(), 200u) << "it has been answered before, and they never were";
  EXPECT_TRUE(refusals.come_to(RefusalReason::evicted, 3));
}

TEST(HttpServer, AnAddressWhoseConnectionsAreAllBusyLeavesRoomForOthers) {
  HttpServerOptions with = options();
  with.threads = 2;
  with.limits.connections_of_address = 1;
  Refusals refusals;
  with.on_refusal = std::ref(refusals);
  Turnstile turnstile;
  Running running(with, std::ref(turnstile));
  const std::uint16_t port = running.server().port();
  Client busy(port);
  busy.write("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  turnstile.entered.get_future().wait();
  for (int i = 0; i < 3; ++i) EXPECT_THROW(Client another(port), boost::system::system_error);
  EXPECT_EQ(refusals.of(RefusalReason::address_limit), 3);
  EXPECT_EQ(Client(port, "127.0.0.2").ask("/x").result_int(), 200u);
  turnstile.let_go.set_value();
  EXPECT_EQ(busy.send(""), 200u);
  // Its answer has come a moment before the server knows that it waits.
  const auto is_answered = [&] {
    try {
      return Client(port).ask("/x").result_int() == 200u;
    } catch (const boost::system::system_error&) { return false; }
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool made_room = false;
  while (!made_room && std::chrono::steady_clock::now() < end) made_room = is_answered();
  EXPECT_TRUE(made_room) << "one that waits makes room for the next of its address";
}

TEST(HttpServer, BoundsWhatIsNeitherHeaderNorBody) {
  Refusals refusals;
  HttpServerOptions with = options();
  with.on_refusal = std::ref(refusals);
  Running running(with);
  const std::string head = "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& rest :
       {"5;" + std::string(100'000, 'x'), "0\r\nX: " + std::string(65'534, 'x') + "\r\n\r\n",
        "0\r\n" + std::string(70'000, 'x') + ": x\r\n\r\n", "0" + std::string(100'000, '0')}) {
    EXPECT_EQ(Client(running.server().port()).send(head + rest), 400u) << rest.substr(0, 5);
  }
  EXPECT_EQ(refusals.of(RefusalReason::framing), 4);
  EXPECT_EQ(Client(running.server().port()).send(head + "3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n"), 200u);
}

TEST(HttpServer, EndsABodyThatPauses) {
  HttpServerOptions with = options();
  with.limits.stall = std::chrono::seconds(1);
  Refusals refusals;
  with.on_refusal = std::ref(refusals);
  Running running(with);
  Client client(running.server().port());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"), 0u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_TRUE(refusals.come_to(RefusalReason::timeout, 1));
}

TEST(HttpServer, SendsNoBodyForHead) {
  Running running(options());
  Client client(running.server().port());
  client.write("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = client.read_head();
  EXPECT_EQ(head.result_int(), 200u);
  EXPECT_EQ(head["Content-Length"], "4") << "of \"/x 0\"";
  EXPECT_EQ(client.ask("/y").body(), "/y 0") << "nothing of the first answer is left";
}

TEST(HttpServer, StopsAlthoughConnectionsAreIdle) {
  Running running(options());
  Client client(running.server().port());
  EXPECT_EQ(client.ask("/x").result_int(), 200u);
  const auto start = std::chrono::steady_clock::now();
  running.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST(HttpServer, TellsClientsToGoWhileItDrains) {
  HttpServerOptions with = options();
  with.drain = std::chrono::seconds(2);
  Running running(with);
  Client client(running.server().port());
  EXPECT_TRUE(client.ask("/x").keep_alive());
  running.server().stop();
  while (!running.server().draining()) std::this_thread::yield();
  const auto response = client.ask("/x");
  EXPECT_EQ(response.result_int(), 200u);
  EXPECT_FALSE(response.keep_alive());
  EXPECT_EQ(Client(running.server().port()).ask("/x").result_int(), 200u) << "new connections are still taken";
}

TEST(HttpServer, TakesANewCertificateWithoutLosingAConnection) {
  namespace fs = std::filesystem;
  const NewCertificate first;
  const NewCertificate second;
  const std::string served = first.folder();
  const std::string next = second.folder();
  std::atomic<int> reloads = 0;
  std::atomic<int> refusals = 0;
  HttpServerOptions with = options();
  with.certificate_file = served + "/cert.pem";
  with.key_file = served + "/key.pem";
  with.reload = std::chrono::milliseconds(20);
  with.on_reload = [&](const Result<void>& loaded) { ++(loaded ? reloads : refusals); };
  Running running(with);
  Client old(running.server().port());
  const std::string before = old.serial();
  const auto wait_for = [](const std::atomic<int>& count) {
    for (int i = 0; i < 500 && count == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return count > 0;
  };

  fs::rename(next + "/key.pem", served + "/key.pem");  // for a moment the two do not fit each other
  EXPECT_TRUE(wait_for(refusals));
  EXPECT_EQ(Client(running.server().port()).serial(), before) << "what cannot be used is not used";
  fs::rename(next + "/cert.pem", served + "/cert.pem");
  EXPECT_TRUE(wait_for(reloads));
  EXPECT_NE(Client(running.server().port()).serial(), before);
  EXPECT_EQ(old.ask("/x").result_int(), 200u) << "an open connection goes on";
  EXPECT_GT(running.server().certificate_expiry(), std::chrono::system_clock::now() + std::chrono::hours(24));
}

TEST(HttpServer, SaysWhatItCannotUse) {
  HttpServerOptions with = options();
  with.certificate_file = "/none.pem";
  const auto no_certificate = HttpServer::open(with, {});
  ASSERT_FALSE(no_certificate);
  EXPECT_EQ(no_certificate.error().text, "/none.pem: cannot open: No such file or directory");
  with.certificate_file = "/dev/zero";
  EXPECT_EQ(HttpServer::open(with, {}).error().text,
            "/dev/zero: is not a regular file; want one, or - for standard input where that is accepted");
  with = options();
  with.key_file = with.certificate_file;
  EXPECT_FALSE(HttpServer::open(with, {}));
  with = options();
  with.address = "localhost";
  EXPECT_EQ(HttpServer::open(with, {}).error().text, "localhost: want an IP address to listen on");
  Running running(options());
  with = options();
  with.port = running.server().port();
  const auto taken = HttpServer::open(with, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text, "127.0.0.1:" + std::to_string(with.port) + ": cannot listen: Address already in use");
}

}  // namespace
}  // namespace initscan
