#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/awaitable.hpp>

namespace initscan {

/// Runs `step` again and again, with a pause after each, until its executor stops. What it throws is a programming
/// error or want of memory: logged, and tried again.
boost::asio::awaitable<void> repeat(std::function<boost::asio::awaitable<void>()> step,
                                    std::chrono::milliseconds pause);

}  // namespace initscan
