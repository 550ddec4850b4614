/* Tables for the tests of the tabular measures: from CSV text, from a CSV file, or from codes. What
 * comes out is an lb_table as table.h describes it (dictionaries sorted by bytes, units in the
 * order of their keys' hashes, rows sorted by unit and codes), and where each input record went. A
 * fixture owns all of it. Anything wrong with the input fails the running test.
 */
#ifndef LB_TESTS_RISK_TABLE_FIXTURE_H
#define LB_TESTS_RISK_TABLE_FIXTURE_H

#include "base/memory.h"
#include "index/table.h"

/* Lists of names end with NULL; a NULL list is empty. */
typedef struct table_roles {
    const char *const *quasi_identifiers;
    const char *const *sensitive;
    const char *unit;    /* column of the unit's key; NULL: every record is a unit of its own */
    const char *weight;  /* column of the sampling weight, or NULL */
    const char *missing; /* what a missing value reads, beside an empty cell; or NULL */
} table_roles;

typedef struct table_fixture {
    lb_table table;
    size_t records;        /* input records */
    const uint32_t *units; /* [records] unit of each input record */
    const uint32_t *rows;  /* [records] row of each input record */
    lb_arena *arena;
} table_fixture;

/* RFC 4180 text with a header line. */
table_fixture *table_fixture_text(const char *csv, const table_roles *roles);
table_fixture *table_fixture_file(const char *path, const table_roles *roles);

/* `codes` is [records][quasi_identifiers + sensitive]; code 0 is missing, any other code c becomes
 * the value "c". `keys` is [records], the unit of each record, or NULL: units are records. Columns
 * are called q0, q1, ... s0, s1, ... */
table_fixture *table_fixture_codes(const uint32_t *codes, size_t records, size_t quasi_identifiers,
                                   size_t sensitive, const uint32_t *keys);

void table_fixture_free(table_fixture *fixture); /* NULL is allowed */

/* The path of a file below ../shared, or NULL where that is absent (the test then skips itself).
 * The text is valid until the next call. */
const char *shared_path(const char *file);

#endif
