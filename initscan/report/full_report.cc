#include "initscan/report/full_report.h"

#include "common/json/writer.h"
#include "common/names.h"
#include "initscan/model/image_digest.h"
#include "initscan/report/report.h"

namespace initscan {
namespace {

// The part of a verdict that is about one image.
Verdict verdict_on(const Verdict& verdict, std::size_t image) {
  const ImageVerdict& its = verdict.images[image];
  return {its.outcome, verdict.policy_name, verdict.enforcement, verdict.policy_sha256, verdict.data_date,
          {its},       verdict.warnings,    verdict.notes,       verdict.overlay_dates};
}

}  // namespace

std::string full_report(const Verdict& verdict, std::size_t image, std::string_view digest, std::string_view sbom,
                        std::chrono::sys_seconds evaluated_at) {
  const Verdict one = verdict_on(verdict, image);
  JsonWriter json;
  json.begin_object().field("schema", names::kReportSchema);
  json.key("image").begin_object();
  if (!digest.empty()) json.field("digest", digest);
  json.field("reference", one.images.front().image).end_object();
  json.key("verdict").json(json_report(one, evaluated_at, JsonReader::program));
  if (!sbom.empty()) json.field("sbom", sbom);
  return json.end_object().take();
}

std::string_view digest_in(std::string_view reference) {
  const std::size_t at = reference.rfind('@');
  if (at == reference.npos) return {};
  const std::string_view digest = reference.substr(at + 1);
  return is_image_digest(digest) ? digest : std::string_view();
}

}  // namespace initscan
