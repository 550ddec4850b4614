/* A second corpus beside the audited one: auxiliary (--aux), to calibrate on (--calibrate), or of
 * people who opted out (--opted-out). Only its people and their texts are looked at.
 *
 * Each corpus is detected on its own. Where the format or the mapping of the audit was given, it is
 * tried first, since both may come from one place; where it does not fit, what is detected is used,
 * and `fell_back` says so. A format or a mapping of its own is taken as it is.
 */
#ifndef LB_AUDIT_SIDE_OTHER_CORPUS_H
#define LB_AUDIT_SIDE_OTHER_CORPUS_H

#include "audit/policy/settings.h"
#include "index/index.h"

typedef struct lb_other_corpus {
    lb_corpus *corpus; /* NULL: not opened */
    lb_index *index;   /* NULL: not read */
    bool fell_back;
} lb_other_corpus;

/* Sniffs the input. Fails as lb_corpus_open does, and where the input is no conversations. */
int lb_other_corpus_open(lb_other_corpus *other, const lb_settings *settings,
                         const lb_other_input *input, lb_error *error);
/* Reads it to its end. */
int lb_other_corpus_read(lb_other_corpus *other, const lb_settings *settings, lb_error *error);
void lb_other_corpus_free(lb_other_corpus *other); /* {0} is allowed */

#endif
