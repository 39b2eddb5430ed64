#include "initscan/advisory/feed/csaf_products.h"
#include "initscan/advisory/feed/cvss.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/advisory/feed/joined_statements.h"
#include "initscan/advisory/feed/redhat_release.h"
#include "initscan/advisory/feed/rpm_component.h"
#include "initscan/advisory/feed/severity_words.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <simdjson.h>

namespace initscan {
namespace {

namespace ondemand = simdjson::ondemand;

using Texts = std::vector<std::string_view>;

constexpr std::size_t kMaxCsafBytes = 256 << 20;
constexpr std::size_t kMaxStatements = 2'000'000;  // of one document
constexpr std::size_t kKeptBytes = 8 << 20;        // for documents up to this size a thread keeps its buffers

// Which of CSAF's lists of products a statement stands in.
struct StatusList {
  std::string_view key;
  std::string_view words;  // for people
  AdvisoryStatus status;
  bool is_fixed;
};
constexpr StatusList kLists[] = {
    {"fixed", "fixed", AdvisoryStatus::affected, true},
    {"first_fixed", "fixed", AdvisoryStatus::affected, true},
    {"known_affected", "affected", AdvisoryStatus::affected, false},
    {"first_affected", "affected", AdvisoryStatus::affected, false},
    {"last_affected", "affected", AdvisoryStatus::affected, false},
    {"under_investigation", "under investigation", AdvisoryStatus::under_investigation, false},
    {"known_not_affected", "not affected", AdvisoryStatus::not_affected, false},
};

struct Listed {
  const StatusList* list;
  std::string_view product;
};

// A value of all products of a vulnerability, or of those that are named.
template <class T>
class PerProduct {
 public:
  void set(T value, const Texts& products) {
    if (products.empty()) all_ = value;
    for (const std::string_view product : products) values_.insert_or_assign(product, value);
  }
  std::optional<T> of(std::string_view product) const {
    const auto found = values_.find(product);
    return found == values_.end() ? all_ : found->second;
  }

 private:
  std::optional<T> all_;
  std::unordered_map<std::string_view, T> values_;
};

struct Vulnerability {
  std::string_view id;
  std::string_view title;
  std::string_view published;
  std::vector<Listed> listed;
  std::size_t unknown = 0;  // in lists of no kind that is known
  PerProduct<Severity> severities;
  PerProduct<double> scores;
  PerProduct<AdvisoryStatus> repairs;
};

Texts texts_of(ondemand::array array) {
  Texts texts;
  for (std::string_view text : array) texts.push_back(text);
  return texts;
}

void read_status(ondemand::object object, Vulnerability& vulnerability) {
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    const auto* const list =
        std::find_if(std::begin(kLists), std::end(kLists), [&](const StatusList& known) { return known.key == key; });
    for (const std::string_view product : texts_of(field.value().get_array())) {
      if (list == std::end(kLists)) {
        ++vulnerability.unknown;
      } else {
        vulnerability.listed.push_back({list, product});
      }
    }
  }
}

void read_threat(ondemand::object threat, Vulnerability& vulnerability) {
  std::string_view category;
  std::string_view details;
  Texts products;
  for (ondemand::field field : threat) {
    const std::string_view key = field.unescaped_key();
    if (key == "category") category = field.value().get_string();
    if (key == "details") details = field.value().get_string();
    if (key == "product_ids") products = texts_of(field.value().get_array());
  }
  if (category == "impact") vulnerability.severities.set(severity_of_word(details), products);
}

void read_score(ondemand::object object, Vulnerability& vulnerability, FeedRecord& record) {
  CvssRating rating;
  Texts products;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key.starts_with("cvss_v")) {
      for (ondemand::field metric : field.value().get_object()) {
        if (std::string_view(metric.unescaped_key()) == "vectorString") rating.add(metric.value().get_string());
      }
    }
    if (key == "products") products = texts_of(field.value().get_array());
  }
  for (std::size_t i = 0; i < rating.unreadable(); ++i)
    record.notes.emplace_back("a CVSS vector that cannot be parsed");
  if (rating.score() >= 0) vulnerability.scores.set(rating.score(), products);
}

// What is said of a fix that does not exist. Source: redhatproductsecurity.github.io/security-data-guidelines, "VEX".
std::optional<AdvisoryStatus> repair_of(std::string_view category, std::string_view details) {
  if (category == "no_fix_planned") {
    return details == "Out of support scope" ? AdvisoryStatus::end_of_life : AdvisoryStatus::will_not_fix;
  }
  if (category != "none_available") return std::nullopt;
  if (details == "Fix deferred") return AdvisoryStatus::deferred;
  if (details == "Will not fix") return AdvisoryStatus::will_not_fix;
  return details == "Out of support scope" ? AdvisoryStatus::end_of_life : AdvisoryStatus::affected;
}

void read_remediation(ondemand::object object, Vulnerability& vulnerability) {
  std::string_view category;
  std::string_view details;
  Texts products;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key == "category") category = field.value().get_string();
    if (key == "details") details = field.value().get_string();
    if (key == "product_ids") products = texts_of(field.value().get_array());
  }
  if (const auto repair = repair_of(category, details)) vulnerability.repairs.set(*repair, products);
}

