#include "initscan/commands/feed_sources.h"

#include "common/crypto/sha256.h"
#include "common/text/ascii.h"
#include "common/text/percent.h"
#include "initscan/advisory/feed/matched_ecosystem.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::size_t kDigitsOfName = 12;  // of the URL's hash
constexpr std::size_t kMaxNameOfUrl = 60;

bool is_plain(char c) {
  return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}

std::string as_name(std::string_view text) {
  std::string name(text);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_plain(c); }, '-');
  return name;
}

// "main.json" of "https://mirror.example.com/v3.20/main.json?x=y"
std::string_view last_part(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::string_view part = url.substr(url.rfind('/') + 1);
  return part.substr(part.size() - std::min(part.size(), kMaxNameOfUrl));
}

// Two URLs that end alike are two files.
Result<std::string> name_of_url(const std::string& option, std::string_view kind, const std::string& url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    return Error{Errc::usage, option + ": want a URL of https or http, got \"" + url + '"'};
  }
  return std::string(kind) + '-' + sha256_hex(url).substr(0, kDigitsOfName) + '-' + as_name(last_part(url));
}

template <class Formats>
std::string kinds_of(const Formats& formats) {
  std::string kinds;
  for (const auto& format : formats) kinds += (kinds.empty() ? "" : ", ") + std::string(format.kind);
  return kinds;
}

template <class Kind, class Formats>
Result<Kind> kind_in(const Formats& formats, const std::string& option, const std::string& argument, const char* want) {
  const std::size_t colon = argument.find(':');
  for (const auto& format : formats) {
    if (colon != argument.npos && argument.substr(0, colon) == format.kind && colon + 1 < argument.size()) {
      return Kind{&format, argument.substr(colon + 1)};
    }
  }
  return Error{Errc::usage,
               option + ": want " + want + " with a kind of " + kinds_of(formats) + ", got \"" + argument + '"'};
}

}  // namespace

Result<FeedSource> osv_source(const std::string& ecosystem, std::string base) {
  const auto matched = matched_ecosystem(ecosystem);
  if (!matched) {
    return Error{Errc::usage,
                 "--ecosystem: \"" + ecosystem + "\" is not matched; want " + names_of_matched_ecosystems()};
  }
  while (base.ends_with('/')) base.pop_back();
  const auto& formats = feed_formats();
  const auto osv =
      std::find_if(formats.begin(), formats.end(), [](const FeedFormat& format) { return format.kind == "osv"; });
  const std::string_view family = family_of(ecosystem);
  return FeedSource{&*osv, nullptr, "osv-" + as_name(family) + ".zip",
                    base + '/' + percent_encode(family, "._-") + "/all.zip", true};
}

std::string kinds_of_feeds() {
  return kinds_of(feed_formats());
}

std::string kinds_of_overlays() {
  return kinds_of(overlay_formats());
}

Result<KindOfFeed> kind_of_feed(const std::string& option, const std::string& argument, const char* want) {
  return kind_in<KindOfFeed>(feed_formats(), option, argument, want);
}

Result<KindOfOverlay> kind_of_overlay(const std::string& option, const std::string& argument) {
  return kind_in<KindOfOverlay>(overlay_formats(), option, argument, "KIND:PATH");
}

Result<FeedSource> url_source(const std::string& argument) {
  auto feed = kind_of_feed("--feed", argument, "KIND:URL");
  if (!feed) return feed.error();
  auto name = name_of_url("--feed", feed->format->kind, feed->rest);
  if (!name) return name.error();
  return FeedSource{feed->format, nullptr, std::move(*name), std::move(feed->rest)};
}

Result<FeedSource> overlay_source(std::string_view kind, const std::string& url) {
  const auto& formats = overlay_formats();
  const auto format =
      std::find_if(formats.begin(), formats.end(), [&](const auto& known) { return known.kind == kind; });
  auto name = name_of_url("--" + std::string(kind), kind, url);
  if (!name) return name.error();
  return FeedSource{nullptr, &*format, std::move(*name), url};
}

}  // namespace initscan
