#pragma once

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"
#include "common/gate/own_gate.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::server {

inline const std::string kScannerImage = "registry/initscan@sha256:" + std::string(64, 'f');
inline const std::string kAppImage = "example/shop:1";
inline const std::string kAppId = "example/shop@sha256:" + std::string(64, 'a');
inline const std::string kCounts = "critical=1/1 high=0/0 medium=0/0 low=2/1 negligible=0/0 unknown=0/0";

inline nlohmann::json own_container(const std::string& name, const std::string& image, std::vector<std::string> args,
                                    nlohmann::json mounts) {
  return {{"name", name},
          {"image", image},
          {"args", std::move(args)},
          {"imagePullPolicy", "IfNotPresent"},
          {"workingDir", "/"},
          {"resources", nlohmann::json::object()},
          {"terminationMessagePath", "/dev/termination-log"},
          {"terminationMessagePolicy", "File"},
          {"volumeMounts", std::move(mounts)},
          {"securityContext",
           {{"allowPrivilegeEscalation", false},
            {"capabilities", {{"drop", {"ALL"}}}},
            {"privileged", false},
            {"readOnlyRootFilesystem", true},
            {"runAsGroup", 65532},
            {"runAsNonRoot", true},
            {"runAsUser", 65532},
            {"seccompProfile", {{"type", "RuntimeDefault"}}}}}};
}

inline nlohmann::json read_only(const std::string& name, const std::string& path) {
  return {{"name", name}, {"mountPath", path}, {"readOnly", true}};
}

inline const std::string kPolicy = R"({"spec":{"enforcement":"enforce"}})";
inline const std::string kReportingPolicy = R"({"spec":{"enforcement":"report"}})";

inline std::vector<std::string> gate_args(std::vector<std::string> sources, const std::string& policy = kPolicy) {
  sources.insert(sources.begin(), "gate");
  for (const std::string& arg : {"--policy-inline=" + base64_encode(policy), "--policy-sha256=" + sha256_hex(policy),
                                 std::string("--termination-log=/dev/termination-log")}) {
    sources.push_back(arg);
  }
  return sources;
}

// A pod whose gate mounts its image, or reads what a collector wrote; it has not run yet.
inline nlohmann::json made_pod(bool is_collected = false) {
  using Json = nlohmann::json;
  Json inits = Json::array();
  Json volumes = Json::array();
  if (is_collected) {
    inits.push_back(own_container("initscan-install", kScannerImage,
                                  {"install", "--to=/initscan/bin", "--seal=/initscan/seal"},
                                  {{{"name", "initscan-bin"}, {"mountPath", "/initscan/bin"}},
                                   {{"name", "initscan-seal"}, {"mountPath", "/initscan/seal"}}}));
    inits.push_back(own_container("initscan-collect-0", kAppImage,
                                  {"--root=/", "--output=/initscan/sbom/0/sbom.json", "--seal=/initscan/bin/nonce"},
                                  {read_only("initscan-bin", "/initscan/bin"),
                                   {{"name", "initscan-sbom-0"}, {"mountPath", "/initscan/sbom/0"}}}));
    inits.back()["command"] = {"/initscan/bin/initscan-collect"};
    inits.push_back(own_container(
        "initscan-gate", kScannerImage,
        gate_args({"--sbom=0=/initscan/sbom/0/sbom.json", "--image=0=" + kAppImage, "--seal=/initscan/seal/nonce"}),
        {read_only("initscan-sbom-0", "/initscan/sbom/0"), read_only("initscan-seal", "/initscan/seal")}));
    for (Json& container : inits) {
      container["volumeMounts"].push_back(
          read_only("initscan-no-token", "/var/run/secrets/kubernetes.io/serviceaccount"));
    }
    for (const char* const name : {"initscan-bin", "initscan-seal", "initscan-sbom-0", "initscan-no-token"}) {
      volumes.push_back({{"name", name}, {"emptyDir", Json::object()}});
    }
  } else {
    inits.push_back(own_container("initscan-gate", kScannerImage,
                                  gate_args({"--rootfs=0=/initscan/images/0", "--image=0=" + kAppImage}),
                                  Json::array({read_only("initscan-image-0", "/initscan/images/0")})));
    volumes.push_back({{"name", "initscan-image-0"}, {"image", {{"reference", kAppImage}}}});
  }
  return {
      {"metadata", {{"name", "web-1"}, {"namespace", "shop"}, {"uid", "u1"}}},
      {"spec",
       {{"initContainers", inits}, {"containers", {{{"name", "app"}, {"image", kAppImage}}}}, {"volumes", volumes}}},
      {"status", {{"phase", "Pending"}}}};
}

inline const std::string kUnreadablePolicy = "spec: {}";
inline const std::string kServers =
    "--report-to=https://a:1|--server-token=/initscan/token/token|--server-ca-inline=AAAA";
inline const std::string kIndexImage = "registry/index@sha256:" + std::string(64, 'e');
inline const AcceptedGates kAccepted{
    {"registry/initscan@sha256:older", kScannerImage},
    {kIndexImage},
    {sha256_hex(kPolicy), "shop." + sha256_hex(kReportingPolicy), "shop." + sha256_hex(kUnreadablePolicy)},
    {},
    {sha256_hex(kServers)}};

inline nlohmann::json with_policy(nlohmann::json pod, const std::string& policy) {
  pod["spec"]["initContainers"].back()["args"] =
      gate_args({"--rootfs=0=/initscan/images/0", "--image=0=" + kAppImage}, policy);
  return pod;
}

inline nlohmann::json ended(int code, const std::string& message = "", const std::string& id = "containerd://1") {
  nlohmann::json terminated{{"exitCode", code},
                            {"reason", code == 0 ? "Completed" : "Error"},
                            {"startedAt", "2026-11-28T00:00:01Z"},
                            {"finishedAt", "2026-11-28T00:00:03Z"},
                            {"containerID", id}};
  if (!message.empty()) terminated["message"] = message;
  return {{"terminated", std::move(terminated)}};
}

inline nlohmann::json waiting(const std::string& reason) {
  return {{"waiting", {{"reason", reason}}}};
}

inline const nlohmann::json kRunning{{"running", {{"startedAt", "2026-11-28T00:00:05Z"}}}};

// The gate's state and the one before, and the application's.
inline nlohmann::json with_status(nlohmann::json pod, nlohmann::json state,
                                  nlohmann::json last = nlohmann::json::object(),
                                  nlohmann::json app = waiting("PodInitializing")) {
  pod["status"]["initContainerStatuses"] = {
      {{"name", "initscan-gate"}, {"state", std::move(state)}, {"lastState", std::move(last)}}};
  const bool runs = app.contains("running");
  pod["status"]["containerStatuses"] = {
      {{"name", "app"}, {"imageID", runs ? kAppId : std::string()}, {"state", std::move(app)}}};
  if (runs) pod["status"]["phase"] = "Running";
  return pod;
}

inline std::string line_of(const std::string& start, const std::string& end = "ms=37") {
  return "initscan/1 " + start + ' ' + kCounts + ' ' + end + '\n';
}

}  // namespace initscan::server
