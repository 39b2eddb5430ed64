/* The application of the demo: it says that it runs, and that is all. */
#include <stdio.h>

int main(void) {
  puts("shop: open for business");
  return 0;
}
