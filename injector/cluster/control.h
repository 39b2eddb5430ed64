#pragma once

#include "common/kube/config.h"
#include "common/names.h"
#include "injector/certificates/plan.h"
#include "injector/cluster/events.h"
#include "injector/cluster/gate_servers.h"
#include "injector/cluster/settings.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace initscan::injector {

struct ControlOptions {
  KubeConfig kube;
  std::string namespace_ = names::kSystemNamespace;
  std::string service = names::kInjector;                  // also the name of the Lease
  std::string secret = names::kCertificates;               // own certificates
  std::string server_service = names::kServer;             // whose certificate is kept, too,
  std::string server_secret = names::kServerCertificates;  // by an authority of its own, in this Secret
  std::string configuration = names::kConfiguration;       // of the webhooks whose caBundle is kept
  std::string final_state = names::kFinalState;            // the ConfigMap and the FinalState of the final-state policy
  std::string image;                                       // that this replica gives to pods
  std::string identity;                                    // of this replica
  GateServers servers;                                     // that gates are told of
  std::vector<std::string> tls_names;                      // besides SERVICE.NAMESPACE.svc
  bool own_certificates = true;
  bool releases_blocked = false;  // delete blocked pods once what blocked them has changed
  std::chrono::seconds release_age{60};
  TlsLives lives;
  // Of the server's own authority: pods carry it in their gates' arguments, which never change, and ask the server
  // again when they are started again, years later.
  std::chrono::seconds server_authority_life = std::chrono::days(3650);
  std::chrono::milliseconds tick{5'000};    // of the one replica that leads
  std::chrono::milliseconds settle{1'000};  // between a policy's publication and its first use
};

// How old what is known of the cluster is, by kind of object; zero while there is contact.
struct WatchAge {
  std::string resource;
  bool synced = false;
  std::chrono::seconds age{0};
};

// Everything of the injector that talks to the API server, on a thread of its own: admission never waits for it.
// It follows namespaces, policies and exemptions into ClusterSettings, serves events, and, as the one replica that
// has the Lease, maintains certificates, caBundles and the accepted policies.
class Control {
 public:
  /// `on_certificate` gets each leaf to serve, on the control thread.
  Control(ControlOptions options, ClusterSettings& settings, std::function<void(const KeyPair&)> on_certificate);

  /// Gives the Lease up and ends; waits at most two seconds.
  ~Control();

  HintQueue& hints();

  /// Whether namespaces are known, the authority of servers that gates are told of is, too, the final-state policy
  /// accepts what pods get from here and, with own certificates, there is one. What was known once stays known.
  bool is_ready() const;
  bool is_leader() const;
  std::vector<WatchAge> ages() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan::injector
