#include "injector/doctor/denial.h"

#include "common/json/parts.h"
#include "injector/inject/denial_text.h"

#include <string>
#include <string_view>

namespace initscan::injector {
namespace {

constexpr std::string_view kDenied[] = {" denied request: ", " denied the request: "};

// The message of whoever denied it; "" if it was not denied.
std::string_view text_of_denial(std::string_view sentence) {
  for (const std::string_view lead : kDenied) {
    if (const std::size_t at = sentence.find(lead); at != sentence.npos) return sentence.substr(at + lead.size());
  }
  return {};
}

}  // namespace

Denial denial_of(const nlohmann::json& status) {
  const std::string sentence = text_in(status, "message");
  std::string_view text = text_of_denial(sentence);
  if (text.starts_with(kCannotInject)) return Denial::not_final;
  if (!text.starts_with(kDenialMark)) return Denial::not_ours;
  text.remove_prefix(kDenialMark.size());
  return text.starts_with(kNotInjected) ? Denial::not_injected : Denial::not_final;
}

}  // namespace initscan::injector
