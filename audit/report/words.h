#pragma once

#include "audit/model/report.h"

#include <string>
#include <string_view>

namespace initscan::audit {

std::string_view to_string(Exposure exposure);

/// "shop/Deployment/web", with the cluster before it where it has a name: how every format names a workload.
std::string place_of(const Workload& workload);

/// "1 workload", "2,000 workloads".
std::string counted(std::size_t n, std::string_view singular);

/// "12,345".
std::string grouped(std::size_t n);

/// Whole days between two moments, at least 0: clocks differ.
long days_between(Time from, Time to);

/// "12 days", "5 hours"; "just now" below an hour.
std::string age_text(Time from, Time to);

/// "1.5 MiB"; powers of 1,024 and one decimal.
std::string size_text(std::uint64_t bytes);

/// A number with `digits` decimals, whatever the locale; 0 if it is not a number.
std::string fixed_text(double number, int digits);

}  // namespace initscan::audit
