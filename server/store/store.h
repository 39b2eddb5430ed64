#pragma once

#include "server/store/database.h"

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace initscan::server {

// A process's way to what is kept, of whatever kind. From any thread.
class Store {
 public:
  virtual ~Store() = default;

  using Work = std::function<Result<void>(Database&)>;

  /// Runs `work` in a transaction of its own: all that it writes is on the disk when this returns without an error, and
  /// nothing of it is kept otherwise. It may be run again, where nothing of it was kept. Errors: those of `work` and of
  /// Database::transaction().
  virtual Result<void> write(const Work& work) = 0;

  /// The same by Database::transaction_alone().
  virtual Result<void> write_alone(const Work& work) = 0;

  /// What `work`, which returns a Result, reads of the store as it was last committed. It may be run again.
  template <class Reading>
  std::invoke_result_t<Reading&, Database&> read(Reading&& work) {
    std::optional<std::invoke_result_t<Reading&, Database&>> answer;
    const auto done = read_with([&](Database& database) -> Result<void> {
      answer.emplace(work(database));
      return *answer ? Result<void>() : Result<void>(answer->error());
    });
    if (!done) return done.error();
    return std::move(*answer);
  }

  /// Whether it has been reached since the start, and is in a form that is fit to be used. One that is not there yet is
  /// looked for by reach(), and by whoever asks something of it.
  virtual bool was_reached() const { return true; }

  /// Errors: why it cannot be used now.
  virtual Result<void> reach() { return {}; }

  /// Whether something of it was found damaged since the start: what it says is not all there was.
  virtual bool is_damaged() const { return false; }

 private:
  virtual Result<void> read_with(const Work& work) = 0;
};

}  // namespace initscan::server
