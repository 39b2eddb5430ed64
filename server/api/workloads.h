#pragma once

#include "common/json/writer.h"
#include "common/result.h"
#include "server/store/places.h"
#include "server/store/store.h"

#include <cstddef>
#include <map>
#include <string>

namespace initscan::server {

inline constexpr std::size_t kMaxWorkloadsOfAnswer = 20'000;  // that are named; of all others their number is told

// What runs the images of one answer, whose rows come image by image: each image is asked for once.
class AnswerWorkloads {
 public:
  AnswerWorkloads(Store& store, const View& view) : store_(store), view_(view) {}

  /// "workloads" and "moreWorkloads" of an image in one namespace. Blocks. Errors: of the store.
  Result<void> write(JsonWriter& json, const std::string& digest, const std::string& space);

 private:
  Store& store_;
  const View& view_;
  std::string digest_;  // of which these are
  std::map<std::string, ImageWorkloads> known_;
  std::size_t left_ = kMaxWorkloadsOfAnswer;
};

}  // namespace initscan::server
