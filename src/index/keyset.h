/* A set of keys that several threads fill at once, and that numbers them: users, conversations, the
 * values of a column. The identity of a key is its 64-bit hash (base/hash.h): with a hundred
 * million keys the chance that any two collide is below 0.0003.
 *
 * Numbers are handed out in order of arrival, so they depend on the threads; lb_keyset_ranks turns
 * them into ranks that do not.
 */
#ifndef LB_INDEX_KEYSET_H
#define LB_INDEX_KEYSET_H

#include "base/memory.h"
#include "base/str.h"

enum { LB_KEYSET_MAX = INT32_MAX }; /* the most keys one set can number */

typedef struct lb_keyset lb_keyset;

/* keep_keys: the bytes are kept as well; without it only hashes are. */
int lb_keyset_new(lb_keyset **out, bool keep_keys, lb_error *error);
void lb_keyset_free(lb_keyset *set); /* NULL is allowed */

/* The number of `key`, new or known, in *number. Thread-safe. More than LB_KEYSET_MAX keys, or no
 * memory, is LB_E_RESOURCE. */
int lb_keyset_add(lb_keyset *set, lb_str key, uint64_t hash, uint32_t *number, lb_error *error);

uint32_t lb_keyset_count(const lb_keyset *set);

typedef enum lb_key_order { LB_KEY_ORDER_HASH, LB_KEY_ORDER_BYTES } lb_key_order;

typedef struct lb_ranked_key {
    lb_str key; /* of the set; data NULL where keys are not kept */
    uint64_t hash;
    uint32_t number; /* as lb_keyset_add said */
} lb_ranked_key;

int lb_ranked_key_order(const void *a, const void *b); /* by the hash, for qsort */

/* All keys in the given order; (*ranks)[number] is the place of a key in it. Both arrays have
 * lb_keyset_count elements, belong to the caller, and are freed with lb_free. Only once no thread
 * adds any more. ranks may be NULL. */
int lb_keyset_ranks(const lb_keyset *set, lb_key_order order, lb_ranked_key **keys,
                    uint32_t **ranks, lb_error *error);

#endif
