/* A source: one input once it is known what it is. Opening looks at the head of the input: its
 * compression, its container, its fields, its format; nothing is kept of it but these facts (and,
 * of standard input, the head itself). */
#ifndef LB_CORPUS_READ_SOURCE_H
#define LB_CORPUS_READ_SOURCE_H

#include "base/buffer.h"
#include "corpus/input/input.h"
#include "corpus/mapping/format.h"
#include "corpus/mapping/plan.h"
#include "corpus/read/counts.h"
#include "corpus/value/csv.h"
#include "corpus/value/cutter.h"

enum { LB_HEAD_SIZE = 128 * 1024, LB_HEAD_RECORDS = 1000 };

typedef struct lb_log_templates lb_log_templates;

/* Head of an input: decompressed, without a byte order mark. */
typedef struct lb_head {
    const char *data;
    size_t size;
    bool whole; /* the input ends here */
    size_t bom; /* bytes of the mark that was skipped */
} lb_head;

typedef struct lb_source_state {
    lb_source facts;
    const lb_place *place;
    lb_container container;
    char delimiter;   /* of CSV and TSV */
    lb_quotes quotes; /* of CSV and TSV */
    lb_cut cut;       /* where its records end */
    const lb_format *format;
    lb_mapping mapping;
    lb_catalogue *catalogue;
    lb_plan plan;
    lb_file_facts file;
    const struct lb_join *join; /* what another file says of the users, or NULL */
    const lb_str *header;       /* CSV: the columns' names, made unique */
    uint32_t *columns;          /* CSV: the plan's node of each column */
    size_t column_count;
    lb_input *input;   /* standard input stays open between opening and reading */
    lb_buffer head;    /* what was read of it; of XML until the record is chosen */
    lb_head seen_head; /* the head again; of XML until the record is chosen, else while opening */
    struct lb_other_table *others; /* of a database: tables that are not read */
    size_t other_count;
    lb_log_templates *log;
    bool unsuitable;    /* opening failed because it is no text of a known kind */
    const char *unread; /* found beside others and unsuitable: why */
    bool wordless;      /* and nobody's words are in it */
    bool month_first;   /* of dates that can be read both ways */
    bool plain;         /* no data-set format is looked for */
} lb_source_state;

void lb_source_close(lb_source_state *source);

/* CSV columns may be given by number, the first 1: then the column's name, else `path`. NULL: out of
 * memory. */
const char *lb_source_column(const lb_source_state *source, const char *path, lb_arena *arena);

/* The field at the head of the source that the name means, as a path, a column or relative to the
 * record; NULL: there is none, or the head does not say (file(NAME), a joined file). */
const lb_field *lb_source_field(const lb_source_state *source, const char *name, lb_arena *arena);

/* Binds the plan to what the container has: the columns of CSV. */
int lb_source_bind(lb_source_state *source, lb_arena *arena, lb_error *error);

#endif
