/* What the text layer asks of a code point, looked up in two-stage tables that unicode_tables.py
 * makes at build time from the Unicode Character Database. */
#ifndef LB_TEXT_UNICODE_H
#define LB_TEXT_UNICODE_H

#include <stdint.h>

/* Word_Break (UAX #29, table 3); unicode_tables.py lists the classes in the same order. */
typedef enum lb_break {
    LB_BREAK_OTHER,
    LB_BREAK_CR,
    LB_BREAK_LF,
    LB_BREAK_NEWLINE,
    LB_BREAK_EXTEND,
    LB_BREAK_FORMAT,
    LB_BREAK_ZWJ,
    LB_BREAK_WSEG_SPACE,
    LB_BREAK_REGIONAL_INDICATOR,
    LB_BREAK_KATAKANA,
    LB_BREAK_HEBREW_LETTER,
    LB_BREAK_ALETTER,
    LB_BREAK_NUMERIC,
    LB_BREAK_EXTEND_NUM_LET,
    LB_BREAK_SINGLE_QUOTE,
    LB_BREAK_DOUBLE_QUOTE,
    LB_BREAK_MID_NUM_LET,
    LB_BREAK_MID_LETTER,
    LB_BREAK_MID_NUM,
    LB_BREAKS
} lb_break;

enum {
    LB_UNICODE_BREAK = 31,      /* mask: the lb_break */
    LB_UNICODE_WORD = 32,       /* a letter or a digit: a segment that has one is a token */
    LB_UNICODE_DICTIONARY = 64, /* of a script that is written without spaces */
    LB_UNICODE_PICTOGRAPH = 128 /* Extended_Pictographic */
};

enum { LB_UNICODE_PAGE = 128 };
extern const uint16_t lb_unicode_property_index[], lb_unicode_script_index[];
extern const uint8_t lb_unicode_property_pages[][LB_UNICODE_PAGE];
extern const uint8_t lb_unicode_script_pages[][LB_UNICODE_PAGE];

static inline uint8_t lb_unicode_properties(uint32_t code_point) {
    return lb_unicode_property_pages[lb_unicode_property_index[code_point / LB_UNICODE_PAGE]]
                                    [code_point % LB_UNICODE_PAGE];
}

/* The script (UAX #24) by number, stable for one version of Unicode; 0: common, inherited or none.
 */
enum { LB_UNICODE_SCRIPTS = 256 };
static inline uint8_t lb_unicode_script(uint32_t code_point) {
    return lb_unicode_script_pages[lb_unicode_script_index[code_point / LB_UNICODE_PAGE]]
                                  [code_point % LB_UNICODE_PAGE];
}

#endif
