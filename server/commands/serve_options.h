#pragma once

#include "common/cli/serving.h"
#include "common/kube/config.h"
#include "common/result.h"
#include "server/auth/client_limits.h"
#include "server/commands/store_options.h"
#include "server/store/audits.h"
#include "server/store/reports.h"
#include "server/store/retention.h"

#include <chrono>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace initscan::server {

struct ServeOptions : ServingOptions {
  std::string cluster = "default";
  StoreOptions store;
  std::optional<std::int64_t> share;  // bytes, as the words say
  StoreRoom room;                     // this and the next are set by settle()
  std::optional<std::int64_t> store_max_bytes;
  Retention retention;
  AuditRetention audits;
  std::string index_path;
  std::optional<std::chrono::seconds> max_age;
  std::chrono::seconds poll{5};
  std::string policy_path;
  std::string token_file;
  bool reviews_tokens = false;
  std::string kubeconfig;
  std::string context;
  std::optional<KubeConfig> kube;  // where tokens are reviewed
  ClientLimit client_limit;
};

void add_serve_options(CLI::App& command, ServeOptions& options);

/// Fills in what follows from the words. Errors: usage, and those of a kubeconfig.
Result<void> settle(ServeOptions& options);

}  // namespace initscan::server
