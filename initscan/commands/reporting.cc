#include "initscan/commands/reporting.h"

#include "initscan/report/full_report.h"

#include <vector>

namespace initscan {
namespace {

using Clock = std::chrono::steady_clock;

// One report after the other, as long as there is time.
class Reporting {
 public:
  Reporting(Courier& courier, Clock::time_point end) : courier_(courier), end_(end) {}

  /// "", or why it did not arrive.
  std::string send(const Scan& scan, std::size_t image, std::chrono::sys_seconds now) {
    const ImageVerdict& verdict = scan.verdict.images[image];
    // Of an image that is named by a tag the pod's node has told the cluster, and so the server, which one it is.
    const std::string_view digest = digest_in(verdict.image);
    std::string body = full_report(scan.verdict, image, digest, scan.documents[image], now);
    // The verdict says more than the SBOM, and is the smaller part.
    if (body.size() > kMaxSentBytes) body = full_report(scan.verdict, image, digest, {}, now);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now());
    const CourierReply reply = courier_.carry(Errand::report, body, left, kMaxReportAnswerBytes);
    return reply.delivery == Delivery::answered ? std::string() : reply.words;
  }

 private:
  Courier& courier_;
  const Clock::time_point end_;
};

}  // namespace

std::string send_reports(const ServerOptions& options, Servers& servers, const Scan& scan,
                         std::chrono::sys_seconds now) {
  if (options.report_url.empty()) return {};
  if (!servers.courier) return servers.fault;
  Reporting reporting(*servers.courier, Clock::now() + std::chrono::seconds(options.report_seconds));
  std::vector<std::string> faults;
  for (std::size_t image = 0; image < scan.verdict.images.size(); ++image) {
    const std::string fault = reporting.send(scan, image, now);
    if (!fault.empty()) faults.push_back(scan.verdict.images[image].image + ": " + fault);
  }
  if (faults.size() < 2) return faults.empty() ? std::string() : faults.front();
  return faults.front() + "; and of " + std::to_string(faults.size() - 1) + " more";
}

}  // namespace initscan
