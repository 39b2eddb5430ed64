#pragma once

#include "common/crypto/base64.h"
#include "common/crypto/sha256.h"

#include <string>

namespace initscan::audit {

// What a test changes of a pod that initscan's injector has been at. All of it is YAML in flow style.
struct GatedPod {
  bool by_volume = false;                  // the gate mounts the image; otherwise a collector runs in it
  std::string running = "example/shop:1";  // what the container names; example/shop:1 is what was scanned
  std::string scanned_id = "example/shop@sha256:" + std::string(64, 'a');
  std::string running_id = "example/shop@sha256:" + std::string(64, 'a');
  bool sealed = true;            // by injectors of today; earlier ones knew no seals
  bool has_token = false;        // in our containers, too, as earlier ones left it
  bool has_server = false;       // that it tells what it found
  bool refused = false;          // the gate ended with 2, and waits to be started again
  std::string policy = "{}";     // as the gate gets it
  std::string gate_args = "";    // more of them: ", --quiet"
  std::string gate_fields = "";  // more of the gate's: ", env: []"
  std::string container = "";    // more of the application's container
  std::string volumes = "";      // more of them
  std::string more = "";         // of the pod's spec
};

/// A pod as it stands in the API, in YAML and without metadata.
inline std::string gated_pod(const GatedPod& told = {}) {
  const std::string own =
      ", workingDir: /, terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File, securityContext:"
      " {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, privileged: false, readOnlyRootFilesystem: true,"
      " runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}";
  const bool is_sealed = told.sealed && !told.by_volume;
  const auto if_sealed = [is_sealed](const char* words) { return std::string(is_sealed ? words : ""); };
  const bool is_tokenless = !told.has_token && !told.by_volume;
  const std::string no_token =
      is_tokenless
          ? ", {name: initscan-no-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}"
          : "";
  const std::string initscan = ", image: 'registry/initscan@sha256:" + std::string(64, 'f') + "'";
  const std::string policy = ", '--policy-inline=" + base64_encode(told.policy) +
                             "', --policy-sha256=" + sha256_hex(told.policy) +
                             ", --termination-log=/dev/termination-log" +
                             (told.has_server ? ", '--report-to=https://a:1', --server-token=/initscan/token/token, "
                                                "--server-ca-inline=AAAA"
                                              : "") +
                             told.gate_args;
  const std::string source = told.by_volume ? "--rootfs=0=/initscan/images/0" : "--sbom=0=/initscan/sbom/0/sbom.json";
  const std::string token =
      told.has_server ? ", {name: initscan-token, mountPath: /initscan/token, readOnly: true}" : "";
  const std::string mounted =
      (told.by_volume
           ? "{name: initscan-image-0, mountPath: /initscan/images/0, readOnly: true}"
           : "{name: initscan-sbom-0, mountPath: /initscan/sbom/0, readOnly: true}" +
                 if_sealed(", {name: initscan-seal, mountPath: /initscan/seal, readOnly: true}") + no_token) +
      token;
  const std::string collecting =
      "{name: initscan-install" + initscan + own + ", args: [install, --to=/initscan/bin" +
      if_sealed(", --seal=/initscan/seal") +
      "], volumeMounts: [{name: initscan-bin,"
      " mountPath: /initscan/bin}" +
      if_sealed(", {name: initscan-seal, mountPath: /initscan/seal}") + no_token +
      "]}, "
      "{name: initscan-collect-0, image: 'example/shop:1'" +
      own + ", command: [/initscan/bin/initscan-collect], args: [--root=/, --output=/initscan/sbom/0/sbom.json" +
      if_sealed(", --seal=/initscan/bin/nonce") +
      "], volumeMounts:"
      " [{name: initscan-bin, mountPath: /initscan/bin, readOnly: true},"
      " {name: initscan-sbom-0, mountPath: /initscan/sbom/0}" +
      no_token + "]}, ";
  const std::string volumes =
      told.by_volume ? "{name: initscan-image-0, image: {reference: 'example/shop:1'}}"
                     : "{name: initscan-bin, emptyDir: {sizeLimit: 16Mi}}, {name: initscan-sbom-0, emptyDir: {}}" +
                           if_sealed(", {name: initscan-seal, emptyDir: {}}") +
                           (is_tokenless ? ", {name: initscan-no-token, emptyDir: {}}" : "");
  const std::string token_volume =
      told.has_server ? ", {name: initscan-token, projected: {defaultMode: 420, sources: [{serviceAccountToken:"
                        " {audience: initscan, expirationSeconds: 3600, path: token}}]}}"
                      : "";
  const std::string state =
      told.refused ? "state: {waiting: {reason: CrashLoopBackOff}}, restartCount: 2, lastState: {terminated:"
                     " {exitCode: 2, message: 'initscan: FAIL 1 of policy \"default\"'}}"
                   : "state: {terminated: {exitCode: 0}}";
  const std::string seen =
      told.by_volume
          ? ", volumeMounts: [{name: initscan-image-0, volumeStatus: {image: {imageRef: '" + told.scanned_id + "'}}}]"
          : "";
  return "{spec: {initContainers: [" + (told.by_volume ? "" : collecting) + "{name: initscan-gate" + initscan + own +
         ", args: [gate, " + source + ", '--image=0=example/shop:1'" + if_sealed(", --seal=/initscan/seal/nonce") +
         policy + "], volumeMounts: [" + mounted + "]" + told.gate_fields + "}], containers: [{name: shop, image: '" +
         told.running + "'" + told.container + "}], volumes: [" + volumes + token_volume + told.volumes + "]" +
         told.more + "}, status: {phase: " + (told.refused ? "Pending" : "Running") +
         ", initContainerStatuses: [{name: initscan-collect-0, imageID: '" + told.scanned_id +
         "', state: {terminated: {exitCode: 0}}}, {name: initscan-gate, " + state + seen +
         "}], containerStatuses: [{name: shop, " +
         (told.refused ? "state: {waiting: {reason: PodInitializing}}"
                       : "imageID: '" + told.running_id + "', state: {running: {startedAt: '2026-11-01T00:00:00Z'}}") +
         "}]}}";
}

}  // namespace initscan::audit
