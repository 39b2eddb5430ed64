#include "injector/cluster/accepted_images.h"

#include "common/gate/server_arguments.h"
#include "common/text/join.h"
#include "common/time/rfc3339.h"
#include "injector/cluster/settings.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* kImages = "images";
constexpr const char* kFormerImages = "formerImages";
constexpr const char* kIndexImages = "indexImages";
constexpr const char* kFormerIndexImages = "formerIndexImages";
constexpr const char* kFormerServers = "formerGateServers";

Words words_in(const Json& data, const char* key) {
  const auto there = data.find(key);
  std::istringstream text(there != data.end() && there->is_string() ? there->get<std::string>() : std::string());
  return {std::istream_iterator<std::string>(text), {}};
}

bool holds(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// When an image expires, according to `former`; a time that cannot be parsed has passed.
std::chrono::sys_seconds end_of(const std::string& image, const Words& former, std::chrono::sys_seconds now) {
  for (const std::string& one : former) {
    const std::size_t equals = one.find('=');
    if (equals == one.npos || one.compare(equals + 1, one.npos, image) != 0) continue;
    const auto end = parse_rfc3339(one.substr(0, equals));
    return end ? *end : now;
  }
  return now + kAcceptanceGrace;
}

// If only the object itself says so, what expires there is left out.
Words said_in(const Json& source, const char* list, const char* former) {
  const Words ending = words_in(source, former);
  Words said;
  for (const std::string& image : words_in(source, list)) {
    const bool ends =
        std::any_of(ending.begin(), ending.end(), [&](const std::string& one) { return one.ends_with('=' + image); });
    if (!ends) said.push_back(image);
  }
  return said;
}

void add_list(const char* list, const char* former, const Words& said, const Words& before, const Json& data,
              std::chrono::sys_seconds now, Json& wanted) {
  const Words former_images = words_in(data, former);
  Words accepted;
  Words ending;
  for (const std::string& image : said) {
    if (!holds(accepted, image)) accepted.push_back(image);
  }
  for (const std::string& image : before) {
    if (holds(accepted, image)) continue;
    const auto end = end_of(image, former_images, now);
    if (end <= now) continue;
    accepted.push_back(image);
    ending.push_back(format_rfc3339(end) + '=' + image);
  }
  if (!accepted.empty() || wanted.contains(list)) wanted[list] = join(accepted, " ");
  if (!ending.empty()) wanted[former] = join(ending, " ");
}

}  // namespace

void add_images(const Json& data, const Json& source, std::chrono::sys_seconds now, Json& wanted) {
  Words images = words_in(source, "image");  // what is put into pods
  const Words more = said_in(source, kImages, kFormerImages);
  images.insert(images.end(), more.begin(), more.end());
  add_list(kImages, kFormerImages, images, words_in(data, kImages), data, now, wanted);
  add_list(kIndexImages, kFormerIndexImages, said_in(source, kIndexImages, kFormerIndexImages),
           words_in(data, kIndexImages), data, now, wanted);
}

void add_servers(const Json& data, const AcceptedKeys& accepted, std::chrono::sys_seconds now, Json& wanted) {
  add_list(kGateServersKey, kFormerServers, {servers_in(accepted)}, published_servers(data), data, now, wanted);
  if (wanted[kGateServersKey] == Json(kNoServers)) wanted.erase(kGateServersKey);
}

std::string servers_in(const AcceptedKeys& accepted) {
  const auto said = accepted.find(kGateServersKey);
  return said == accepted.end() ? kNoServers : said->second;
}

std::vector<std::string> published_servers(const Json& data) {
  Words words = words_in(data, kGateServersKey);
  if (words.empty()) words.emplace_back(kNoServers);
  return words;
}

bool follows_from_the_rest(std::string_view key) {
  return key == kFormerImages || key == kFormerIndexImages || key == kFormerServers || key == kGateServersKey;
}

std::vector<std::string> published_images(const Json& data) {
  return words_in(data, kImages);
}

}  // namespace initscan::injector
