// SPDX-License-Identifier: BSL-1.0
#include <salespulse.h>

#include <salespulse/io/import.hpp>
#include <salespulse/report/json.hpp>
#include <salespulse/salespulse.hpp>
#include <salespulse/value/snapshot_file.hpp>

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

struct salespulse_error {
  std::string message;
};
struct salespulse_book {
  salespulse::imported content;
};
struct salespulse_snapshot {
  salespulse::snapshot content;
};

namespace {

using namespace salespulse;

// Tells a failure of the data apart from one of the call.
struct bad_data {
  std::string message;
};

salespulse_status fail(salespulse_status status, const char* message,
                       salespulse_error** error) noexcept {
  if (error == nullptr) return status;
  try {
    *error = new salespulse_error{message};
  } catch (...) {
    *error = nullptr;
    return SALESPULSE_OUT_OF_MEMORY;
  }
  return status;
}

// Runs a body that may throw; nothing gets past it.
template <class Body>
salespulse_status guarded(salespulse_error** error, Body body) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    body();
    return SALESPULSE_OK;
  } catch (const bad_data& e) {
    return fail(SALESPULSE_BAD_DATA, e.message.c_str(), error);
  } catch (const invalid_input& e) {
    return fail(SALESPULSE_INVALID_INPUT, e.what(), error);
  } catch (const std::bad_alloc&) {
    return fail(SALESPULSE_OUT_OF_MEMORY, "there is not enough memory", error);
  } catch (const std::exception& e) {
    return fail(SALESPULSE_INTERNAL, e.what(), error);
  } catch (...) {
    return fail(SALESPULSE_INTERNAL, "an unknown fault", error);
  }
}

void require(const void* argument, const char* message) {
  if (argument == nullptr) throw invalid_input(message);
}

// A text of its own for a caller who gives it back by salespulse_text_free.
char* copy_of(const std::string& text) {
  char* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

template <class Value>
Value taken(result<Value> r) {
  if (!r) throw bad_data{r.error().message};
  return std::move(r).value();
}

date day_of_text(const char* text, const char* message) {
  require(text, message);
  const auto day = parse_date(text);
  if (!day) throw invalid_input(message);
  return *day;
}

}  // namespace

extern "C" {

const char* salespulse_version(void) {
  return library_version().data();  // a literal, so it ends in a zero byte
}

const char* salespulse_error_message(const salespulse_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

void salespulse_error_free(salespulse_error** error) {
  if (error == nullptr) return;
  delete *error;
  *error = nullptr;
}

salespulse_status salespulse_book_import(const char* folder, const char* mapping_file,
                                         salespulse_book** book, salespulse_error** error) {
  return guarded(error, [&] {
    require(book, "salespulse_book_import: book is null");
    *book = nullptr;
    require(folder, "salespulse_book_import: folder is null");
    *book = new salespulse_book{taken(mapping_file == nullptr
                                          ? import_folder(folder)
                                          : import_mapped(std::string_view(mapping_file), folder))};
  });
}

void salespulse_book_free(salespulse_book** book) {
  if (book == nullptr) return;
  delete *book;
  *book = nullptr;
}

uint64_t salespulse_book_deals(const salespulse_book* book) {
  return book == nullptr ? 0 : book->content.contents.deals().size();
}

uint64_t salespulse_book_issue_count(const salespulse_book* book) {
  return book == nullptr ? 0 : book->content.report.issues.size();
}

salespulse_status salespulse_book_issues(const salespulse_book* book, char** json,
                                         salespulse_error** error) {
  return guarded(error, [&] {
    require(json, "salespulse_book_issues: json is null");
    *json = nullptr;
    require(book, "salespulse_book_issues: book is null");
    const import_report& report = book->content.report;
    constexpr const char* effects[] = {"rejected", "repaired", "noted"};
    auto all = nlohmann::ordered_json::array();
    for (const issue& i : report.issues) {
      const bool in_file = i.where.line > 0 && i.where.file < report.files.size();
      all.push_back({{"code", to_string(i.code)},
                     {"effect", effects[static_cast<std::size_t>(i.effect)]},
                     {"entity", i.entity},
                     {"id", i.id},
                     {"field", i.field},
                     {"message", i.message},
                     {"file", in_file ? report.files[i.where.file].name : std::string()},
                     {"line", i.where.line},
                     {"column", i.where.column},
                     {"raw", i.raw}});
    }
    using handler = nlohmann::ordered_json::error_handler_t;
    *json = copy_of(all.dump(-1, ' ', false, handler::replace));
  });
}

salespulse_status salespulse_snapshot_read(const char* file, salespulse_snapshot** snapshot,
                                           salespulse_error** error) {
  return guarded(error, [&] {
    require(snapshot, "salespulse_snapshot_read: snapshot is null");
    *snapshot = nullptr;
    require(file, "salespulse_snapshot_read: file is null");
    *snapshot = new salespulse_snapshot{taken(read_snapshot(file))};
  });
}

void salespulse_snapshot_free(salespulse_snapshot** snapshot) {
  if (snapshot == nullptr) return;
  delete *snapshot;
  *snapshot = nullptr;
}

salespulse_status salespulse_review_json(const salespulse_book* book,
                                         const salespulse_snapshot* snapshot, const char* from,
                                         const char* to, char** json, salespulse_error** error) {
  return guarded(error, [&] {
    require(json, "salespulse_review_json: json is null");
    *json = nullptr;
    require(book, "salespulse_review_json: book is null");
    review_options options;
    if ((from == nullptr) != (to == nullptr)) {
      throw invalid_input("salespulse_review_json: give both from and to, or neither");
    }
    if (from != nullptr) {
      options.recognised_in = {
          day_of_text(from, "salespulse_review_json: from is not a day written YYYY-MM-DD"),
          day_of_text(to, "salespulse_review_json: to is not a day written YYYY-MM-DD")};
      if (options.recognised_in.to <= options.recognised_in.from) {
        throw invalid_input("salespulse_review_json: to is not after from");
      }
    }
    for (const file_report& file : book->content.report.files) {
      options.rejected_rows += static_cast<std::int64_t>(file.rejected);
    }
    *json = copy_of(to_json(taken(make_review(
        book->content.contents, snapshot == nullptr ? nullptr : &snapshot->content, options))));
  });
}

void salespulse_text_free(char** text) {
  if (text == nullptr) return;
  std::free(*text);
  *text = nullptr;
}

}  // extern "C"
