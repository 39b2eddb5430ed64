#pragma once

#include "common/result.h"

namespace initscan {

/// Lets no other process of the same user look into this one, or write there: a pod of hostPID, or whoever gets into
/// the container, would turn a verdict round or read what seals an SBOM. From here on only; a program that its user may
/// not read (mode 0111) is protected from its first instruction. Errors: io - the kernel refuses.
Result<void> hide_memory();

}  // namespace initscan
