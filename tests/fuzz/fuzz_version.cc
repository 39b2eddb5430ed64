// Each order is an order, of any three texts: comparing the other way round gives the opposite, a version equals
// itself, what is before another is before all that are after that, and what is no version is not compared.
#include "initscan/version/version.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using initscan::VersionOrder;

constexpr std::array kOrders{VersionOrder::deb,     VersionOrder::apk2,  VersionOrder::apk3,     VersionOrder::rpm,
                             VersionOrder::generic, VersionOrder::cargo, VersionOrder::composer, VersionOrder::gem,
                             VersionOrder::golang,  VersionOrder::hex,   VersionOrder::maven,    VersionOrder::npm,
                             VersionOrder::nuget,   VersionOrder::pub,   VersionOrder::python};

int sign(int order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

bool is_of_apk(VersionOrder order) {
  return order == VersionOrder::apk2 || order == VersionOrder::apk3;
}

void check(VersionOrder order, std::string_view a, std::string_view b) {
  const auto forth = compare_versions(order, a, b);
  const auto back = compare_versions(order, b, a);
  if (forth.has_value() != back.has_value()) std::abort();
  if (forth && sign(*forth) != -sign(*back)) std::abort();
  if (is_version(order, a) && compare_versions(order, a, a) != 0) std::abort();
  const bool are_versions = is_version(order, a) && is_version(order, b);
  // Maven's own goes in circles, in which nothing is said.
  if (are_versions && !forth && order != VersionOrder::maven) std::abort();
  // Of apk's, what differs before the place where one ceases to be a version is in order all the same.
  if (!are_versions && forth && !is_of_apk(order)) std::abort();
}

void check_circle(VersionOrder order, std::string_view a, std::string_view b, std::string_view c) {
  if (is_of_apk(order) && !(is_version(order, a) && is_version(order, b) && is_version(order, c))) return;
  const auto first = compare_versions(order, a, b);
  const auto second = compare_versions(order, b, c);
  const auto whole = compare_versions(order, a, c);
  if (!first || !second || !whole || *first > 0 || *second > 0) return;
  const bool is_less = *first < 0 || *second < 0;
  if (sign(*whole) != (is_less ? -1 : 0)) std::abort();
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size() < text.size() ? word.size() + 1 : word.size());
  return word;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view a = take_word(text);
  const std::string_view b = take_word(text);
  for (const VersionOrder order : kOrders) {
    check(order, a, b);
    check_circle(order, a, b, text);
    check_circle(order, b, a, text);
    check_circle(order, a, text, b);
  }
  return 0;
}
