/* SPDX-License-Identifier: BSL-1.0 */
#include <salespulse.h>

int main(void) { return 0; }
