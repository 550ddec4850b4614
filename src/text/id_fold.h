/* Ids as people copy them: what a spreadsheet, a chat or an editor does to an id on its way into a
 * list. Two ids whose folded forms are equal name the same person, as far as a list can tell; two
 * people of a corpus may fold to one form (Anna and anna).
 *
 * Folding takes away what stands around an id: blanks, marks of byte order and direction, quotes of
 * any kind, brackets, a comma or semicolon behind it, a bullet before it, the signs of a mention
 * (@name, <@U123>, <@U123|name>, u/name), and the name before an address (Anna <anna@example.org>).
 * What is left is compared without case and in one Unicode form (fold.h), blanks within it as one;
 * a decimal number without the zeros that change nothing (007, 7, 7.0 and +7 are one), a telephone
 * number that begins with + by its digits, a UUID without its hyphens. Text that is not UTF-8 is
 * taken for Latin-1. */
#ifndef LB_TEXT_ID_FOLD_H
#define LB_TEXT_ID_FOLD_H

#include "base/buffer.h"

/* Replaces what is in `into`. An id of nothing but signs stays as it is. */
int lb_id_fold(lb_str id, lb_buffer *into, lb_error *error);

/* What folding had to look over so that two ids are equal. */
typedef enum lb_id_difference {
    LB_ID_SIGNS = 1, /* around the id */
    LB_ID_CASE = 2,
    LB_ID_FORM = 4,   /* of Unicode, as NFC and NFD */
    LB_ID_NUMBER = 8, /* how a number is written */
    LB_ID_ENCODING = 16
} lb_id_difference;

/* Of two ids with one folded form; a set of lb_id_difference. */
int lb_id_differences(lb_str a, lb_str b, unsigned *differences, lb_error *error);

/* Appends what an id looks like without saying which it is: "Aaa##-####" of "Ann42-2024". Letters
 * are A, a or x (of a script without case), digits #, long ids are cut off. */
int lb_id_shape(lb_str id, lb_buffer *into, lb_error *error);

#endif
