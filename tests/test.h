/* What every test file includes: cmocka and the headers it needs first. */
#ifndef LB_TESTS_TEST_H
#define LB_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the ones above first */
#include <cmocka.h>

#endif
