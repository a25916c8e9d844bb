// SPDX-License-Identifier: BSL-1.0
#include "row_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace salespulse {

namespace {

constexpr std::size_t largest_piece = 128 * 1024;
constexpr std::size_t least_step = 1024;
constexpr unsigned char strict = CSV_STRICT | CSV_STRICT_FINI;

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Zero bytes, or bytes outside ASCII.
bool is_plain(std::string_view text) noexcept {
  unsigned char all = 0;
  for (const char c : text) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
  return all < 0x80 && text.find('\0') == std::string_view::npos;
}

std::string_view without_line_end(std::string_view text) noexcept {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

void row_reader::parser_end::operator()(csv_parser* parser) const noexcept {
  csv_free(parser);
  delete parser;
}

void row_reader::on_cell(void* text, std::size_t size, void* row) {
  row_text& out = *static_cast<row_text*>(row);
  if (out.text.size() < out.used + size) out.text.resize(2 * (out.used + size));
  if (size > 0) std::memcpy(out.text.data() + out.used, text, size);
  out.used += size;
  out.ends.push_back(out.used);
}

void row_reader::on_row_end(int, void* row) { static_cast<row_text*>(row)->complete = true; }

row_reader::row_reader(byte_source source, std::size_t largest_row)
    : source_(std::move(source)), largest_row_(largest_row), piece_(largest_piece) {
  if (source_.size() > 0 && source_.size() < piece_) {
    piece_ = static_cast<std::size_t>(source_.size()) + 1;
  }
}

result<row_reader> row_reader::open(byte_source source, char separator, std::size_t largest_row) {
  row_reader reader(std::move(source), largest_row);
  reader.refill();
  if (reader.broke_off_) return failure{"cannot be read"};
  std::string_view sample(reader.buffer_.data(), reader.filled_);
  const auto zeros = std::count(sample.begin(), sample.end(), '\0');
  if (sample.starts_with("\xFF\xFE") || sample.starts_with("\xFE\xFF") ||
      static_cast<std::size_t>(zeros) > sample.size() / 4) {
    return failure{"is not text in UTF-8 but looks like UTF-16; save it as CSV in UTF-8"};
  }
  if (sample.starts_with("\xEF\xBB\xBF")) {
    reader.at_ = reader.row_begin_ = 3;
    sample.remove_prefix(3);
  }
  if (!reader.at_end_) sample = sample.substr(0, sample.find_last_of("\r\n") + 1);
  reader.separator_ = separator == 0 ? detect_separator(sample) : separator;
  reader.reset_parser();
  return reader;
}

void row_reader::reset_parser() {
  parser_.reset(new csv_parser);
  csv_init(parser_.get(), strict);
  csv_set_delim(parser_.get(), static_cast<unsigned char>(separator_));
}

// Reads the next piece behind what is still needed. False at the end.
bool row_reader::refill() {
  if (at_end_) return false;
  const std::size_t kept = filled_ - row_begin_;
  if (row_begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + row_begin_, kept);
  for (std::size_t* position : {&first_line_end_, &at_, &lf_, &cr_}) {
    *position -= std::min(*position, row_begin_);
  }
  row_begin_ = 0;
  filled_ = kept;
  if (buffer_.size() < kept + piece_) buffer_.resize(kept + piece_);
  const auto taken = source_.read(buffer_.data() + kept, piece_);
  if (!taken) broke_off_ = true;
  if (!taken || *taken == 0) {
    at_end_ = true;
    return false;
  }
  filled_ += *taken;
  bytes_read_ += *taken;
  needs_look_ = (kept > 0 && needs_look_) || !is_plain({buffer_.data() + kept, *taken});
  return true;
}

// The first such byte at or after `at_`; the end of the buffer where there is none.
std::size_t row_reader::seek(char c, std::size_t& known) const noexcept {
  known = std::max(known, at_);
  if (known < filled_ && buffer_[known] != c) {
    const void* found = std::memchr(buffer_.data() + known, c, filled_ - known);
    known = found == nullptr
                ? filled_
                : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
  }
  return known;
}

// The end of the physical line that begins at `at_`, its terminator included. Not whole: the buffer
// ends before the terminator is complete.
std::size_t row_reader::line_end(bool& whole) {
  const std::size_t lf = seek('\n', lf_);
  const std::size_t cr = seek('\r', cr_);
  whole = true;
  if (cr < lf && cr + 1 < filled_) return cr + (buffer_[cr + 1] == '\n' ? 2 : 1);
  if (lf < cr) return lf + 1;
  whole = at_end_;
  return filled_;
}

void row_reader::begin_row() noexcept {
  row_begin_ = at_;
  row_line_ = line_;
  first_line_end_ = 0;
  in_row_ = false;
}

// Hands the physical line up to `end` to libcsv. False where libcsv refuses it. A quote in the
// middle of a cell that does not begin with one is a character like any other (5" pipe); a quoted
// cell that goes on behind its closing quote is refused, for it may have begun lines above.
bool row_reader::feed(std::size_t end) {
  const std::string_view text(buffer_.data() + at_, end - at_);
  if (parser_->entry_pos + text.size() > parser_->entry_size) {
    // libcsv grows by a fixed step, 128 bytes at first; doubling keeps large cells linear.
    csv_set_blk_size(parser_.get(), std::max({text.size(), parser_->entry_size, least_step}));
  }
  std::size_t fed = 0;
  bool taken = true;
  while (taken && fed < text.size()) {
    const std::string_view rest = text.substr(fed);
    fed += csv_parse(parser_.get(), rest.data(), rest.size(), on_cell, on_row_end, &row_);
    if (fed == text.size()) break;
    const bool inner_quote =
        csv_error(parser_.get()) == CSV_EPARSE && text[fed] == '"' && parser_->quoted == 0;
    if (inner_quote) {
      csv_set_opts(parser_.get(), 0);
      fed += csv_parse(parser_.get(), text.data() + fed, 1, on_cell, on_row_end, &row_);
      csv_set_opts(parser_.get(), strict);
    }
    taken = inner_quote;
  }
  in_row_ = in_row_ || row_.complete || !is_blank(text);
  at_ = end;
  ++line_;
  if (first_line_end_ == 0) first_line_end_ = end;
  return taken;
}

row_reader::step row_reader::next() {
  row_.used = 0;
  row_.ends.clear();
  row_.complete = false;
  cut_raw_.clear();
  begin_row();
  for (;;) {
    bool whole = false;
    const std::size_t end = line_end(whole);
    if (!whole) {
      if (filled_ - row_begin_ > largest_row_) {
        return first_line_end_ > 0 ? reject_endless_row() : reject_long_line();
      }
      refill();
      continue;
    }
    if (end == at_) return last_row();
    if (!feed(end)) {
      return reject_first_line(csv_error(parser_.get()) == CSV_EPARSE
                                   ? "a quoted cell goes on behind its closing quote"
                                   : "the row does not fit into memory");
    }
    if (row_.complete) return finish_row();
    if (!in_row_) begin_row();
    if (at_ - row_begin_ > largest_row_) return reject_endless_row();
  }
}

row_reader::step row_reader::last_row() {
  if (!in_row_) return step::end;
  if (csv_fini(parser_.get(), on_cell, on_row_end, &row_) != 0) {
    return reject_first_line("a quote is opened and never closed");
  }
  return finish_row();
}

row_reader::step row_reader::finish_row() {
  if (needs_look_) {
    problem_.clear();
    if (raw().find('\0') != std::string_view::npos) problem_ = "the row holds a zero byte";
    if (problem_.empty() && !is_utf8(raw())) problem_ = "the row is not text in UTF-8";
    if (!problem_.empty()) return step::bad;
  }
  cells_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : row_.ends) {
    cells_.emplace_back(row_.text.data() + begin, end - begin);
    begin = end;
  }
  return step::row;
}

std::string_view row_reader::raw() const noexcept {
  if (!cut_raw_.empty()) return cut_raw_;
  return without_line_end({buffer_.data() + row_begin_, at_ - row_begin_});
}

bool row_reader::may_read_again(std::size_t bytes) const noexcept {
  return bytes_read_again_ + bytes <= bytes_read_ + 2 * largest_row_;
}

void row_reader::go_back_to(std::size_t at) {
  bytes_read_again_ += at_ - at;
  at_ = lf_ = cr_ = at;
  line_ = row_line_ + 1;
  reset_parser();
}

bool row_reader::take_back_to_first_line() {
  if (first_line_end_ >= at_ || !may_read_again(at_ - first_line_end_)) return false;
  go_back_to(first_line_end_);
  return true;
}

row_reader::step row_reader::reject_first_line(std::string problem) {
  problem_ = std::move(problem);
  if (first_line_end_ < at_ && may_read_again(at_ - first_line_end_)) {
    go_back_to(first_line_end_);
  } else {
    reset_parser();
  }
  return step::bad;
}

row_reader::step row_reader::reject_endless_row() {
  return reject_first_line("a quote is opened and not closed within " +
                           std::to_string(largest_row_) + " bytes");
}

// Passes over the rest of a line that is longer than a row may be.
row_reader::step row_reader::reject_long_line() {
  cut_raw_.assign(buffer_, row_begin_, largest_row_);
  bool whole = false;
  std::size_t end = line_end(whole);
  while (!whole) {
    // A CR that ends the buffer may be half a line end.
    const bool half = end > at_ && buffer_[end - 1] == '\r';
    row_begin_ = at_ = end - (half ? 1 : 0);
    refill();
    end = line_end(whole);
  }
  at_ = row_begin_ = end;
  ++line_;
  reset_parser();
  problem_ = "the line is longer than " + std::to_string(largest_row_) +
             " bytes; its raw text is cut there";
  return step::bad;
}

namespace {

struct shape {
  std::size_t cells = 0;  // of the row in work
  std::size_t header = 0;
  std::size_t rows = 0;
  std::size_t fitting = 0;
};

void count_cell(void*, std::size_t, void* counted) { ++static_cast<shape*>(counted)->cells; }

void count_row(int, void* counted) {
  shape& s = *static_cast<shape*>(counted);
  if (s.rows++ == 0) s.header = s.cells;
  if (s.cells == s.header) ++s.fitting;
  s.cells = 0;
}

}  // namespace

char detect_separator(std::string_view sample) {
  sample = sample.substr(0, 64 * 1024);
  char best = ',';
  shape of_best;
  for (const char separator : {',', ';', '\t', '|'}) {
    csv_parser parser;
    csv_init(&parser, 0);
    csv_set_delim(&parser, static_cast<unsigned char>(separator));
    shape counted;
    csv_parse(&parser, sample.data(), sample.size(), count_cell, count_row, &counted);
    if (counted.rows == 0) csv_fini(&parser, count_cell, count_row, &counted);
    csv_free(&parser);
    if (counted.header < 2) continue;
    if (std::pair(counted.fitting, counted.header) > std::pair(of_best.fitting, of_best.header)) {
      best = separator;
      of_best = counted;
    }
  }
  return best;
}

bool is_utf8(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) continue;
    const int more = lead >= 0xC2 && lead < 0xE0   ? 1
                     : lead >= 0xE0 && lead < 0xF0 ? 2
                     : lead >= 0xF0 && lead < 0xF5 ? 3
                                                   : 0;
    if (more == 0) return false;
    for (int k = 0; k < more; ++k, ++i) {
      if (i >= text.size()) return false;
      const auto next = static_cast<unsigned char>(text[i]);
      if (next < 0x80 || next > 0xBF) return false;
      if (k > 0) continue;
      // Overlong forms, surrogates, beyond the last code point.
      if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
          (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace salespulse
