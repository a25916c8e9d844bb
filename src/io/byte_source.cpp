// SPDX-License-Identifier: BSL-1.0
#include "byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace salespulse {

result<byte_source> byte_source::open(const std::string& path) {
  std::error_code unused;
  if (std::filesystem::is_directory(path, unused)) return failure{path + ": is a folder"};
  byte_source source{std::string_view()};
  errno = 0;
  source.file_.reset(std::fopen(path.c_str(), "rb"));
  if (!source.file_) return failure{path + ": cannot be opened: " + std::strerror(errno)};
  const auto size = std::filesystem::file_size(path, unused);
  source.size_ = unused ? 0 : size;
  return source;
}

std::optional<std::size_t> byte_source::read(char* to, std::size_t size) {
  if (file_) {
    const std::size_t taken = std::fread(to, 1, size, file_.get());
    if (taken == 0 && std::ferror(file_.get()) != 0) return std::nullopt;
    return taken;
  }
  const std::size_t taken = std::min(size, rest_.size());
  if (taken > 0) std::memcpy(to, rest_.data(), taken);
  rest_.remove_prefix(taken);
  return taken;
}

}  // namespace salespulse
