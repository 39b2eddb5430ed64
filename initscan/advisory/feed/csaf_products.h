#pragma once

#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>

#include <simdjson.h>

namespace initscan {

inline constexpr std::size_t kMaxCsafBranches = 32;         // one within the other
inline constexpr std::size_t kMaxCsafProducts = 4'000'000;  // of one document, with what is a part of what

// What a document of CSAF speaks of: products, and components as parts of products. All texts are views into what was
// parsed.
class CsafProducts {
 public:
  struct Product {
    std::string_view purl;
    std::string_view cpe;
  };
  // A component as a part of a product: what a statement is about.
  struct Part {
    std::string_view component_id;
    Product component;
    Product module;  // that the component comes in, where the document nests them
    Product product;
  };

  /// Reads `product_tree`. Throws what simdjson throws. Errors: over_limit.
  Result<void> read(simdjson::ondemand::object tree);

  /// nullopt for what is a product of its own, or not in the tree.
  std::optional<Part> part(std::string_view id) const;

 private:
  struct Relation {
    std::string_view component;
    std::string_view product;
  };

  Result<void> read_branches(simdjson::ondemand::array branches, std::size_t depth);
  Result<void> read_branch(simdjson::ondemand::object branch, std::size_t depth);
  void read_product(simdjson::ondemand::object product);
  void read_relation(simdjson::ondemand::object relation);
  Result<void> check_size() const;
  Product product(std::string_view id) const;

  std::unordered_map<std::string_view, Product> products_;
  std::unordered_map<std::string_view, Relation> relations_;
};

}  // namespace initscan
