/* SPDX-License-Identifier: BSL-1.0 */
#include <salespulse.h>

int main(void) {
  salespulse_book* book = 0;
  salespulse_error* error = 0;
  int refused;

  if (salespulse_version()[0] == '\0') return 1;
  refused = salespulse_book_import("a folder that is not there", 0, &book, &error) != SALESPULSE_OK &&
            salespulse_error_message(error)[0] != '\0';
  salespulse_book_free(&book);
  salespulse_error_free(&error);
  return refused ? 0 : 1;
}
