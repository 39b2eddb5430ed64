// The table of a policy's keys is the truth: what reads, writes and combines policies goes by it, and what the API
// server checks says the same. With INITSCAN_UPDATE_DOCS set, what docs/operators/policy.md says is written anew.

#include "initscan/policy/fields.h"

#include "common/file_io.h"
#include "initscan/policy/combine.h"
#include "initscan/policy/policy_file.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <type_traits>

#include <boost/pfr/tuple_size.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

// Its name is not of spec.
static_assert(boost::pfr::tuple_size_v<Policy> == 1 + std::tuple_size_v<decltype(kPolicyFields)>,
              "a member of Policy has no row");

const Exemption kExemption{"CVE-1", "zlib", "why", "2026-12-31T00:00:00Z", Severity::high, "mutable-root"};

// Another value than the one that is there.
template <class Field>
auto other_than(const Field& field, const Policy& policy) {
  using T = std::remove_cvref_t<decltype(policy.*field.member)>;
  const T& value = policy.*field.member;
  if constexpr (std::is_same_v<T, Enforcement>) {
    return value == Enforcement::report ? Enforcement::enforce : Enforcement::report;
  } else if constexpr (std::is_same_v<T, Severity>) {
    return value == Severity::medium ? Severity::low : Severity::medium;
  } else if constexpr (std::is_same_v<T, Reaction>) {
    return value == Reaction::deny ? Reaction::warn : Reaction::deny;
  } else if constexpr (std::is_same_v<T, Unavailable>) {
    return value == Unavailable::local ? Unavailable::deny : Unavailable::local;
  } else if constexpr (std::is_same_v<T, bool>) {
    return !value;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return value == 2 ? std::int64_t{3} : std::int64_t{2};
  } else if constexpr (std::is_same_v<T, std::optional<double>>) {
    return value == 0.25 ? 0.125 : 0.25;
  } else if constexpr (std::is_same_v<T, std::vector<Exemption>>) {
    return T{kExemption};
  } else {
    return T{{"example/busybox@sha256:" + std::string(64, value ? '2' : '1')}};
  }
}

TEST(PolicyFields, EachIsWrittenAndReadBack) {
  for_each_policy_field([](const auto& field) {
    Policy policy;
    policy.*field.member = other_than(field, policy);
    const std::string json = canonical_json(policy);
    EXPECT_NE(json, canonical_json(Policy{})) << field.key << " is not written";
    const auto again = parse_policy(json);
    ASSERT_TRUE(again) << field.key << ": " << again.error().text;
    EXPECT_EQ(*again, policy) << field.key;
    const auto [group, name] = group_and_name(field.key);
    auto spec = nlohmann::json::parse(json)["spec"];
    if (!group.empty()) spec = spec[std::string(group)];
    EXPECT_TRUE(spec.contains(std::string(name))) << field.key << " is called otherwise";
  });
}

TEST(PolicyFields, ANamespaceTightensWhatIsNotTheClustersAlone) {
  for_each_policy_field([](const auto& field) {
    const bool may_say = field.kWhose == Whose::stricter;
    Policy strict = mildest();
    strict.*field.member = other_than(field, strict);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field)>, ImagesField>) {
      Policy cluster;
      cluster.*field.member = std::vector<std::string>{"a", "b"};
      EXPECT_NE(stricter(cluster, strict), cluster) << field.key;
    } else {
      EXPECT_EQ(stricter(mildest(), strict) == strict, may_say) << field.key;
      EXPECT_EQ(stricter(strict, mildest()), strict) << field.key << ": it is loosened";
    }
  });
}

// "{type: string, enum: [warn, deny]}"
std::string flat(const YAML::Node& node) {
  if (node.IsScalar()) return node.Scalar();
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) add(flat(item));
    return '[' + text + ']';
  }
  for (const auto& entry : node) add(entry.first.Scalar() + ": " + flat(entry.second));
  return '{' + text + '}';
}

