#include "audit/commands/send_report.h"

#include "audit/report/report_files.h"

#include <string>

namespace initscan::audit {
namespace {

// A report that fits, or nothing of it: one of a large cluster is not held.
class BoundedText : public Output {
 public:
  void put(std::string_view piece) override {
    fits_ = fits_ && piece.size() <= kMaxServerDocument - text_.size();
    fits_ ? text_.append(piece) : text_.assign({});
  }

  bool fits() const { return fits_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool fits_ = true;
};

}  // namespace

Result<void> send_report(const AuditReport& report, const ServerClient& server) {
  BoundedText json;
  put_json(report, json);
  if (!json.fits()) {
    return Error{Errc::over_limit, server.url() + ": takes no report of more than " +
                                       std::to_string(kMaxServerDocument >> 20) +
                                       " MiB; the files have it; let the policy skip namespaces, or audit without "
                                       "--report-to"};
  }
  return server.send_audit(json.text());
}

}  // namespace initscan::audit
