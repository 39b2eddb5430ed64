#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What the scanner and initscan-courier say to each other through one socket: a head of a fixed size, and as many bytes
// as it announces.
namespace initscan {

// What a courier can be sent for. Where that is, it was told when it was started.
enum class Errand : std::uint8_t { match = 1, report = 2 };

// What came of it.
enum class Delivery : std::uint8_t {
  answered = 1,   // the bytes are the answer's body
  refused,        // an answer that is an error; this and what follows: the bytes are words for people
  unreachable,    // there was no answer
  misunderstood,  // an answer that is none: not HTTP, cut off, or too large
};

inline constexpr std::size_t kMaxSentBytes = 16 << 20;  // what a server takes, unpacked
inline constexpr std::size_t kMaxReportAnswerBytes = 64 << 10;
inline constexpr std::size_t kMaxDeliveryWords = 2048;
inline constexpr std::chrono::milliseconds kLongestErrand{600'000};

struct ErrandHead {
  Errand errand = Errand::match;
  std::chrono::milliseconds time{0};  // until there has to be an answer
  std::uint64_t bytes = 0;

  bool operator==(const ErrandHead&) const = default;
};

struct DeliveryHead {
  Delivery delivery = Delivery::answered;
  std::uint64_t bytes = 0;

  bool operator==(const DeliveryHead&) const = default;
};

inline constexpr int kCourierSocket = 3;  // the descriptor of the socket, in the courier
inline constexpr std::size_t kErrandHeadBytes = 1 + 4 + 8;
inline constexpr std::size_t kDeliveryHeadBytes = 1 + 8;

std::string write_head(const ErrandHead& head);
std::string write_head(const DeliveryHead& head);

/// Each side takes the other for a stranger: the courier reads what networks send, and the scanner what images hold.
/// Errors: truncated; malformed - an errand or a delivery that is none; over_limit - more time or bytes than may be.
Result<ErrandHead> read_errand_head(std::string_view bytes);
Result<DeliveryHead> read_delivery_head(std::string_view bytes, std::size_t most_answer_bytes);

}  // namespace initscan
