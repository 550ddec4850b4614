/* Conversations that are as good as equal (methods, section 5): exact copies and near-duplicates,
 * by Jaccard's index over shingles (text/shingles.h).
 *
 * A document is what one unit wrote in one conversation. Documents of very few shingles ("hello")
 * are equal by chance and are never compared. Documents stand in the order of their units and
 * conversations in the texts. They take 8 bytes a word and up to 450 bytes each.
 */
#ifndef LB_RISK_RELEASE_NEAR_DUPLICATES_H
#define LB_RISK_RELEASE_NEAR_DUPLICATES_H

#include "index/texts.h"

enum { LB_DOCUMENT_SHINGLES_MIN = 5 };
#define LB_NEAR_DUPLICATE_JACCARD 0.8

typedef struct lb_document {
    uint32_t unit, conversation;
    uint64_t owner; /* the unit's hash */
    size_t message; /* its first one, a number in the texts */
    uint32_t messages;
    size_t offset, count; /* of its shingles; count 0: too few to be compared */
} lb_document;

typedef struct lb_documents {
    lb_document *items;
    size_t count;
    uint64_t *shingles;
} lb_documents;

int lb_documents_make(lb_documents *documents, const lb_texts *texts, unsigned threads,
                      lb_error *error);
void lb_documents_free(lb_documents *documents); /* leaves {0} */

#define LB_NO_DOCUMENT UINT32_MAX

typedef struct lb_near_duplicate_query {
    const lb_documents *among;   /* what is asked about */
    const lb_documents *gallery; /* what is looked for there; may be the same documents */
    const bool *asked;           /* [among->count]; NULL: all */
    const bool *listed;          /* [gallery->count]; NULL: all */
    bool other_owner;            /* only documents of other units count */
    unsigned threads;
} lb_near_duplicate_query;

/* matches[i]: a document of the gallery whose index with document i is 0.8 or more, or
 * LB_NO_DOCUMENT. Candidates by banding, each verified exactly; a document that has more than 64
 * candidates in one band, none of which holds, gives that band up. The result does not depend on
 * the threads. */
int lb_near_duplicates_find(const lb_near_duplicate_query *query, uint32_t *matches,
                            lb_error *error);

#endif
