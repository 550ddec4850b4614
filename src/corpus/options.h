/* How a corpus is to be read: what the user says, and the fields that rows carry. */
#ifndef LB_CORPUS_OPTIONS_H
#define LB_CORPUS_OPTIONS_H

#include "base/progress.h"
#include "corpus/mapping/mapping.h"
#include "corpus/tolerance.h"

typedef enum lb_attribute_use {
    LB_ATTRIBUTE_QUASI_IDENTIFIER,
    LB_ATTRIBUTE_SENSITIVE,
    LB_ATTRIBUTE_WEIGHT,
    LB_ATTRIBUTE_CONSENT
} lb_attribute_use;

/* A field whose value each row carries: lb_message.values[i] belongs to attribute i. */
typedef struct lb_attribute {
    const char *name; /* as the user or the format named it: a path or a column */
    lb_attribute_use use;
} lb_attribute;

typedef struct lb_corpus_options {
    const char *const *inputs;
    size_t input_count;
    const struct lb_named_file *named; /* for other purposes: no inputs where a folder holds them */
    size_t named_count;
    const char *format;      /* NULL: detect */
    const char *const *maps; /* "KEY=PATH" as of --map */
    size_t map_count;
    const char *const *quasi_identifiers; /* NULL with count 0: as the format says */
    size_t quasi_identifier_count;
    bool quasi_identifiers_set; /* true: the list above is meant even if it is empty */
    const char *const *sensitive;
    size_t sensitive_count;
    bool sensitive_set;
    const char *weight;    /* field name, or NULL */
    const char *roles;     /* comma list; NULL: as the format says, "user" where there are roles */
    const char *skip;      /* quotes,code,urls or none; NULL: as the format says */
    lb_unit unit;          /* LB_UNIT_AUTO: user, or what is there (--unit) */
    bool without_ids;      /* leave the messages' id and reply_to empty: the caller reads neither */
    bool doubts_only_warn; /* a guess to be doubted ends nothing: the caller shows what is there */
    lb_tolerance tolerance; /* more that is malformed ends the run with LB_E_INPUT */
    const lb_progress *progress;
} lb_corpus_options;

#endif
