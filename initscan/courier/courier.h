#pragma once

#include "common/descriptor.h"
#include "common/result.h"
#include "initscan/courier/frame.h"

#include <chrono>
#include <string>
#include <string_view>

namespace initscan {

// Where a courier goes, fixed when it is started: who sends it later can name neither a place nor a token.
struct CourierRoutes {
  std::string match_url;   // of a server, "https://host:8443"; "": it goes on no such errand
  std::string report_url;  // likewise
  std::string token_file;  // with the bearer token; "": none
  std::string ca_file;     // PEM; "": the system's roots
  std::string ca_inline;   // the same as certificate words
};

struct CourierReply {
  Delivery delivery = Delivery::unreachable;
  std::string words;  // an answer's body, or why there is none, for people
};

// The scanner's way to a server: a process of its own, `initscan-courier`, that is started before the scanner confines
// itself, and that alone has the token and the network. The scanner reads what hostile images hold and what a server
// answers; the courier looks into neither.
class Courier {
 public:
  /// Starts `program`. To be called before confine(), while the process has no other thread. Errors: not_found, io.
  static Result<Courier> start(const std::string& program, const CourierRoutes& routes);

  /// Sends a body and waits for the answer of at most `most_bytes`, all in all no longer than `time`, whatever the
  /// courier or the server does.
  CourierReply carry(Errand errand, std::string_view body, std::chrono::milliseconds time, std::size_t most_bytes);

 private:
  explicit Courier(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;  // closed: it has failed, and nothing more is heard from it
};

}  // namespace initscan
