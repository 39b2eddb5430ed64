// Whatever is sent, an answer comes back; what is patched is JSON.
#include "common/base64.h"
#include "injector/review.h"

#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto mode : {initscan::Mode::copy, initscan::Mode::volume}) {
    initscan::InjectorConfig config;
    config.image = "example/initscan@sha256:1";
    config.policy_json = "{}";
    config.mode = mode;
    const auto answer = initscan::answer_review({reinterpret_cast<const char*>(data), size}, initscan::always(config));
    if (answer.decision.empty() || answer.body.empty()) std::abort();
    if (answer.http_status != 200) continue;
    const auto review = nlohmann::json::parse(answer.body);
    if (answer.decision != "patched") continue;
    const auto patch = initscan::base64_decode(review["response"]["patch"].get<std::string>());
    if (!patch || !nlohmann::json::parse(*patch).is_array()) std::abort();
  }
  return 0;
}
