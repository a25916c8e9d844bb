/* SPDX-License-Identifier: BSL-1.0 */
#ifndef SALESPULSE_H
#define SALESPULSE_H

/*
 * salespulse for programs that cannot include C++: from an export to a review, by opaque handles.
 *
 * Every function that can fail returns a status and, where `error` is not null, an error with the
 * reason in words. Whoever receives a handle or a text owns it and gives it back by the function of
 * its name, which also sets the pointer to null; giving back null does nothing. Texts are UTF-8 and
 * end in a zero byte. No exception leaves this interface. Handles may be used from any thread, one
 * at a time each; different handles at once.
 *
 * The library is written in C++: a program that links it statically is linked as C++, which in CMake
 * is project(... LANGUAGES C CXX).
 */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers are never reused; new ones can appear. */
typedef enum salespulse_status {
  SALESPULSE_OK = 0,
  SALESPULSE_INVALID_INPUT = 1,  /* the call itself is wrong: a null argument, a day that is none */
  SALESPULSE_BAD_DATA = 2,       /* a file or a parameter is wrong; the error names it */
  SALESPULSE_OUT_OF_MEMORY = 3,
  SALESPULSE_INTERNAL = 4        /* a fault of the library; please report it */
} salespulse_status;

typedef struct salespulse_error salespulse_error;
typedef struct salespulse_book salespulse_book;
typedef struct salespulse_snapshot salespulse_snapshot;

/* The version of the loaded library, "major.minor.patch". Never given back. */
const char* salespulse_version(void);

/* The reason in words; valid until the error is given back. */
const char* salespulse_error_message(const salespulse_error* error);
void salespulse_error_free(salespulse_error** error);

/* Reads the files of `folder`: canonical CSV where `mapping_file` is null, else by that mapping.
 * Rows that are wrong do not stop it: see salespulse_book_issues. */
salespulse_status salespulse_book_import(const char* folder, const char* mapping_file,
                                         salespulse_book** book, salespulse_error** error);
void salespulse_book_free(salespulse_book** book);

/* Number of deals in the book, and of issues found with its rows; 0 for null. */
uint64_t salespulse_book_deals(const salespulse_book* book);
uint64_t salespulse_book_issue_count(const salespulse_book* book);

/* The issues as JSON: an array of {code, effect, entity, id, field, message, file, line, column,
 * raw}. */
salespulse_status salespulse_book_issues(const salespulse_book* book, char** json,
                                         salespulse_error** error);

/* Reads the parameters that value rests on. */
salespulse_status salespulse_snapshot_read(const char* file, salespulse_snapshot** snapshot,
                                           salespulse_error** error);
void salespulse_snapshot_free(salespulse_snapshot** snapshot);

/* Reviews the book and gives the figures as JSON, of schema "salespulse.review/1". Without a
 * snapshot (null) nothing is valued. Value is recognised for the days from `from` up to but not
 * including `to`, both YYYY-MM-DD; both null: for all. */
salespulse_status salespulse_review_json(const salespulse_book* book,
                                         const salespulse_snapshot* snapshot, const char* from,
                                         const char* to, char** json, salespulse_error** error);
void salespulse_text_free(char** text);

#ifdef __cplusplus
}
#endif
#endif