void read_field(ondemand::field field, Vulnerability& vulnerability, FeedRecord& record) {
  const std::string_view key = field.unescaped_key();
  if (key == "cve") vulnerability.id = field.value().get_string();
  if (key == "title") vulnerability.title = field.value().get_string();
  if (key == "release_date") vulnerability.published = field.value().get_string();
  if (key == "product_status") read_status(field.value().get_object(), vulnerability);
  if (key == "threats") {
    for (ondemand::object threat : field.value().get_array()) read_threat(threat, vulnerability);
  }
  if (key == "scores") {
    for (ondemand::object score : field.value().get_array()) read_score(score, vulnerability, record);
  }
  if (key == "remediations") {
    for (ondemand::object repair : field.value().get_array()) read_remediation(repair, vulnerability);
  }
}

// The component of a part as a package; or why it is none.
std::optional<RpmComponent> package_of(const CsafProducts::Part& part, std::string& why) {
  const std::string_view purl = part.component.purl;
  if (purl.starts_with("pkg:oci/")) {
    why = "a container image";
  } else if (!purl.empty()) {
    auto component = rpm_of_purl(purl);
    if (!component) why = "a purl that is not understood";
    return component;
  } else if (!is_operating_system(part.product.cpe)) {
    why = "a component of a product that is no operating system, without a purl";
  } else {  // as documents had it before they had purls
    if (auto component = rpm_of_nevra(part.component_id)) return component;
    return RpmComponent{std::string(part.component_id), "", "", "", false};
  }
  return std::nullopt;
}

// Older documents nest packages in their module: "pkg:rpmmod/redhat/nodejs@16:8060020220930:ad008a3a".
void read_outer_module(std::string_view purl, RpmComponent& component) {
  constexpr std::string_view kHead = "pkg:rpmmod/";
  if (!purl.starts_with(kHead)) return;
  const std::string_view path = purl.substr(0, purl.find('?'));
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t at = name.find('@');
  const std::string_view stream = at == name.npos ? std::string_view() : name.substr(at + 1);
  component.has_unclear_module = at == name.npos || stream.substr(0, stream.find(':')).empty();
  if (component.has_unclear_module) return;
  component.module = std::string(name.substr(0, at)) + ':' + std::string(stream.substr(0, stream.find(':')));
}

const char* const kNoStream = "the stream of its module is not given";

// Makes the statements of one vulnerability. Those that differ in nothing but the architecture are one.
class Statements {
 public:
  Statements(const CsafProducts& products, const Vulnerability& vulnerability, FeedRecord& record)
      : products_(products), vulnerability_(vulnerability), record_(record) {}

  void add(const Listed& listed) {
    const auto part = products_.part(listed.product);
    if (!part) return skip(listed, "a product as a whole");
    if (part->product.cpe.empty()) return skip(listed, "a product without a CPE");
    const std::string ecosystem = redhat_ecosystem(part->product.cpe);
    if (ecosystem.empty()) return skip(listed, "a product of another vendor");
    std::string why;
    auto component = package_of(*part, why);
    if (!component) return skip(listed, why);
    read_outer_module(part->module.purl, *component);
    const bool is_doubtful = component->has_unclear_module && listed.list->status == AdvisoryStatus::not_affected;
    if (is_doubtful) return skip(listed, kNoStream);
    if (listed.list->is_fixed && component->version.empty()) return skip(listed, "no version of its fix");

    AffectedPackage affected = statement(listed, *component);
    affected.ecosystem = ecosystem;
    affected.scope.cpes = {std::string(part->product.cpe)};
    affected.scope.architectures = {component->architecture};
    if (!made_.add(std::move(affected))) skip(listed, "one more architecture of a package");
  }

  std::vector<AffectedPackage> take() { return made_.take(); }

 private:
  void skip(const Listed& listed, std::string_view why) {
    record_.skipped.push_back(std::string(listed.list->words) + ": " + std::string(why));
  }

  AffectedPackage statement(const Listed& listed, const RpmComponent& component) const {
    AffectedPackage affected;
    affected.name = component.name;
    affected.severity = vulnerability_.severities.of(listed.product).value_or(Severity::unknown);
    affected.cvss = vulnerability_.scores.of(listed.product).value_or(-1);
    affected.scope.module = component.module;
    affected.status = listed.list->status;
    if (listed.list->key == "known_affected")
      affected.status = vulnerability_.repairs.of(listed.product).value_or(AdvisoryStatus::affected);
    if (component.has_unclear_module) {
      affected.unclear.emplace_back(kNoStream);
    } else if (listed.list->is_fixed) {
      affected.ranges.push_back({"", component.version, ""});
    } else if (affected.status == AdvisoryStatus::not_affected && !component.version.empty()) {
      affected.versions.push_back(component.version);  // of another build nothing is said
    } else {
      affected.ranges.push_back({});
    }
    return affected;
  }

  const CsafProducts& products_;
  const Vulnerability& vulnerability_;
  FeedRecord& record_;
  JoinedStatements made_;
};

