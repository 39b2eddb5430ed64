#include "initscan/courier/frame.h"

namespace initscan {
namespace {

template <class Number>
void append_number(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

// Takes it off the front, which is long enough.
template <class Number>
Number take_number(std::string_view& bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<std::uint8_t>(bytes[i])) << (8 * i));
  }
  bytes.remove_prefix(sizeof number);
  return number;
}

Error truncated() {
  return {Errc::truncated, "a head that ends too early"};
}

}  // namespace

std::string write_head(const ErrandHead& head) {
  std::string bytes(1, static_cast<char>(head.errand));
  append_number(bytes, static_cast<std::uint32_t>(head.time.count()));
  append_number(bytes, head.bytes);
  return bytes;
}

std::string write_head(const DeliveryHead& head) {
  std::string bytes(1, static_cast<char>(head.delivery));
  append_number(bytes, head.bytes);
  return bytes;
}

Result<ErrandHead> read_errand_head(std::string_view bytes) {
  if (bytes.size() != kErrandHeadBytes) return truncated();
  ErrandHead head;
  head.errand = static_cast<Errand>(take_number<std::uint8_t>(bytes));
  head.time = std::chrono::milliseconds(take_number<std::uint32_t>(bytes));
  head.bytes = take_number<std::uint64_t>(bytes);
  if (head.errand != Errand::match && head.errand != Errand::report) return Error{Errc::malformed, "no such errand"};
  if (head.time > kLongestErrand) return Error{Errc::over_limit, "more time than an errand may take"};
  if (head.bytes > kMaxSentBytes) return Error{Errc::over_limit, "more bytes than are sent"};
  return head;
}

Result<DeliveryHead> read_delivery_head(std::string_view bytes, std::size_t most_answer_bytes) {
  if (bytes.size() != kDeliveryHeadBytes) return truncated();
  DeliveryHead head;
  head.delivery = static_cast<Delivery>(take_number<std::uint8_t>(bytes));
  head.bytes = take_number<std::uint64_t>(bytes);
  const bool is_known = head.delivery >= Delivery::answered && head.delivery <= Delivery::misunderstood;
  if (!is_known) return Error{Errc::malformed, "no such delivery"};
  const std::size_t most = head.delivery == Delivery::answered ? most_answer_bytes : kMaxDeliveryWords;
  if (head.bytes > most) return Error{Errc::over_limit, "more bytes than may be"};
  return head;
}

}  // namespace initscan
