/* What was read. */
#ifndef LB_AUDIT_SECTION_SECTION_CORPUS_H
#define LB_AUDIT_SECTION_SECTION_CORPUS_H

#include <jansson.h>

#include "corpus/corpus.h"

/* The inputs as corpus.inputs lists them; complete once the corpus was read to its end. */
json_t *lb_section_inputs(const lb_corpus *corpus);

/* The names of the attributes of one use, as corpus.quasi_identifiers and corpus.sensitive list
 * them; NULL: out of memory. */
json_t *lb_section_attribute_names(const lb_corpus *corpus, lb_attribute_use use);

#endif
