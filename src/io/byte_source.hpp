// SPDX-License-Identifier: BSL-1.0
#ifndef SALESPULSE_SRC_IO_BYTE_SOURCE_HPP
#define SALESPULSE_SRC_IO_BYTE_SOURCE_HPP

#include <salespulse/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace salespulse {

/// Bytes from a file or from memory, in pieces.
class byte_source {
public:
  /// The bytes stay the caller's.
  explicit byte_source(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  /// Fails where the path cannot be opened or is a folder.
  [[nodiscard]] static result<byte_source> open(const std::string& path);

  /// Up to `size` bytes; 0 at the end. Empty where the file cannot be read on.
  [[nodiscard]] std::optional<std::size_t> read(char* to, std::size_t size);

  /// All bytes there are, 0 where that is not known.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, closer> file_;
  std::string_view rest_;
  std::uint64_t size_ = 0;
};

}  // namespace salespulse
#endif
