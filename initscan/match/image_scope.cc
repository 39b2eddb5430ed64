#include "initscan/match/image_scope.h"

#include "common/text/ascii.h"
#include "common/text/words.h"
#include "initscan/model/scope_text.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

// "redhat:enterprise_linux:8::baseos" of "cpe:/o:redhat:enterprise_linux:8::baseos" and of
// "cpe:2.3:o:redhat:enterprise_linux:8:*:baseos:*:*:*:*:*"; "" of anything else.
std::string plain_words(std::string_view cpe) {
  constexpr std::string_view kUri = "cpe:/";
  constexpr std::string_view kFormatted = "cpe:2.3:";
  constexpr std::size_t kPart = 2;  // "o:"
  if (!cpe.starts_with(kUri) && !cpe.starts_with(kFormatted)) return {};
  cpe.remove_prefix(cpe.starts_with(kUri) ? kUri.size() : kFormatted.size());
  if (cpe.size() < kPart || cpe[1] != ':') return {};
  std::string words(cpe.substr(kPart));
  std::erase(words, '*');
  while (words.ends_with(':')) words.pop_back();
  return words;
}

std::string filled(std::string_view pattern, std::string_view release) {
  constexpr std::string_view kPlace = "{}";
  std::string text(pattern);
  const std::size_t place = text.find(kPlace);
  return place == text.npos ? text : text.replace(place, kPlace.size(), release);
}

// "15 SP4" of "SUSE Linux Enterprise Server 15 SP4": from the last word that begins with a digit.
std::string_view version_in(std::string_view product) {
  std::size_t start = product.npos;
  for (std::size_t at = 0; at < product.size(); ++at) {
    if ((at == 0 || product[at - 1] == ' ') && is_digit(product[at])) start = at;
  }
  return start == product.npos ? std::string_view() : product.substr(start);
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find(' '));
}

Applies has_architecture(std::string_view architectures, const Package& package) {
  if (architectures.empty()) return Applies::yes;
  if (package.architecture.empty()) return Applies::unknown;
  while (!architectures.empty()) {
    if (take_word(architectures) == package.architecture) return Applies::yes;
  }
  return Applies::no;
}

// A version of a package that was built for a module says so, whoever leaves out which.
Applies is_of_module(std::string_view module, const Package& package) {
  if (module.empty()) return Applies::yes;
  if (package.module.empty()) {
    return package.version.find(".module") == std::string::npos ? Applies::no : Applies::unknown;
  }
  return name_and_stream(package.module) == name_and_stream(module) ? Applies::yes : Applies::no;
}

// What is built for a flavour has its name in its version: "1.1.1k-12.ksplice1.el8_10", "1.1.1f-1ubuntu2.fips.2.8".
Applies is_of_flavour(std::string_view flavour, const Package& package) {
  if (flavour.empty() || needs_contract(flavour)) return Applies::yes;
  return in_lower_case(package.version).find(in_lower_case(flavour)) == std::string::npos ? Applies::no : Applies::yes;
}

}  // namespace

std::string_view name_and_stream(std::string_view module) {
  const std::size_t first = module.find(':');
  return first == module.npos ? module : module.substr(0, module.find(':', first + 1));
}

bool needs_contract(std::string_view flavour) {
  constexpr std::array kPaid{std::string_view("esm"), std::string_view("pro")};
  return std::find(kPaid.begin(), kPaid.end(), flavour) != kPaid.end();
}

Applies ImageScope::asks_for(std::string_view text, const Package& package, std::string& why) const {
  if (text.empty()) return Applies::yes;
  const auto scope = scope_in(text);
  if (!scope) {
    why = "which packages an advisory is about is not understood";
    return Applies::unknown;
  }
  const struct {
    Applies is;
    std::string_view words, value;
  } answers[] = {{has_architecture(scope->architectures, package), "the package's architecture", ""},
                 {is_of_module(scope->module, package), "the package's module", ""},
                 {is_of_flavour(scope->flavour, package), "the package's flavour", ""},
                 {has_cpe(scope->cpes), "whether the image holds ", scope->cpes.substr(0, scope->cpes.find(' '))},
                 {has_product(scope->product), "whether the image holds ", scope->product}};
  const auto& worst = *std::min_element(std::begin(answers), std::end(answers),
                                        [](const auto& a, const auto& b) { return a.is < b.is; });
  if (worst.is == Applies::unknown) {
    why = std::string(worst.words);
    if (!worst.value.empty()) why += '"' + std::string(worst.value) + '"';
    why += " is not known";
  }
  return worst.is;
}

Applies ImageScope::has_cpe(std::string_view cpes) const {
  if (cpes.empty()) return Applies::yes;
  if (distribution_ == nullptr || distribution_->plain_cpes.empty()) return Applies::unknown;
  while (!cpes.empty()) {
    if (is_plain(take_word(cpes))) return Applies::yes;
  }
  return Applies::no;
}

bool ImageScope::is_plain(std::string_view cpe) const {
  const std::string words = plain_words(cpe);
  const auto& all = distribution_->plain_cpes;
  return !words.empty() && std::any_of(all.begin(), all.end(), [&](std::string_view pattern) {
    return words == filled(pattern, os_.version_id) || words == filled(pattern, leading_fields(os_.version_id, 1));
  });
}

Applies ImageScope::has_product(std::string_view product) const {
  if (product.empty() || product == os_.pretty_name) return Applies::yes;
  const std::string_view own = version_in(os_.pretty_name);
  const std::string_view its = version_in(product);
  if (own.empty() || its.empty()) return Applies::unknown;
  if (first_word(product) != first_word(os_.pretty_name)) return Applies::no;
  if (its == own) return Applies::yes;
  // "15 SP4-LTSS" is a repair of the same version for those who pay longer.
  return its.starts_with(own) ? Applies::unknown : Applies::no;
}

}  // namespace initscan