std::string schema_of(const EnforcementField& field) {
  return "{type: string, enum: [enforce, report], description: " + std::string(field.what) + '}';
}
std::string schema_of(const SeverityField& field) {
  return "{type: string, enum: [negligible, low, medium, high, critical], description: " + std::string(field.what) +
         '}';
}
std::string schema_of(const ReactionField& field) {
  const std::string words = field.mildest == Reaction::allow ? "allow, warn, deny" : "warn, deny";
  return "{type: string, enum: [" + words + "], description: " + std::string(field.what) + '}';
}
std::string schema_of(const UnavailableField& field) {
  return "{type: string, enum: [allow, local, deny], description: " + std::string(field.what) + '}';
}
std::string schema_of(const ShareField& field) {
  return "{type: number, minimum: 0, maximum: 1, description: " + std::string(field.what) + '}';
}
std::string schema_of(const BoolField& field) {
  return "{type: boolean, description: " + std::string(field.what) + '}';
}
std::string schema_of(const NumberField& field) {
  return "{type: integer, minimum: " + std::to_string(field.least) + ", maximum: " + std::to_string(field.most) +
         ", description: " + std::string(field.what) + '}';
}
std::string schema_of(const ImagesField& field) {
  return "{type: array, maxItems: " + std::to_string(field.most) + ", description: " + std::string(field.what) +
         ", items: {type: string, maxLength: " + std::to_string(field.bytes) +
         ", pattern: ^[^@\\s]+@sha256:[0-9a-f]{64}$}}";
}
std::string schema_of(const ExemptionsField& field, const std::string& exemption) {
  return "{type: array, maxItems: " + std::to_string(field.most_in_object) +
         ", description: " + std::string(field.what) + ", items: " + exemption + '}';
}

class Schemas : public testing::Test {
 protected:
  void SetUp() override {
    for (const YAML::Node& document :
         YAML::LoadAllFromFile(std::string(INITSCAN_SOURCE_DIR) + "/deploy/kustomize/base/crds.yaml")) {
      const YAML::Node version = document["spec"]["versions"][0];
      schemas_[document["spec"]["names"]["kind"].Scalar()].reset(
          version["schema"]["openAPIV3Schema"]["properties"]["spec"]);
    }
  }

  // Every key and nothing else, each as its row says.
  void expect_fields(const std::string& kind, std::set<std::string> others, bool of_cluster) {
    const YAML::Node properties = schemas_[kind]["properties"];
    ASSERT_TRUE(properties.IsMap()) << kind;
    std::set<std::string> expected = std::move(others);
    for_each_policy_field([&](const auto& field) {
      if (!of_cluster && field.kWhose == Whose::clusters) return;
      const auto [group, name] = group_and_name(field.key);
      expected.insert(std::string(group.empty() ? name : group));
      const YAML::Node mapping = group.empty() ? properties : properties[std::string(group)]["properties"];
      const YAML::Node schema = mapping[std::string(name)];
      ASSERT_TRUE(schema.IsDefined()) << kind << " lacks " << field.key;
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field)>, ExemptionsField>) {
        EXPECT_EQ(flat(schema), schema_of(field, flat(schemas_["ScanExemption"]))) << kind << ": " << field.key;
      } else {
        EXPECT_EQ(flat(schema), schema_of(field)) << kind << ": " << field.key;
      }
    });
    std::set<std::string> keys;
    for (const auto& entry : properties) keys.insert(entry.first.Scalar());
    EXPECT_EQ(keys, expected) << kind;
  }

  std::map<std::string, YAML::Node> schemas_;
};

TEST_F(Schemas, OfAClustersPolicyHaveEveryKey) {
  expect_fields("ClusterScanPolicy", {kClusterKeys.begin(), kClusterKeys.end()}, true);
}

TEST_F(Schemas, OfANamespacesPolicyHaveWhatItMaySay) {
  expect_fields("ScanPolicy", {}, false);
}

TEST_F(Schemas, OfMappingsHaveNoOtherKeys) {
  std::map<std::string, std::set<std::string>> groups;
  for_each_policy_field([&](const auto& field) {
    const auto [group, name] = group_and_name(field.key);
    if (!group.empty()) groups[std::string(group)].insert(std::string(name));
  });
  for (const std::string kind : {"ClusterScanPolicy", "ScanPolicy"}) {
    for (const auto& [group, names] : groups) {
      std::set<std::string> keys;
      for (const auto& entry : schemas_[kind]["properties"][group]["properties"]) keys.insert(entry.first.Scalar());
      EXPECT_EQ(keys, names) << kind << ": " << group;
    }
  }
}

TEST_F(Schemas, OfAnExemptionHaveWhatAFileMaySay) {
  Policy policy;
  policy.ignore = {kExemption};
  std::set<std::string> written;
  const auto exemption = nlohmann::json::parse(canonical_json(policy))["spec"]["ignore"][0];
  for (const auto& [key, value] : exemption.items()) written.insert(key);
  std::set<std::string> keys;
  for (const auto& entry : schemas_["ScanExemption"]["properties"]) keys.insert(entry.first.Scalar());
  EXPECT_EQ(keys, written);
}

std::string value_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string choices_of(const EnforcementField&) {
  return "enforce or report";
}
std::string choices_of(const SeverityField&) {
  return "negligible, low, medium, high or critical";
}
std::string choices_of(const ReactionField& field) {
  return field.mildest == Reaction::allow ? "deny, warn or allow" : "deny or warn";
}
std::string choices_of(const UnavailableField&) {
  return "deny, local or allow";
}
std::string choices_of(const ShareField&) {
  return "0 to 1; without it that does not matter";
}
std::string choices_of(const BoolField&) {
  return "true or false";
}
std::string choices_of(const NumberField& field) {
  return std::to_string(field.least) + " to " + std::to_string(field.most);
}
std::string choices_of(const ImagesField& field) {
  return "NAME@sha256:..., at most " + std::to_string(field.most);
}

