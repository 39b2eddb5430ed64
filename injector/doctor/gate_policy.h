#pragma once

#include "injector/doctor/found.h"

namespace initscan::injector {

/// The form without an injector: a MutatingAdmissionPolicy puts the gate into pods. Whether a binding puts it in force
/// with the object that it reads.
CheckItem judge_gate_policy(const Found& policy, const FoundList& bindings, const Installation& installation);

}  // namespace initscan::injector
