#include "initscan/advisory/feed/oval.h"

#include "initscan/advisory/feed/xml_events.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace initscan {
namespace {

struct State {
  OvalCondition::Comparison evr;
  OvalCondition::Comparison version;
  OvalCondition::Comparison release;
  OvalCondition::Comparison architecture;
  bool has_signature = false;
};

// Old documents of SUSE name operations by their number in OVAL's list.
std::string operation_of(std::string_view text) {
  constexpr std::array<std::string_view, 9> kByNumber{"",
                                                      "equals",
                                                      "not equal",
                                                      "case insensitive equals",
                                                      "case insensitive not equal",
                                                      "greater than",
                                                      "less than",
                                                      "greater than or equal",
                                                      "less than or equal"};
  if (text.size() == 1 && text[0] > '0' && text[0] < '9')
    return std::string(kByNumber[static_cast<std::size_t>(text[0] - '0')]);
  return std::string(text.empty() ? "equals" : text);
}

// The first reading: what the criteria refer to.
class Parts : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name.ends_with("_test")) {
      test_ = attributes["id"];
      conditions_[test_].comment = attributes["comment"];
    } else if (name == "object") {
      object_refs_[test_] = attributes["object_ref"];
    } else if (name == "state") {
      state_refs_[test_].emplace_back(attributes["state_ref"]);
    } else if (name == "rpminfo_object") {
      object_ = attributes["id"];
    } else if (name == "rpminfo_state") {
      state_ = attributes["id"];
      states_[state_];
    } else {
      operation_ = operation_of(attributes["operation"]);
    }
  }

  Result<void> end(std::string_view name, std::string_view text) override {
    if (name.ends_with("_test")) test_.clear();
    if (name == "rpminfo_object") object_.clear();
    if (name == "rpminfo_state") state_.clear();
    if (name == "name" && !object_.empty()) objects_[object_] = text;
    if (!state_.empty()) read_state(name, text, states_[state_]);
    if (conditions_.size() + objects_.size() + states_.size() <= kMaxOvalParts) return {};
    return Error{Errc::over_limit, "more than " + std::to_string(kMaxOvalParts) + " tests, objects and states"};
  }

  // Puts tests, objects and states together. Where one is missing, nobody knows what the test asks.
  void connect() {
    for (auto& [id, condition] : conditions_) {
      const auto object = objects_.find(object_refs_[id]);
      condition.is_unknown = object == objects_.end();
      if (!condition.is_unknown) condition.package = object->second;
      for (const std::string& ref : state_refs_[id]) {
        const auto state = states_.find(ref);
        if (state == states_.end()) {
          condition.is_unknown = true;
        } else {
          add(state->second, condition);
        }
      }
    }
    objects_.clear();
    states_.clear();
    object_refs_.clear();
    state_refs_.clear();
  }

  const OvalCondition* find(const std::string& test) const {
    const auto found = conditions_.find(test);
    return found == conditions_.end() ? nullptr : &found->second;
  }

 private:
  void read_state(std::string_view name, std::string_view text, State& state) {
    const OvalCondition::Comparison comparison{operation_, std::string(text)};
    if (name == "evr") state.evr = comparison;
    if (name == "version") state.version = comparison;
    if (name == "release") state.release = comparison;
    if (name == "arch") state.architecture = comparison;
    if (name == "signature_keyid") state.has_signature = true;
  }

  static void add(const State& state, OvalCondition& condition) {
    const auto set = [](const OvalCondition::Comparison& from, OvalCondition::Comparison& to) {
      if (!from.operation.empty()) to = from;
    };
    set(state.evr, condition.evr);
    set(state.version, condition.version);
    set(state.release, condition.release);
    set(state.architecture, condition.architecture);
    condition.is_signature = condition.is_signature || state.has_signature;
  }

  std::unordered_map<std::string, OvalCondition> conditions_;
  std::unordered_map<std::string, std::string> object_refs_;
  std::unordered_map<std::string, std::vector<std::string>> state_refs_;
  std::unordered_map<std::string, std::string> objects_;
  std::unordered_map<std::string, State> states_;
  std::string test_;
  std::string object_;
  std::string state_;
  std::string operation_;
};

using Alternatives = std::vector<std::vector<const OvalCondition*>>;

// Criteria while their children are read.
struct Criteria {
  bool is_any = false;
  bool is_empty = true;
  Alternatives alternatives{{}};  // of "all": starts with one that asks nothing
};

