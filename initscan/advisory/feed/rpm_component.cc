#include "initscan/advisory/feed/rpm_component.h"

#include "common/text/ascii.h"

#include <algorithm>

namespace initscan {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

std::string_view take_until(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

// "nodejs:16:8060020220930:ad008a3a" -> "nodejs:16". What names no stream says nothing of which one is meant.
void read_module(std::string_view text, RpmComponent& component) {
  const std::string_view name = take_until(text, ':');
  const std::string_view stream = take_until(text, ':');
  component.has_unclear_module = name.empty() || stream.empty();
  if (!component.has_unclear_module) component.module = std::string(name) + ':' + std::string(stream);
}

bool read_qualifier(std::string_view qualifier, RpmComponent& component, std::string& epoch) {
  const std::string_view key = take_until(qualifier, '=');
  const auto value = decoded(qualifier);
  if (!value) return false;
  if (key == "arch") component.architecture = *value;
  if (key == "epoch") epoch = *value;
  if (key == "rpmmod") read_module(*value, component);
  return true;
}

}  // namespace

std::optional<RpmComponent> rpm_of_purl(std::string_view purl) {
  constexpr std::string_view kHead = "pkg:rpm/";
  if (!purl.starts_with(kHead)) return std::nullopt;
  purl.remove_prefix(kHead.size());
  purl = purl.substr(0, purl.find('#'));
  std::string_view path = take_until(purl, '?');
  path.remove_prefix(std::min(path.rfind('/') + 1, path.size()));  // the vendor
  const auto name = decoded(take_until(path, '@'));
  const auto version = decoded(path);
  if (!name || !version || name->empty()) return std::nullopt;

  RpmComponent component;
  component.name = *name;
  std::string epoch;
  while (!purl.empty()) {
    if (!read_qualifier(take_until(purl, '&'), component, epoch)) return std::nullopt;
  }
  const bool has_epoch = !epoch.empty() && !version->empty();
  component.version = has_epoch ? epoch + ':' + *version : *version;
  return component;
}

std::optional<RpmComponent> rpm_of_nevra(std::string_view nevra) {
  const std::size_t dot = nevra.rfind('.');
  if (dot == nevra.npos || dot + 1 == nevra.size()) return std::nullopt;
  const std::string_view build = nevra.substr(0, dot);
  const std::size_t release = build.rfind('-');
  if (release == build.npos || release == 0 || release + 1 == build.size()) return std::nullopt;
  const std::size_t version = build.rfind('-', release - 1);
  if (version == build.npos || version == 0 || version + 1 == release) return std::nullopt;
  return RpmComponent{std::string(build.substr(0, version)), std::string(build.substr(version + 1)),
                      std::string(nevra.substr(dot + 1)), "", false};
}

}  // namespace initscan