Advisory advisory_of(const Vulnerability& vulnerability, const CsafProducts& products, FeedRecord& record) {
  Advisory advisory;
  advisory.id = vulnerability.id.empty() ? record.id : vulnerability.id;
  advisory.published = vulnerability.published;
  advisory.summary = first_line(vulnerability.title);
  record.skipped.insert(record.skipped.end(), vulnerability.unknown, "a product status that is not known");
  Statements statements(products, vulnerability, record);
  for (const Listed& listed : vulnerability.listed) statements.add(listed);
  advisory.affected = statements.take();
  for (const AffectedPackage& affected : advisory.affected) {
    if (affected.status == AdvisoryStatus::not_affected) continue;
    advisory.severity = std::max(advisory.severity, affected.severity);
    advisory.cvss = std::max(advisory.cvss, affected.cvss);
  }
  return advisory;
}

// One document while it is read. `place` says where, for errors.
class Document {
 public:
  // Members may come in any order, and are read in the one in which they come: simdjson 3.0 fails to look for a member
  // behind the end of an object.
  Result<FeedRecord> read(ondemand::object document) {
    for (ondemand::field field : document) {
      const std::string_view key = field.unescaped_key();
      if (auto done = read_member(key, field.value()); !done) return done.error();
    }
    place_.clear();
    return conclude();
  }

  const std::string& place() const { return place_; }

 private:
  Result<void> read_member(std::string_view key, ondemand::value value) {
    if (key == "document") {
      place_ = key;
      return read_head(value.get_object());
    }
    if (key == "product_tree") {
      place_ = key;
      has_products_ = true;
      if (auto done = products_.read(value.get_object()); !done) return std::move(done).error().within(place_);
    }
    if (key == "vulnerabilities") {
      place_ = key;
      for (ondemand::object vulnerability : value.get_array()) {
        place_ = "vulnerabilities[" + std::to_string(vulnerabilities_.size()) + ']';
        if (auto done = read_vulnerability(vulnerability); !done) return done;
      }
    }
    return {};
  }

  Result<FeedRecord> conclude() {
    if (record_.id.empty()) return Error{Errc::malformed, "document.tracking.id: want an id"};
    if (record_.withdrawn) {
      record_.skipped.emplace_back("withdrawn");
      record_.advisories.emplace_back().id = record_.id;
      return std::move(record_);
    }
    if (category_ != "csaf_vex" && category_ != "csaf_security_advisory")
      return Error{Errc::unsupported, "document.category: want csaf_vex or csaf_security_advisory"};
    if (!has_products_) return Error{Errc::malformed, "product_tree: it is missing"};
    if (vulnerabilities_.empty()) return Error{Errc::malformed, "vulnerabilities: want one at least"};
    for (const Vulnerability& vulnerability : vulnerabilities_)
      record_.advisories.push_back(advisory_of(vulnerability, products_, record_));
    return std::move(record_);
  }

  Result<void> read_head(ondemand::object head) {
    for (ondemand::field field : head) {
      const std::string_view key = field.unescaped_key();
      if (key == "category") category_ = std::string(std::string_view(field.value().get_string()));
      if (key != "tracking") continue;
      place_ = "document.tracking";
      for (ondemand::field detail : field.value().get_object()) {
        const std::string_view name = detail.unescaped_key();
        if (name == "id") record_.id = std::string(std::string_view(detail.value().get_string()));
        if (name == "status") record_.withdrawn = std::string_view(detail.value().get_string()) == "deleted";
        if (name == "current_release_date")
          record_.modified = std::string(std::string_view(detail.value().get_string()));
      }
    }
    return {};
  }

  Result<void> read_vulnerability(ondemand::object object) {
    Vulnerability& vulnerability = vulnerabilities_.emplace_back();
    for (ondemand::field field : object) read_field(field, vulnerability, record_);
    statements_ += vulnerability.listed.size();
    if (statements_ <= kMaxStatements) return {};
    return Error{Errc::over_limit, place_ + ": more than " + std::to_string(kMaxStatements) + " statements"};
  }

  FeedRecord record_;
  std::string category_;
  CsafProducts products_;
  bool has_products_ = false;
  std::vector<Vulnerability> vulnerabilities_;
  std::size_t statements_ = 0;
  std::string place_;
};

}  // namespace

Result<void> parse_redhat_csaf(std::string_view json, const RecordSink& sink) {
  if (json.size() > kMaxCsafBytes)
    return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxCsafBytes) + " bytes"};
  Document reader;
  try {
    thread_local ondemand::parser kept(kKeptBytes);
    ondemand::parser large(kMaxCsafBytes);
    const simdjson::padded_string padded(json);
    ondemand::document document = (json.size() <= kKeptBytes ? kept : large).iterate(padded);
    auto record = reader.read(document.get_object());
    if (!record) return record.error();
    sink(std::move(*record));
    return {};
  } catch (const simdjson::simdjson_error& e) {
    const std::string place = reader.place().empty() ? "" : reader.place() + ": ";
    return Error{Errc::malformed, place + "not CSAF: " + e.what()};
  }
}

}  // namespace initscan
