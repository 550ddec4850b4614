/* Plain words: what a figure says to someone who knows none of the terms, as a sentence of the
 * table results/plain.def. Below LB_FEW people a share says nothing of others, and is told as a
 * count: "3 of 7 people". */
#ifndef LB_REPORT_KIT_PLAIN_H
#define LB_REPORT_KIT_PLAIN_H

#include "report/kit/figure.h"

enum { LB_FEW = 20 };

/* Whom the share `metric` is a share of: how many; NAN: not known. */
double lb_plain_among(const json_t *document, const char *metric);
bool lb_plain_few(const json_t *document, const char *metric);

/* Appends "400 people" or "the 591 people who wrote enough to be attacked". */
int lb_plain_whom(const json_t *document, const char *metric, lb_buffer *into, lb_error *error);

/* Appends "29.1 % (25.5 to 32.9 %) of 400 people", or of few "3 of 7 people". */
int lb_plain_share(const json_t *document, const char *metric, const lb_figure *share,
                   lb_buffer *into, lb_error *error);

/* Appends "country, age and gender": a list of names, the first of them where there are many. */
int lb_plain_names(const json_t *names, const char *none, lb_buffer *into, lb_error *error);

/* Appends what one check of the gate found, against its limit: "The rarest combination of country
 * and age fits only 2 people; at least 11 are required". */
int lb_plain_check(const json_t *document, const json_t *check, lb_buffer *into, lb_error *error);

/* Does the table have a sentence for that metric? */
bool lb_plain_has(const char *metric);

void lb_sentence_begin(lb_buffer *text, size_t at); /* a capital letter there */

#endif
