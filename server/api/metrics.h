#pragma once

#include "common/http/refusal.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace initscan::server {

// What is known only when it is asked for.
struct ServerFigures {
  std::chrono::sys_seconds certificate_expiry;
  std::optional<std::chrono::sys_seconds> index_date;
  std::string index_sha256;  // "": there is none
  std::uint64_t index_bytes = 0;
  std::uint64_t index_refusals = 0;
  std::int64_t reports = 0;
  std::int64_t images = 0;
  std::int64_t sboms = 0;
  std::int64_t audits = 0;
  std::optional<std::chrono::sys_seconds> newest_audit;
  std::int64_t store_bytes = 0;
  std::optional<std::int64_t> store_max_bytes;  // nullopt: it is not limited here
  std::int64_t reports_bytes = 0;
  std::optional<std::int64_t> reports_max_bytes;
  bool store_is_readable = false;
};

// The process's own figures for Prometheus. Safe to use from several threads.
class ServerMetrics {
 public:
  ServerMetrics();
  ~ServerMetrics();

  /// A request that was answered. `route` is a word of ours: its path without what is variable in it.
  void count(std::string_view route, unsigned status, std::chrono::duration<double> took);

  /// A connection or a request that did not get as far as a route.
  void count(RefusalReason reason);

  /// A scan that was asked for.
  void count_match(std::string_view verdict, std::chrono::duration<double> took);

  /// One of these that was answered as it was a moment ago.
  void count_repeated();

  /// A report that was kept.
  void count_report(std::string_view verdict);

  /// One for which there was no room.
  void count_refused_report();

  /// A report from a pod of which the cluster did not say what it belongs to.
  void count_unread_pod();

  /// What the retention removed.
  void count_removed(std::string_view kind, std::int64_t rows);

  /// The text exposition format.
  std::string text(const ServerFigures& figures) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan::server
