/* A mapping: which field of a data set holds what, as paths. It comes from a format file, from
 * guesses by name, and from --map, and is compiled into a plan for each input. */
#ifndef LB_CORPUS_MAPPING_MAPPING_H
#define LB_CORPUS_MAPPING_MAPPING_H

#include <stdbool.h>

#include "base/str.h"

/* Whom an audit protects. */
typedef enum lb_unit { LB_UNIT_AUTO, LB_UNIT_USER, LB_UNIT_CONVERSATION, LB_UNIT_RECORD } lb_unit;

typedef enum lb_slot {
    LB_SLOT_USER,
    LB_SLOT_CONVERSATION,
    LB_SLOT_MESSAGE,
    LB_SLOT_REPLY_TO,
    LB_SLOT_ROLE,
    LB_SLOT_TIME,
    LB_SLOT_TEXT,
    LB_SLOT_SERVICE, /* a value that says: this is no message */
    LB_SLOT_BOT,     /* a value that says: no person wrote this */
    LB_SLOT_CHANNEL, /* the room in which conversations happen, see lb_mapping */
    LB_SLOTS,        /* from here on: attributes */
    LB_KEY_RECORD = LB_SLOTS,
    LB_KEY_CONSENT,
    LB_KEYS
} lb_slot;

typedef enum lb_origin {
    LB_ORIGIN_NONE,
    LB_ORIGIN_GUESSED,
    LB_ORIGIN_FORMAT,
    LB_ORIGIN_GIVEN
} lb_origin;

enum { LB_PATHS_MAX = 8, LB_FILE_FIELDS_MAX = 8, LB_MARKS_MAX = 4 };

/* How the warning begins that says which fields were guessed. */
extern const char lb_fields_guessed[];

const char *lb_origin_name(lb_origin origin); /* "guessed", "format", "given"; of NONE "" */

typedef struct lb_mapping_key {
    const char *paths[LB_PATHS_MAX]; /* the first that has a value counts */
    size_t count;
    lb_origin origin;
    bool by_values; /* a guess that no name bears out */
} lb_mapping_key;

typedef struct lb_mark { /* what begins a turn within one text, and whose turn it is */
    lb_str mark, role;
} lb_mark;

typedef enum lb_markup { LB_MARKUP_NONE, LB_MARKUP_ENTITIES, LB_MARKUP_HTML } lb_markup;

/* Where a channel is mapped, a conversation's key is CHANNEL/CONVERSATION, or CHANNEL/DAY for a
 * message that is part of none. */
typedef struct lb_mapping {
    lb_mapping_key keys[LB_KEYS];
    const char *service_values; /* comma lists; NULL: any value but false, null, 0 and "" */
    const char *bot_values;
    const char *text_join; /* between the parts of one text */
    const char *children;  /* path from a record to the records below it, of the same kind; NULL */
    const char *pieces;    /* between a conversation's key and the number of a piece of it; NULL */
    const char *alternate; /* comma list: roles, in turn, of turns that name none; NULL */
    lb_mark marks[LB_MARKS_MAX]; /* that cut a text into turns */
    size_t mark_count;
    lb_markup markup;                            /* of texts */
    const char *file_fields[LB_FILE_FIELDS_MAX]; /* names for `file(NAME)` */
    size_t file_field_count;
    const char *const *structural; /* fields that hold nobody's words, see value/structure.h */
    size_t structural_count;
} lb_mapping;

/* "user", "conversation", "message", "reply_to", "role", "time", "text", "service", "bot",
 * "channel", "record", "consent". */
extern const char *const lb_key_names[LB_KEYS];

/* Is it one that --map may set? */
static inline bool lb_key_is_public(size_t key) {
    return key < LB_SLOT_SERVICE || key >= LB_SLOTS;
}

#endif
