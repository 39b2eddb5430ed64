#include "server/store/store.h"

namespace initscan::server {

Result<std::unique_ptr<Store>> Store::open(const std::string& path, const DatabaseOptions& options) {
  auto writer = Database::open(path, options);
  if (!writer) return writer.error();
  DatabaseOptions second = options;
  second.longest_check = std::chrono::milliseconds(0);  // it was looked through a moment ago
  auto reader = Database::open(path, second);
  if (!reader) return reader.error();
  return std::unique_ptr<Store>(new Store(std::move(*writer), std::move(*reader)));
}

Result<void> Store::write(const std::function<Result<void>(Database&)>& work) {
  const std::lock_guard lock(writing_);
  return writer_.transaction([&] { return work(writer_); });
}

}  // namespace initscan::server
