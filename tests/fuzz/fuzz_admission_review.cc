// Whatever is sent, an answer comes back, at /mutate and at /validate; what is patched is JSON.
#include "common/crypto/base64.h"
#include "injector/admission/review.h"
#include "injector/admission/validation.h"

#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto mode : {initscan::injector::Mode::copy, initscan::injector::Mode::volume}) {
    initscan::injector::InjectorConfig config;
    config.image = "example/initscan@sha256:1";
    config.policy_json = "{}";
    config.mode = mode;
    config.architectures = {"amd64"};
    config.hardening = {true, true, "", {"", "", "", "s0"}, true, true, {"/tmp"}};
    const auto judged = initscan::injector::answer_validation({reinterpret_cast<const char*>(data), size},
                                                              initscan::injector::always(config));
    if (judged.body.empty()) std::abort();
    if (judged.http_status == 200 && !nlohmann::json::parse(judged.body).is_object()) std::abort();
    const auto answer = initscan::injector::answer_review({reinterpret_cast<const char*>(data), size},
                                                          initscan::injector::always(config));
    if (answer.body.empty()) std::abort();
    if (answer.http_status != 200) continue;
    const auto review = nlohmann::json::parse(answer.body);
    if (answer.decision != initscan::injector::Decision::patched) continue;
    const auto patch = initscan::base64_decode(review["response"]["patch"].get<std::string>());
    if (!patch || !nlohmann::json::parse(*patch).is_array()) std::abort();
  }
  return 0;
}
