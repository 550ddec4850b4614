/* The fast path of word segmentation: in ASCII text the rules of UAX #29 come down to runs of
 * letters, digits and "_", joined across one ":", "." or "'" between letters and one ".", "'", ","
 * or ";" between digits. That is bit arithmetic on 64 bytes at a time.
 */
#ifndef LB_TEXT_ASCII_H
#define LB_TEXT_ASCII_H

#include "base/str.h"

/* Which of 64 bytes are what; bit i is byte i. The other ASCII bytes stand alone. */
typedef struct lb_ascii_block {
    uint64_t letters, digits, underscores;
    uint64_t mid_letters; /* : . ' */
    uint64_t mid_digits;  /* . ' , ; */
    uint64_t others;      /* bytes that are not ASCII */
} lb_ascii_block;

lb_ascii_block lb_ascii_classify(const char bytes[64]);
/* The same, byte by byte: what runs where there is no SSE2, and what the tests compare with. */
lb_ascii_block lb_ascii_classify_scalar(const char bytes[64]);

/* The joined runs of a block, given whether the byte before it was a letter or a digit: bits of
 * words and of what joins them. Bit 63 cannot know its right neighbour, so it is never a join. */
static inline uint64_t lb_ascii_runs(const lb_ascii_block *block, uint64_t letter_before,
                                     uint64_t digit_before) {
    uint64_t between_letters =
        (block->letters << 1 | letter_before) & block->mid_letters & block->letters >> 1;
    uint64_t between_digits =
        (block->digits << 1 | digit_before) & block->mid_digits & block->digits >> 1;
    return block->letters | block->digits | block->underscores | between_letters | between_digits;
}

#endif
