/* Reference values of ../shared for the tests of the tabular measures. */
#ifndef LB_TESTS_RISK_REFERENCE_H
#define LB_TESTS_RISK_REFERENCE_H

#include <jansson.h>

#include "table_fixture.h"

/* The JSON of ../shared/reference/NAME (a .jsonl file as an array of its lines; NaN as 0);
 * the caller decrefs it. Skips the running test where the file is absent. */
json_t *reference_load(const char *name);

/* The table ../shared/reference/data/FILE with records as units; NULL where there is no such file.
 * `names` and `sensitive` are arrays of column names (NULL: none). */
table_fixture *reference_table(const char *file, const json_t *names, const json_t *sensitive,
                               const char *weight, const char *missing);

/* The data file of an entry of textbook.json's privacy_models. */
const char *textbook_file(const json_t *entry);

double reference_number(const json_t *object,
                        const char *key); /* fails the test if it is not there */

/* |got - want| within `relative` of the larger; fails the test, naming `what`. */
void assert_close(double got, double want, double relative, const char *what);

#endif
