/* How a report looks something up in the document: the one way, so that what is not there never
 * reads as 0 and a wrong path does not go unseen.
 *
 * A path is the name of a member, or names joined by dots. What it leads to is there, is null (the
 * audit could not know it), or is absent. A figure that is null or absent is not a number, which
 * every writer shows as "not known" and no bar draws; a text that is absent is those words.
 *
 * The plain functions are for what every document has: something absent is a missed look-up, which
 * is counted. Those that end in _if are for what a document may lack. */
#ifndef LB_REPORT_KIT_LOOKUP_H
#define LB_REPORT_KIT_LOOKUP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

extern const char lb_not_known[]; /* "not known" */

const json_t *lb_lookup(const json_t *in, const char *path); /* NULL: absent */
const json_t *lb_lookup_if(const json_t *in, const char *path);

double lb_lookup_number(const json_t *in, const char *path); /* NAN: not known */
double lb_lookup_number_if(const json_t *in, const char *path);
double lb_lookup_item(const json_t *list, size_t index); /* a number of a list */

const char *lb_lookup_text(const json_t *in, const char *path); /* "not known" where it is not */
const char *lb_lookup_text_or_null(const json_t *in, const char *path); /* NULL: null or absent */
const char *lb_lookup_text_if(const json_t *in, const char *path);
/* By a key of a table: what begins with '?' may lack. */
const json_t *lb_lookup_key(const json_t *in, const char *key);
/* The text there is this one. */
bool lb_lookup_is(const json_t *in, const char *path, const char *text);
bool lb_lookup_flag(const json_t *in, const char *path); /* true is there */

/* Tests only: how many look-ups of this thread were missed since the last call; *last is the last
 * path among them, up to the next one missed. */
size_t lb_lookup_missed(const char **last);

#endif
