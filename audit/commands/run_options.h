#pragma once

#include "audit/collect/source.h"
#include "audit/compare/compare.h"
#include "audit/compare/history.h"
#include "audit/harden/observed_writes.h"
#include "audit/images/scanned_images.h"
#include "audit/model/policy.h"
#include "audit/server/server_client.h"
#include "common/result.h"
#include "initscan/model/severity.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace initscan::audit {

// The words of `initscan-audit run`.
struct RunOptions {
  std::vector<std::string> files;
  std::string kubeconfig;
  std::vector<std::string> contexts;
  unsigned timeout_seconds = 600;
  bool write_layers = false;
  bool kubelet_insecure_tls = false;
  unsigned kubelet_at_once = 8;

  std::string policy;
  std::string index;
  std::string sboms;
  std::string server;  // instead of sboms
  std::string observed_writes;

  std::string compare;
  std::string history;
  std::string history_config_map;  // NAMESPACE/NAME

  std::string report_dir;
  std::vector<std::string> formats{"html", "md", "json"};
  std::string pushgateway;
  std::string report_to;       // an initscan-server
  std::string report_objects;  // openreports, policyreports; "": none
  std::string fail_on;

  std::string server_token;  // of both servers: they are one as a rule
  std::string server_ca;

  bool apply_rotation = false;
  bool confirm_rotation = false;
  std::size_t max_restarts = 5;
};

void add_run_options(CLI::App& command, RunOptions& options);

// What the options refer to, read and opened before the first question is asked: a typing error must not show after
// ten minutes.
struct RunInputs {
  std::vector<std::unique_ptr<Source>> sources;
  AuditPolicy policy;
  std::unique_ptr<ServerClient> server;  // whose SBOMs the images are
  std::optional<ScannedImages> images;
  std::optional<ObservedWrites> observed;
  EarlierAudit earlier;
  std::unique_ptr<HistoryStore> history;
  std::vector<KubeConfig> clusters;  // in the order of sources; none with files
  std::unique_ptr<ServerClient> report_to;
  std::optional<Severity> fail_on;
};

/// Errors: usage - words that do not go together; else of what they name.
Result<RunInputs> open_inputs(const RunOptions& options);

}  // namespace initscan::audit
