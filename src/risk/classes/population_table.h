/* Risk against a known population: the attacker does not know whether the target is in the corpus,
 * but has a table of everyone it was drawn from (journalist and marketer models of El Emam & Dankar
 * 2008, k-map of Sweeney 2001, delta-presence of Nergiz et al. 2007; methods, section 1).
 *
 * A population table holds, for each combination of quasi-identifier values, how many people have
 * it. Values are matched by their bytes, because it has dictionaries of its own, and a missing
 * value matches a missing one. It is filled row by row, by whoever reads it from a file, or from a
 * second table; combinations may come in any order and repeat.
 */
#ifndef LB_RISK_CLASSES_POPULATION_TABLE_H
#define LB_RISK_CLASSES_POPULATION_TABLE_H

#include "index/table.h"

typedef struct lb_population_table lb_population_table;

int lb_population_table_new(lb_population_table **out, size_t columns, lb_error *error);
void lb_population_table_free(lb_population_table *population); /* NULL is allowed */

/* Adds `people` with these values[columns]; data == NULL is a missing value. The values are copied.
 * Errors: LB_E_INPUT where the number of people no longer fits 64 bits; LB_E_RESOURCE. */
int lb_population_table_add(lb_population_table *population, const lb_str *values, uint64_t people,
                            lb_error *error);

/* Adds the units of a table, whose quasi-identifiers are the columns, in order; a unit counts once
 * in each of its classes. */
int lb_population_table_add_table(lb_population_table *population, const lb_table *table,
                                  lb_error *error);

size_t lb_population_table_classes(const lb_population_table *population);
uint64_t lb_population_table_people(const lb_population_table *population); /* sum over classes */
int lb_population_table_find(const lb_population_table *population, const lb_str *values,
                             uint64_t *people, lb_error *error); /* who have these values */

/* f: units of the corpus in a class; F: people of the population in it. A corpus that is not a
 * subset of the population table (mistakes in either) has classes with f > F, which would make
 * risks above 1: F is then taken to be f, since at least the corpus's own units have those values,
 * and such classes are counted. (ARX demands a subset.) */
typedef struct lb_journalist {
    size_t units, classes; /* of the corpus */
    size_t absent_classes; /* classes of the corpus that the population table does not have */
    /* ... where it has fewer people than the corpus has units; with those absent */
    size_t outgrown_classes;
    uint64_t k_map;              /* smallest F over the classes of the corpus; 0: no units */
    double delta_min, delta_max; /* of f / F over the classes of the corpus */

    /* Risk of a unit: 1 / the smallest F of its classes. */
    double journalist_max, journalist_mean;
    double above_020, above_009, above_005; /* share of units with a risk above 0.2, 0.09, 0.05 */

    /* Expected share of units that are rightly linked to the population, each by one of its classes
     * taken at random: mean over units of the mean over their classes of 1 / F; with one row a
     * unit, sum over classes of (f / F) / units. */
    double marketer;
} lb_journalist;

/* The population's columns are the table's quasi-identifiers, in order. Errors: LB_E_USAGE where
 * their numbers differ; LB_E_RESOURCE. O(rows * columns). */
int lb_journalist_measure(lb_journalist *out, const lb_population_table *population,
                          const lb_table *table, lb_error *error);

#endif