// The second reading: definitions, one at a time.
class Definitions : public XmlHandler {
 public:
  Definitions(const Parts& parts, const OvalSink& sink) : parts_(parts), sink_(sink) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "definition") {
      definition_ = {};
      criteria_.clear();
      too_many_ = false;
      definition_.id = attributes["id"];
    } else if (name == "criteria") {
      start_criteria(attributes);
    } else if (name == "criterion") {
      add_criterion(attributes);
    } else if (name == "reference" && has_room()) {
      definition_.references.emplace_back(attributes["source"], attributes["ref_id"]);
    } else if (name == "cve") {
      start_cve(attributes);
    } else if (name == "issued") {
      definition_.issued = attributes["date"];
    } else if (name == "updated") {
      definition_.updated = attributes["date"];
    } else if (name == "extend_definition") {
      definition_.is_unclear = true;  // what another definition says
    }
  }

  Result<void> end(std::string_view name, std::string_view text) override {
    if (name == "title") definition_.title = text;
    if (name == "severity") definition_.severity = text;
    if (name == "patchable") definition_.patchable = text;
    if (name == "advisory_date") definition_.issued = text;
    if (name == "cve" && has_room()) definition_.cves.emplace_back(text);
    if (name == "criteria") end_criteria();
    if (name != "definition") return {};
    if (definition_.id.empty()) return Error{Errc::malformed, "a definition without id"};
    if (too_many_) {
      return Error{Errc::over_limit, definition_.id + ": more than " + std::to_string(kMaxOvalAlternatives) +
                                         " alternatives, or " + std::to_string(kMaxOvalReferences) + " references"};
    }
    return sink_(std::move(definition_));
  }

 private:
  bool has_room() {
    const bool has = definition_.references.size() + definition_.cves.size() < kMaxOvalReferences;
    too_many_ = too_many_ || !has;
    return has;
  }

  void start_cve(const XmlAttributes& attributes) {
    if (!definition_.cves.empty()) return;
    definition_.impact = attributes["impact"];
    const std::string_view cvss = attributes["cvss3"];  // "7.5/CVSS:3.1/AV:N/..."
    const std::size_t vector = cvss.find("CVSS:");
    if (vector != cvss.npos) definition_.cvss = cvss.substr(vector);
  }

  void start_criteria(const XmlAttributes& attributes) {
    Criteria criteria;
    const std::string_view op = attributes["operator"];
    criteria.is_any = op == "OR";
    const bool is_known = op.empty() || op == "AND" || op == "OR";
    if (!is_known || attributes["negate"] == "true") definition_.is_unclear = true;
    criteria_.push_back(std::move(criteria));
  }

  void add_criterion(const XmlAttributes& attributes) {
    if (criteria_.empty()) return;
    const OvalCondition* const test = parts_.find(std::string(attributes["test_ref"]));
    OvalCondition& condition = definition_.conditions.emplace_back();
    if (test != nullptr) condition = *test;
    condition.is_unknown = condition.is_unknown || test == nullptr;
    if (attributes["negate"] == "true") definition_.is_unclear = true;
    if (!attributes["comment"].empty()) condition.comment = attributes["comment"];
    combine(criteria_.back(), {{&condition}});
  }

  void end_criteria() {
    if (criteria_.empty()) return;
    Criteria done = std::move(criteria_.back());
    criteria_.pop_back();
    if (done.is_empty) return;
    if (criteria_.empty()) {
      definition_.alternatives = std::move(done.alternatives);
    } else {
      combine(criteria_.back(), done.alternatives);
    }
  }

  // Any of: one list behind the other. All of: each of the one with each of the other.
  void combine(Criteria& criteria, const Alternatives& more) {
    Alternatives& known = criteria.alternatives;
    if (criteria.is_empty && criteria.is_any) known.clear();
    criteria.is_empty = false;
    const std::size_t size = criteria.is_any ? known.size() + more.size() : known.size() * more.size();
    if (size > kMaxOvalAlternatives) {
      too_many_ = true;
      return;
    }
    if (criteria.is_any) {
      known.insert(known.end(), more.begin(), more.end());
      return;
    }
    Alternatives product;
    product.reserve(size);
    for (const auto& left : known) {
      for (const auto& right : more) {
        product.push_back(left);
        product.back().insert(product.back().end(), right.begin(), right.end());
      }
    }
    known = std::move(product);
  }

  const Parts& parts_;
  const OvalSink& sink_;
  OvalDefinition definition_;
  std::vector<Criteria> criteria_;  // the open ones
  bool too_many_ = false;
};

}  // namespace

Result<void> read_oval(std::string_view xml, const OvalSink& sink) {
  Parts parts;
  if (auto done = read_xml(xml, parts); !done) return done;
  parts.connect();
  Definitions definitions(parts, sink);
  return read_xml(xml, definitions);
}

}  // namespace initscan
