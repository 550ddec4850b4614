/* Random texts that are rich in what word segmentation and folding care about. */
#ifndef LB_TESTS_TEXT_RANDOM_TEXT_H
#define LB_TESTS_TEXT_RANDOM_TEXT_H

#include "base/buffer.h"
#include "base/random.h"

void append_code_point(lb_buffer *text, uint32_t code_point);

/* Mostly one of a few letters, marks, signs and emoji of every class, now and then any code point
 * below the surrogates. */
uint32_t random_code_point(lb_random *random);

#endif
