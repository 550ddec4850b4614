/* The directory of a corpus: its people's ids, to be found as they stand or else as people copy
 * them (text/id_fold.h). An id that stands in the corpus is that person and nobody else; one that
 * is only found by its folded form may be several. And what came of looking up a list in it. */
#ifndef LB_AUDIT_SIDE_DIRECTORY_H
#define LB_AUDIT_SIDE_DIRECTORY_H

#include "base/buffer.h"
#include "index/index.h"

typedef struct lb_directory_entry {
    uint64_t folded; /* hash of the folded form */
    uint32_t unit;
} lb_directory_entry;

typedef struct lb_directory {
    const lb_unit_facts *facts; /* of the index, in the order of their hashes */
    size_t units;
    lb_directory_entry *entries; /* [units], in the order of their folded forms */
    lb_unit_facts *own;          /* what `facts` is where nobody else has them */
    lb_buffer scratch;
} lb_directory;

/* What became of a list. */
typedef struct lb_listed {
    uint64_t ids;         /* each once */
    uint64_t unknown;     /* of them, match nobody */
    uint64_t folded;      /* of them, were found only by their folded form */
    uint64_t several;     /* of those, name more people than one */
    unsigned differences; /* what folding looked over: of lb_id_difference */
    lb_buffer example;    /* the first that matches nobody */
} lb_listed;

/* facts NULL, of records that nobody wrote: nobody is found. */
int lb_directory_make(lb_directory *out, const lb_unit_facts *facts, size_t units, lb_error *error);
/* The same of the values of a column: unit i is the code i + 1. */
int lb_directory_of_column(lb_directory *out, const lb_column *column, lb_error *error);
/* The code of a value, exact or folded; SIZE_MAX: none, or not one alone. */
int lb_directory_code(lb_directory *directory, lb_str value, lb_listed *listed, size_t *code,
                      bool *folded, lb_error *error);
void lb_directory_free(lb_directory *directory); /* {0} is allowed */

/* Who has an id: entries `first` ... `first` + `count` - 1; count 0: nobody. */
typedef struct lb_hits {
    bool exact; /* then count is 1 */
    const lb_directory_entry *first;
    size_t count;
} lb_hits;
int lb_directory_find(lb_directory *directory, lb_str id, lb_hits *found, lb_error *error);

int lb_listed_add(lb_listed *listed, const lb_directory *directory, lb_str id, const lb_hits *found,
                  lb_error *error);
void lb_listed_free(lb_listed *listed); /* {0} is allowed */

#endif
