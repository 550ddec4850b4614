#include "text/segment.h"

#include "base/utf8.h"
#include "text/unicode.h"

#define SET(name) (UINT32_C(1) << LB_BREAK_##name)

enum { LETTERS, HEBREW, DIGITS, BRIDGE_KINDS };

static const uint32_t newlines = SET(CR) | SET(LF) | SET(NEWLINE);
static const uint32_t ignored = SET(EXTEND) | SET(FORMAT) | SET(ZWJ); /* by WB4 */
static const uint32_t middles =
    SET(SINGLE_QUOTE) | SET(DOUBLE_QUOTE) | SET(MID_NUM_LET) | SET(MID_LETTER) | SET(MID_NUM);

/* What joins a segment that ends in the class of the row (WB5, WB7a, WB8 to WB10, WB13 to WB15). */
static const uint32_t joined[LB_BREAKS] = {
    [LB_BREAK_ALETTER] = SET(ALETTER) | SET(HEBREW_LETTER) | SET(NUMERIC) | SET(EXTEND_NUM_LET),
    [LB_BREAK_HEBREW_LETTER] =
        SET(ALETTER) | SET(HEBREW_LETTER) | SET(NUMERIC) | SET(EXTEND_NUM_LET) | SET(SINGLE_QUOTE),
    [LB_BREAK_NUMERIC] = SET(ALETTER) | SET(HEBREW_LETTER) | SET(NUMERIC) | SET(EXTEND_NUM_LET),
    [LB_BREAK_KATAKANA] = SET(KATAKANA) | SET(EXTEND_NUM_LET),
    [LB_BREAK_EXTEND_NUM_LET] =
        SET(ALETTER) | SET(HEBREW_LETTER) | SET(NUMERIC) | SET(KATAKANA) | SET(EXTEND_NUM_LET),
    [LB_BREAK_REGIONAL_INDICATOR] = SET(REGIONAL_INDICATOR),
};

/* Punctuation that joins only between two neighbours of a kind (WB6, WB7, WB7b, WB7c, WB11,
 * WB12). */
static const struct {
    uint32_t left, middle, right;
} bridges[BRIDGE_KINDS] = {
    [LETTERS] = {SET(ALETTER) | SET(HEBREW_LETTER),
                 SET(MID_LETTER) | SET(MID_NUM_LET) | SET(SINGLE_QUOTE),
                 SET(ALETTER) | SET(HEBREW_LETTER)},
    [HEBREW] = {SET(HEBREW_LETTER), SET(DOUBLE_QUOTE), SET(HEBREW_LETTER)},
    [DIGITS] = {SET(NUMERIC), SET(MID_NUM) | SET(MID_NUM_LET) | SET(SINGLE_QUOTE), SET(NUMERIC)},
};

typedef struct cursor {
    lb_str text;
    size_t at;           /* of the code point that is looked at */
    unsigned length;     /* its bytes */
    uint32_t code_point; /* itself */
    uint8_t properties;  /* its entry in the table */
} cursor;

static bool look(cursor *here, size_t at) {
    here->at = at;
    if (at == here->text.size)
        return false;
    here->code_point = lb_utf8_decode(here->text.data + at, &here->length);
    here->properties = lb_unicode_properties(here->code_point);
    return true;
}

static bool advance(cursor *here) {
    return look(here, here->at + here->length);
}

static lb_break class_of(const cursor *here) {
    return here->properties & LB_UNICODE_BREAK;
}

static bool within(lb_break value, uint32_t set) {
    return set >> value & 1;
}

/* With `last` to the left and a possible middle at `here`: whether a bridge joins them to what
 * comes after, past marks that WB4 ignores. Then *far is that far end. */
static bool bridged(lb_break last, const cursor *here, cursor *far) {
    for (int kind = 0; kind < BRIDGE_KINDS; kind++) {
        if (!within(last, bridges[kind].left) || !within(class_of(here), bridges[kind].middle))
            continue;
        *far = *here;
        while (advance(far))
            if (!within(class_of(far), ignored))
                return within(class_of(far), bridges[kind].right);
        return false;
    }
    return false;
}

/* Where the segment ends that begins with the newline at `here`: only CR LF stays together (WB3).
 */
static size_t newline_end(cursor *here) {
    bool carriage_return = class_of(here) == LB_BREAK_CR;
    if (advance(here) && carriage_return && class_of(here) == LB_BREAK_LF)
        return here->at + here->length;
    return here->at;
}

lb_segment lb_segment_at(lb_str text, size_t start) {
    cursor here = {.text = text}, far;
    look(&here, start);
    lb_segment segment = {.properties = here.properties, .ascii = here.code_point < 0x80};
    lb_break last = class_of(&here); /* ignoring what WB4 ignores */
    lb_break previous = last;        /* ignoring nothing */
    if (within(last, newlines)) {
        segment.end = newline_end(&here);
        return segment;
    }
    while (advance(&here)) {
        lb_break next = class_of(&here);
        if (within(next, ignored)) { /* WB4 */
            previous = next;
        } else if ((previous == LB_BREAK_ZWJ && here.properties & LB_UNICODE_PICTOGRAPH) || /* 3c */
                   (previous == LB_BREAK_WSEG_SPACE && next == LB_BREAK_WSEG_SPACE)) {      /* 3d */
            last = previous = next;
        } else if (within(next, middles) && bridged(last, &here, &far)) {
            segment.ascii = segment.ascii && far.at == here.at + 1;
            here = far;
            last = previous = class_of(&far);
        } else if (within(next, joined[last])) {
            previous = next;
            last = last == LB_BREAK_REGIONAL_INDICATOR ? LB_BREAK_OTHER : next; /* WB15: pairs */
        } else
            break;
        segment.properties |= here.properties;
        segment.ascii = segment.ascii && here.code_point < 0x80;
    }
    segment.end = here.at;
    return segment;
}