// What a key says that the canonical form leaves out: nothing, or what held before there was one.
nlohmann::json unsaid(const ImagesField&) {
  return nlohmann::json::array();
}
nlohmann::json unsaid(const ShareField&) {
  return 0.5;
}
nlohmann::json unsaid(const ReactionField& field) {
  return field.is_younger ? nlohmann::json(std::string(to_string(Policy{}.*field.member))) : nlohmann::json();
}
template <class Field>
nlohmann::json unsaid(const Field& field) {
  if constexpr (std::is_same_v<Field, UnavailableField>) return std::string(to_string(Policy{}.*field.member));
  return nullptr;
}

// "  onNoData: deny            # a distribution ...: deny or warn"
std::string line(const std::string& indent, std::string_view name, const std::string& value, std::string_view what,
                 const std::string& choices) {
  std::string text = indent + std::string(name) + ": " + value;
  text.resize(std::max<std::size_t>(text.size() + 1, 28), ' ');
  std::string words(what.substr(0, what.rfind('.')));
  words.front() = static_cast<char>(words.front() - 'A' + 'a');
  return text + "# " + words + ": " + choices + '\n';
}

std::string defaults_in_yaml() {
  std::string text = "```yaml\napiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata:\n  name: default\nspec:\n";
  const auto spec = nlohmann::json::parse(canonical_json(Policy{}))["spec"];
  std::string_view last;
  for_each_policy_field([&](const auto& field) {
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(field)>, ExemptionsField>) {
      const auto [group, name] = group_and_name(field.key);
      if (!group.empty() && group != last) text += "  " + std::string(group) + ":\n";
      last = group;
      const auto& mapping = group.empty() ? spec : spec[std::string(group)];
      // What no default says is there for show.
      const std::string shown = std::is_same_v<std::remove_cvref_t<decltype(field)>, ShareField> ? "# " : "";
      text += line((group.empty() ? "  " : "    ") + shown, name,
                   value_of(mapping.value(std::string(name), unsaid(field))), field.what, choices_of(field));
    }
  });
  return text +
         "  ignore:\n"
         "    - id: CVE-2024-0001     # of the finding, or one of its aliases\n"
         "      package: openssl      # its source or binary package; without an id: all that is found in it\n"
         "      reason: the function is not called\n"
         "      expiresAt: 2026-12-31T00:00:00Z\n"
         "      maxSeverity: critical # worse findings still count\n"
         "```\n";
}

TEST(PolicyFields, AreInTheDocsWithTheirDefaults) {
  constexpr std::string_view kBegin = "<!-- The keys: written by unit_decide from initscan/policy/fields.h. -->\n";
  constexpr std::string_view kEnd = "<!-- End of the keys. -->\n";
  const std::string path = std::string(INITSCAN_SOURCE_DIR) + "/docs/operators/policy.md";
  const auto document = read_file(path, 1 << 20);
  ASSERT_TRUE(document) << document.error().text;
  const std::size_t begin = document->find(kBegin);
  const std::size_t end = document->find(kEnd);
  ASSERT_TRUE(begin != document->npos && end != document->npos && begin < end) << path << " has lost its markers";
  const std::size_t start = begin + kBegin.size();
  const std::string want = defaults_in_yaml();
  if (std::getenv("INITSCAN_UPDATE_DOCS") != nullptr) {
    const auto written = write_file(path, document->substr(0, start) + want + document->substr(end));
    ASSERT_TRUE(written) << written.error().text;
    return;
  }
  EXPECT_EQ(document->substr(start, end - start), want)
      << "write it anew: INITSCAN_UPDATE_DOCS=1 unit_decide --gtest_filter='*AreInTheDocs*'";
}

TEST(PolicyFields, TheDocsOwnExampleIsThePolicyOfAFileThatSaysNothing) {
  const std::string block = defaults_in_yaml();
  const std::size_t begin = block.find('\n') + 1;
  auto policy = parse_policy(std::string_view(block).substr(begin, block.rfind("```") - begin));
  ASSERT_TRUE(policy) << policy.error().text;
  EXPECT_EQ(policy->ignore.size(), 1u);
  policy->ignore.clear();
  EXPECT_EQ(policy->debug_images, std::vector<std::string>{}) << "which the example says, to show how";
  policy->debug_images = std::nullopt;
  EXPECT_EQ(*policy, Policy{});
}

}  // namespace
}  // namespace initscan
