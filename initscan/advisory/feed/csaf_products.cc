#include "initscan/advisory/feed/csaf_products.h"

#include <string>

namespace initscan {
namespace {

namespace ondemand = simdjson::ondemand;

}  // namespace

Result<void> CsafProducts::read(ondemand::object tree) {
  for (ondemand::field field : tree) {
    const std::string_view key = field.unescaped_key();
    if (key == "branches") {
      if (auto done = read_branches(field.value().get_array(), 0); !done) return done;
    } else if (key == "full_product_names") {
      for (ondemand::object product : field.value().get_array()) read_product(product);
    } else if (key == "relationships") {
      for (ondemand::object relation : field.value().get_array()) {
        read_relation(relation);
        if (auto done = check_size(); !done) return done;
      }
    }
  }
  return check_size();
}

Result<void> CsafProducts::check_size() const {
  if (products_.size() + relations_.size() <= kMaxCsafProducts) return {};
  return Error{Errc::over_limit, "more than " + std::to_string(kMaxCsafProducts) + " products"};
}

Result<void> CsafProducts::read_branches(ondemand::array branches, std::size_t depth) {
  if (depth == kMaxCsafBranches)
    return Error{Errc::over_limit, "branches: more than " + std::to_string(kMaxCsafBranches) + " within each other"};
  for (ondemand::object branch : branches) {
    if (auto done = read_branch(branch, depth); !done) return done;
    if (auto done = check_size(); !done) return done;
  }
  return {};
}

Result<void> CsafProducts::read_branch(ondemand::object branch, std::size_t depth) {
  for (ondemand::field field : branch) {
    const std::string_view key = field.unescaped_key();
    if (key == "branches") {
      if (auto done = read_branches(field.value().get_array(), depth + 1); !done) return done;
    } else if (key == "product") {
      read_product(field.value().get_object());
    }
  }
  return {};
}

void CsafProducts::read_product(ondemand::object object) {
  std::string_view id;
  Product product;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key == "product_id") {
      id = field.value().get_string();
    } else if (key == "product_identification_helper") {
      for (ondemand::field helper : field.value().get_object()) {
        const std::string_view kind = helper.unescaped_key();
        if (kind == "purl") product.purl = helper.value().get_string();
        if (kind == "cpe") product.cpe = helper.value().get_string();
      }
    }
  }
  products_.insert_or_assign(id, product);
}

void CsafProducts::read_relation(ondemand::object object) {
  std::string_view id;
  Relation relation;
  for (ondemand::field field : object) {
    const std::string_view key = field.unescaped_key();
    if (key == "product_reference") relation.component = field.value().get_string();
    if (key == "relates_to_product_reference") relation.product = field.value().get_string();
    if (key != "full_product_name") continue;
    for (ondemand::field part : field.value().get_object()) {
      if (std::string_view(part.unescaped_key()) == "product_id") id = part.value().get_string();
    }
  }
  relations_.insert_or_assign(id, relation);
}

CsafProducts::Product CsafProducts::product(std::string_view id) const {
  const auto found = products_.find(id);
  return found == products_.end() ? Product{} : found->second;
}

// A package of a module of a product is a part of what itself is a part.
std::optional<CsafProducts::Part> CsafProducts::part(std::string_view id) const {
  const auto relation = relations_.find(id);
  if (relation == relations_.end()) return std::nullopt;
  Part part;
  part.component_id = relation->second.component;
  part.component = product(part.component_id);
  const auto outer = relations_.find(relation->second.product);
  if (outer != relations_.end()) part.module = product(outer->second.component);
  part.product = product(outer == relations_.end() ? relation->second.product : outer->second.product);
  return part;
}

}  // namespace initscan
