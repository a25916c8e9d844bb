/* SPDX-License-Identifier: BSL-1.0 */
/* review_in_c FOLDER [SNAPSHOT]: the whole way from an export to a review, from C. */
#include <salespulse.h>

#include <stdio.h>

static int give_up(salespulse_error** error) {
  fprintf(stderr, "%s\n", salespulse_error_message(*error));
  salespulse_error_free(error);
  return 1;
}

int main(int argc, char** argv) {
  salespulse_book* book = NULL;
  salespulse_snapshot* snapshot = NULL;
  salespulse_error* error = NULL;
  char* json = NULL;
  int status = 0;

  if (argc < 2) {
    printf("salespulse %s: give a folder of canonical CSV and, to value it, a snapshot\n",
           salespulse_version());
    return 0;
  }
  if (salespulse_book_import(argv[1], NULL, &book, &error) != SALESPULSE_OK) {
    return give_up(&error);
  }
  fprintf(stderr, "%llu deals, %llu issues\n", (unsigned long long)salespulse_book_deals(book),
          (unsigned long long)salespulse_book_issue_count(book));
  if (argc > 2 && salespulse_snapshot_read(argv[2], &snapshot, &error) != SALESPULSE_OK) {
    status = give_up(&error);
  } else if (salespulse_review_json(book, snapshot, NULL, NULL, &json, &error) != SALESPULSE_OK) {
    status = give_up(&error);
  } else {
    puts(json);
  }
  salespulse_text_free(&json);
  salespulse_snapshot_free(&snapshot);
  salespulse_book_free(&book);
  return status;
}
