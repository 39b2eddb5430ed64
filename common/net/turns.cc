#include "common/net/turns.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {

namespace asio = boost::asio;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// Somebody whose turn has not come.
struct Waiter {
  Waiter(const asio::any_io_executor& executor, std::string name) : timer(executor), client(std::move(name)) {}

  asio::steady_timer timer;
  const std::string client;
  bool is_in = false;       // and has not taken its place; as the next, under the mutex
  bool is_waiting = false;  // in the queue of its client
};

// On its own executor: there it waits by then, or does so no longer.
void wake(const std::shared_ptr<Waiter>& waiter) {
  asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
}

}  // namespace

struct Turns::State {
  struct Client {
    std::size_t inside = 0;
    std::deque<std::shared_ptr<Waiter>> queue;
  };

  explicit State(const TurnLimits& what) : limits(what) {}

  bool has_room_for(const Client& client) const { return inside < limits.at_once && client.inside < limits.of_one; }

  void let_in(Client& client, Waiter& waiter) {
    ++inside;
    ++client.inside;
    waiter.is_in = true;
  }

  // What nobody is in and nobody waits for is forgotten.
  void forget_if_idle(const std::string& name) {
    const auto found = clients.find(name);
    if (found != clients.end() && found->second.inside == 0 && found->second.queue.empty()) clients.erase(found);
  }

  void drop(const std::shared_ptr<Waiter>& waiter) {
    Client& client = clients[waiter->client];
    std::erase(client.queue, waiter);
    if (client.queue.empty()) std::erase(order, waiter->client);
    waiter->is_waiting = false;
    --waiting;
  }

  // Of the client that has the most waiting the one that came last gives up its place in the queue.
  bool make_room(const Client& asking) {
    if (waiting < limits.waiting) return true;
    const auto most = std::max_element(clients.begin(), clients.end(), [](const auto& a, const auto& b) {
      return a.second.queue.size() < b.second.queue.size();
    });
    if (most == clients.end() || most->second.queue.size() <= asking.queue.size() + 1) return false;
    const std::shared_ptr<Waiter> last = most->second.queue.back();
    drop(last);
    wake(last);
    return true;
  }

  // Whether it has to wait.
  bool enter(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex);
    Client& client = clients[waiter->client];
    if (has_room_for(client)) {
      let_in(client, *waiter);
    } else if (make_room(client)) {
      if (client.queue.empty()) order.push_back(waiter->client);
      client.queue.push_back(waiter);
      waiter->is_waiting = true;
      ++waiting;
    }
    forget_if_idle(waiter->client);
    return waiter->is_waiting;
  }

  // Whoever comes next, now that there is room.
  void call_next() {
    for (;;) {
      const auto next = std::find_if(order.begin(), order.end(),
                                     [&](const std::string& name) { return has_room_for(clients[name]); });
      if (next == order.end()) return;
      const std::string name = *next;
      order.erase(next);
      Client& client = clients[name];
      const std::shared_ptr<Waiter> waiter = client.queue.front();
      client.queue.pop_front();
      if (!client.queue.empty()) order.push_back(name);
      --waiting;
      waiter->is_waiting = false;
      let_in(client, *waiter);
      wake(waiter);
    }
  }

  void leave(const std::string& name) {
    const std::lock_guard lock(mutex);
    --inside;
    --clients[name].inside;
    call_next();
    forget_if_idle(name);
  }

  // Whether it is in; it waits no longer.
  bool settle(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex);
    if (waiter->is_waiting) drop(waiter);
    forget_if_idle(waiter->client);
    return std::exchange(waiter->is_in, false);
  }

  const TurnLimits limits;
  std::mutex mutex;
  std::size_t inside = 0;  // under mutex, as all below
  std::size_t waiting = 0;
  std::map<std::string, Client> clients;
  std::deque<std::string> order;  // of clients that have somebody waiting
};

namespace {

// Also where whoever waits is destroyed meanwhile.
struct Settling {
  std::shared_ptr<Turns::State> state;
  std::shared_ptr<Waiter> waiter;

  Settling(std::shared_ptr<Turns::State> whose, std::shared_ptr<Waiter> who)
      : state(std::move(whose)), waiter(std::move(who)) {}
  Settling(const Settling&) = delete;
  Settling& operator=(const Settling&) = delete;
  ~Settling() {
    if (state->settle(waiter)) state->leave(waiter->client);
  }

  std::unique_ptr<Turns::Place> place() const {
    return state->settle(waiter) ? std::make_unique<Turns::Place>(state, waiter->client) : nullptr;
  }
};

}  // namespace

Turns::Place::~Place() {
  state_->leave(client_);
}

Turns::Turns(const TurnLimits& limits) : state_(std::make_shared<State>(limits)) {}

asio::awaitable<std::unique_ptr<Turns::Place>> Turns::take(std::string client, std::chrono::milliseconds longest) {
  const auto state = state_;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto waiter = std::make_shared<Waiter>(executor, std::move(client));
  const bool has_to_wait = state->enter(waiter);
  const Settling settling(state, waiter);
  if (has_to_wait) {
    waiter->timer.expires_after(longest);
    auto [ec] = co_await waiter->timer.async_wait(kTuple);
    (void)ec;  // whichever was first is settled below
  }
  co_return settling.place();
}

}  // namespace initscan
