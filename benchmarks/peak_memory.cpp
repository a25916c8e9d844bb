// SPDX-License-Identifier: BSL-1.0
// Counts in the functions of the C library themselves, since Eigen passes operator new by.
#include "peak_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

// What glibc calls its own.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

thread_local std::int64_t held = 0;
thread_local std::int64_t most = 0;

std::int64_t size_of(void* p) noexcept {
  return p == nullptr ? 0 : static_cast<std::int64_t>(malloc_usable_size(p));
}

void* taken(void* p) noexcept {
  held += size_of(p);
  most = std::max(most, held);
  return p;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return taken(__libc_malloc(size)); }
void* calloc(std::size_t n, std::size_t size) { return taken(__libc_calloc(n, size)); }
void* memalign(std::size_t step, std::size_t size) { return taken(__libc_memalign(step, size)); }
void* aligned_alloc(std::size_t step, std::size_t size) { return memalign(step, size); }
int posix_memalign(void** p, std::size_t step, std::size_t size) {
  *p = memalign(step, size);
  return *p == nullptr ? ENOMEM : 0;
}
void* realloc(void* p, std::size_t size) {
  held -= size_of(p);
  return taken(__libc_realloc(p, size));
}
void free(void* p) {
  held -= size_of(p);
  __libc_free(p);
}
}

namespace salespulse {

std::int64_t heap_bytes() noexcept { return held; }
void watch_peak() noexcept { most = held; }
std::int64_t peak_bytes() noexcept { return most; }

}  // namespace salespulse
