/* The table of options: what each is called, which commands take it, what its value is and where in
 * lb_options it goes. The parser and the help draw from it, and the test that holds
 * docs/configuration.md to the program. */
#ifndef LB_CLI_OPTION_TABLE_H
#define LB_CLI_OPTION_TABLE_H

#include "linkback/linkback.h"

enum {
    LB_OPTIONS_MANY = 64, /* the most times a list can be repeated */
    LB_OPTIONS_KNOWN = 64 /* the most rows of the table */
};

typedef enum lb_progress_when {
    LB_PROGRESS_AUTO,
    LB_PROGRESS_ALWAYS,
    LB_PROGRESS_NEVER
} lb_progress_when;

typedef struct lb_options {
    lb_audit_options audit;
    const char *maps[LB_OPTIONS_MANY], *aux_maps[LB_OPTIONS_MANY];
    const char *policies[LB_OPTIONS_MANY];
    const char *hierarchies[LB_OPTIONS_MANY];
    const char *reports[LB_OPTIONS_MANY]; /* FORMAT or FORMAT=FILE */
    size_t report_count;
    const char *output;         /* NULL: not said */
    const char *write_baseline; /* NULL: none is kept */
    lb_progress_when progress;
    const char *program; /* as it was called */
    int verbosity;       /* -1 quiet, 0, 1 verbose */
    bool json, markdown, exit_code, help;

    const char **inputs;                 /* what audit.inputs points to */
    const char *given[LB_OPTIONS_KNOWN]; /* the value that each row was given; NULL: not given */
    char *joined[LB_OPTIONS_KNOWN];      /* lists that were given in pieces */
} lb_options;

/* Which of the options a command takes. */
typedef enum lb_option_set {
    LB_OPTIONS_READ = 1,
    LB_OPTIONS_MEASURE = 2,
    LB_OPTIONS_REPORT = 4,
    LB_OPTIONS_LINK = 8,
    LB_OPTIONS_LIST = 16,
    LB_OPTIONS_DIFF = 32,
    LB_OPTIONS_HELP = 64 /* every command */
} lb_option_set;

/* What an option's value is, and so what is written where the option says. */
typedef enum lb_value_kind {
    LB_VALUE_TEXT,     /* a text that is not empty */
    LB_VALUE_WORDS,    /* a list with commas; what is given again is added */
    LB_VALUE_LIST,     /* one more text of a list */
    LB_VALUE_NUMBER,   /* an unsigned, from 1 */
    LB_VALUE_COUNT,    /* a uint64_t */
    LB_VALUE_SIZE,     /* a uint64_t, of bytes */
    LB_VALUE_FRACTION, /* a double, in (0, 1] */
    LB_VALUE_PROGRESS, /* an lb_progress_when */
    LB_VALUE_SWITCH,   /* a bool; no value */
    LB_VALUE_QUIET,    /* an int, -1; no value */
    LB_VALUE_VERBOSE   /* an int, 1; no value */
} lb_value_kind;

typedef struct lb_option {
    const char *name, *argument; /* name NULL: a heading; argument NULL: the option takes none */
    char letter;                 /* 0: the option has no short form */
    unsigned set;
    lb_value_kind kind;
    size_t at;            /* where in lb_options the value goes */
    size_t also;          /* where a list counts, or a bool says that it was given; 0: nowhere */
    uint64_t least, most; /* of a COUNT, of a NUMBER */
    const char *help;     /* of a heading, its words */
} lb_option;

extern const lb_option lb_option_table[];
extern const size_t lb_option_count;

#endif
