#pragma once

#include "audit/compare/compare.h"
#include "audit/report/report_files.h"

#include <string>
#include <utility>

// Reports and records as the texts that they are in the end.
namespace initscan::audit {

class TextOutput : public Output {
 public:
  void put(std::string_view piece) override { text += piece; }
  std::string text;
};

inline std::string text_of(void (*put)(const AuditReport&, Output&), const AuditReport& report) {
  TextOutput out;
  put(report, out);
  return out.text;
}

inline std::string record_of(const AuditReport& report) {
  std::string text;
  history_record(report, [&](std::string_view piece) { text += piece; });
  return text;
}

// An earlier audit that comes in pieces which end anywhere.
inline EarlierAudit earlier(std::string text) {
  return [text = std::move(text)](const TakeBytes& take) -> Result<void> {
    constexpr std::size_t kStep = 7;
    for (std::size_t at = 0; at < text.size(); at += kStep) {
      if (auto taken = take(std::string_view(text).substr(at, kStep)); !taken) return taken;
    }
    return {};
  };
}

}  // namespace initscan::audit
