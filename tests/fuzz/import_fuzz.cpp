// SPDX-License-Identifier: BSL-1.0
// Any bytes into the importer. Built with libFuzzer by the preset `fuzz`; import_fuzz_test.cpp runs
// the same function over generated inputs with every compiler.
#include "import_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (!salespulse::import_any(bytes, size)) std::abort();
  return 0;
}
