// SPDX-License-Identifier: BSL-1.0
#include <salespulse/io/csv_writer.hpp>

#include <charconv>
#include <cstddef>

namespace salespulse {

namespace {

constexpr std::size_t bytes_in_hand = 64 * 1024;

bool needs_quotes(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (text.empty()) return false;
  return is_blank(text.front()) || is_blank(text.back()) ||
         text.find_first_of(",\"\r\n") != std::string_view::npos;
}

void append_two_digits(std::string& out, std::int64_t number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

void append_day(std::string& out, date day) {
  const civil_day c = to_civil(day);
  append_two_digits(out, c.year / 100);
  append_two_digits(out, c.year % 100);
  out += '-';
  append_two_digits(out, c.month);
  out += '-';
  append_two_digits(out, c.day);
}

// digits * 10^-scale, with exactly `scale` decimals.
void append_decimal(std::string& out, std::int64_t digits, int scale) {
  char written[24];
  const auto magnitude =
      digits < 0 ? ~static_cast<std::uint64_t>(digits) + 1 : static_cast<std::uint64_t>(digits);
  const char* const end = std::to_chars(written, written + sizeof written, magnitude).ptr;
  const std::string_view text(written, static_cast<std::size_t>(end - written));
  const auto decimals = static_cast<std::size_t>(scale);
  if (digits < 0) out += '-';
  if (text.size() <= decimals) {
    out += "0.";
    out.append(decimals - text.size(), '0');
    out += text;
    return;
  }
  const std::size_t whole = text.size() - decimals;
  out += text.substr(0, whole);
  if (decimals > 0) {
    out += '.';
    out += text.substr(whole);
  }
}

}  // namespace

void csv_writer::separate() {
  if (row_begun_) buffer_ += ',';
  row_begun_ = true;
}

csv_writer& csv_writer::cell(std::string_view text) {
  separate();
  if (!needs_quotes(text)) {
    buffer_ += text;
    return *this;
  }
  buffer_ += '"';
  for (const char c : text) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += '"';
  return *this;
}

csv_writer& csv_writer::cell(currency code) {
  return cell(code == currency{} ? std::string_view() : code.code());
}

csv_writer& csv_writer::cell(money amount) {
  separate();
  append_decimal(buffer_, amount.minor, amount.currency.exponent());
  return *this;
}

csv_writer& csv_writer::cell(decimal number) {
  separate();
  append_decimal(buffer_, number.digits, number.scale);
  return *this;
}

csv_writer& csv_writer::cell(date day) {
  separate();
  append_day(buffer_, day);
  return *this;
}

csv_writer& csv_writer::cell(instant at) {
  separate();
  const date day = day_in_utc(at);
  const std::int64_t of_day = at.seconds - start_of(day).seconds;
  append_day(buffer_, day);
  buffer_ += 'T';
  append_two_digits(buffer_, of_day / 3600);
  buffer_ += ':';
  append_two_digits(buffer_, of_day / 60 % 60);
  buffer_ += ':';
  append_two_digits(buffer_, of_day % 60);
  buffer_ += 'Z';
  return *this;
}

csv_writer& csv_writer::empty_cell() {
  separate();
  return *this;
}

csv_writer& csv_writer::whole_number(std::int64_t number) {
  separate();
  append_decimal(buffer_, number, 0);
  return *this;
}

void csv_writer::end_row() {
  // A row of one empty cell would be a blank line, which readers skip.
  if (row_begun_ && (buffer_.empty() || buffer_.back() == '\n')) buffer_ += "\"\"";
  buffer_ += '\n';
  row_begun_ = false;
  if (file_ != nullptr && buffer_.size() >= bytes_in_hand) flush();
}

bool csv_writer::flush() {
  if (file_ == nullptr) return true;
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) failed_ = true;
  buffer_.clear();
  if (std::fflush(file_) != 0) failed_ = true;
  return !failed_;
}

}  // namespace salespulse
