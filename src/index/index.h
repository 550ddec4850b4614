/* The index: who used what. Built once from a corpus, immutable afterwards; every measure is a pure
 * function of it.
 *
 * A *unit* is what the measures protect: a user, a conversation, or a record. Units are numbered
 * 0 ... units-1 in the order of their keys' hashes, tokens 0 ... tokens-1 in the order of the
 * hashes of their folded form: numbers and all sums over them depend on the corpus only, never on
 * threads or on the order or cutting of the input.
 *
 * The incidence of n-grams of length n lists, for each n-gram, the units that used it, in ascending
 * order, and whether a unit used it in two conversations or more.
 */
#ifndef LB_INDEX_INDEX_H
#define LB_INDEX_INDEX_H

#include "corpus/corpus.h"
#include "index/content_digest.h"
#include "index/table.h"
#include "index/texts.h"

enum { LB_NGRAMS_MAX = 5 };

typedef struct lb_index_options {
    unsigned threads;  /* at least 1 */
    unsigned ngrams;   /* longest n-gram, 0 (no tokens wanted) ... LB_NGRAMS_MAX */
    uint64_t memory;   /* budget in bytes */
    bool without_rows; /* no measure looks at the table: it may stay empty */
    bool keep_texts;   /* keep the units' own messages for a second look */
                       /* values of the consent field, as they stand or folded (id_fold.h) */
    const char *const *accepted_consent;
    size_t accepted_consent_count;
    const char *tmpdir;
    size_t most_blocks; /* of the corpus, with one thread; 0: all of it */
    const lb_progress *progress;
} lb_index_options;

typedef struct lb_unit_facts {
    uint64_t hash;          /* of the key */
    lb_str key;             /* data NULL for records */
    uint64_t messages;      /* own messages */
    uint64_t tokens;        /* running words in them */
    uint64_t refused;       /* own messages without an accepted consent; 0 without such a field */
    uint32_t conversations; /* distinct, with an own message */
    int64_t first, last;    /* microseconds since 1970; first > last: no times */
} lb_unit_facts;

typedef struct lb_incidence {
    unsigned length;         /* n of the n-grams */
    uint64_t occurrences;    /* running n-grams */
    uint64_t grams;          /* distinct n-grams */
    uint64_t pairs;          /* distinct (n-gram, unit) */
    const uint64_t *offsets; /* [grams + 1] into units */
    const uint32_t *units;   /* [pairs]: unit number << 1 | used in two conversations or more */
    const uint64_t *hashes;  /* [grams], ascending */
    bool in_file;            /* the arrays are mapped from a file: say what you are done with */
    uint64_t file_room;      /* bytes of files that should be in memory at most */
} lb_incidence;

/* The n-grams `from` ... `to` - 1 will not be looked at again soon: their pages may go. */
void lb_incidence_forget(const lb_incidence *incidence, uint64_t from, uint64_t to);
/* For those who read here and there in it, now and then, on any thread: all its pages may go if
 * more of files is in memory than there is room for. */
void lb_incidence_trim(const lb_incidence *incidence);

static inline uint32_t lb_pair_unit(uint32_t pair) {
    return pair >> 1;
}
static inline bool lb_pair_repeated(uint32_t pair) {
    return pair & 1;
}

typedef struct lb_index lb_index;

/* Reads the corpus to its end. On failure nothing is left. */
int lb_index_build(lb_index **out, lb_corpus *corpus, const lb_index_options *options,
                   lb_error *error);
void lb_index_free(lb_index *index);

lb_unit lb_index_unit(const lb_index *index);
size_t lb_index_units(const lb_index *index);
/* [units]; NULL in a plain table (records without text). */
const lb_unit_facts *lb_index_facts(const lb_index *index);
/* The digest of all that was read, as bytes (content_digest.h). */
const unsigned char *lb_index_content(const lb_index *index);
uint64_t lb_index_conversations(const lb_index *index); /* distinct, over all messages */
uint64_t lb_index_messages(const lb_index *index);      /* messages with text, of any role */
uint64_t
lb_index_folded_consents(const lb_index *index); /* own messages whose consent only folding found */
uint64_t lb_index_refused_records(
    const lb_index *index); /* of a corpus without text: without an accepted consent */
bool lb_index_span(const lb_index *index, int64_t *first,
                   int64_t *last); /* false: no message has a time */
unsigned lb_index_ngrams(const lb_index *index);
const lb_incidence *lb_index_incidence(const lb_index *index,
                                       unsigned length); /* length 1 ... ngrams */
/* Of token_context.h, over all its occurrences. */
uint8_t lb_index_token_flags(const lb_index *index, uint64_t token);
lb_str lb_index_token(const lb_index *index,
                      uint64_t token); /* folded form of a 1-gram, by its number */

/* The units' own messages; NULL unless keep_texts was asked for. */
const lb_texts *lb_index_texts(const lb_index *index);
/* Where their bytes lie in a file, their pages may go: whoever has read much of them says so now
 * and then, on any thread, so that memory stays within the budget. */
void lb_index_forget_texts(const lb_index *index);

/* The table for the unit of the audit, and the same quasi-identifiers seen per user, conversation
 * or record (NULL where the corpus has no such unit). */
const lb_table *lb_index_table(const lb_index *index);
const lb_table *lb_index_table_by(const lb_index *index, lb_unit unit);

#endif
