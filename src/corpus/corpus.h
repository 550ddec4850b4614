/* A corpus: several inputs read as one stream of messages.
 *
 * Model. lb_corpus_open expands the inputs (files, folders, globs, "-"; members of zip archives
 * count as inputs of their own), sniffs the head of each, decides container and format, and
 * compiles the mapping. Then any number of worker threads run, each with a block and a batch of
 * its own:
 *
 *     while (lb_corpus_next(corpus, block, &error) == 1 &&
 *            lb_corpus_parse(corpus, block, batch, &error) == LB_OK)
 *         ... use the messages of the batch ...
 *
 * lb_corpus_next takes one thread at a time: it reads, decompresses and cuts at the ends of
 * records. lb_corpus_parse is where the work is (JSON, CSV), and runs in parallel. Containers that
 * cannot be cut without parsing (XML, chat logs with a running date) are parsed by lb_corpus_next,
 * and lb_corpus_parse only hands over. Which records a block holds does not depend on the threads.
 *
 * Memory is bounded by the block size (about 1 MB; one huge record makes one huge block) per
 * worker. Nothing is dropped silently: what was rejected, replaced or left out is counted in
 * lb_corpus_counts.
 */
#ifndef LB_CORPUS_CORPUS_H
#define LB_CORPUS_CORPUS_H

#include "base/progress.h"
#include "corpus/read/message.h"

typedef enum lb_unit { LB_UNIT_AUTO, LB_UNIT_USER, LB_UNIT_CONVERSATION, LB_UNIT_RECORD } lb_unit;

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
    const char *format;      /* NULL: detect */
    const char *const *maps; /* "KEY=PATH" as of --map */
    size_t map_count;
    const char *const *quasi_identifiers; /* NULL with count 0: as the format says */
    size_t quasi_identifier_count;
    bool quasi_identifiers_set; /* true: the list above is meant even if it is empty */
    const char *const *sensitive;
    size_t sensitive_count;
    bool sensitive_set;
    const char *weight;  /* field name, or NULL */
    const char *roles;   /* comma list; NULL: as the format says, "user" where there are roles */
    const char *skip;    /* quotes,code,urls or none; NULL: as the format says */
    lb_unit unit;        /* LB_UNIT_AUTO: user, or what is there (--unit) */
    bool without_ids;    /* leave the messages' id and reply_to empty: the caller reads neither */
    uint64_t max_errors; /* more malformed records than this end the run with LB_E_INPUT */
    const lb_progress *progress;
} lb_corpus_options;

typedef struct lb_source {   /* one input, as the report lists it */
    const char *path;        /* as given, or found in the folder; "a.zip!chat.txt" for members */
    const char *container;   /* "jsonl", "json", "csv", "tsv", "xml", "log", "sqlite", "parquet" */
    const char *compression; /* "none", "gzip", "zstd", "xz", "bzip2", "zip" */
    const char *format;      /* "wildchat", ..., "jsonl" */
    const char *why;         /* how the format was recognised, one phrase */
    uint64_t bytes;          /* of the input as stored */
    char sha256[65]; /* of the input as stored, lower-case hex; complete once read to its end */
    uint64_t records, rejected;
} lb_source;

typedef struct lb_rejection { /* one malformed record; kept up to a limit, counted beyond */
    uint32_t source;
    uint64_t line, byte;
    const char *what;
} lb_rejection;

typedef struct lb_corpus_counts { /* what happened while reading; whole once the stream has ended */
    uint64_t bytes;               /* decompressed */
    uint64_t records, rejected;
    uint64_t messages;      /* messages with text, whatever their role */
    uint64_t own_messages;  /* those of them that are a person's own words */
    uint64_t without_user;  /* own messages that name no user, in a corpus whose unit is the user */
    uint64_t other_roles;   /* turns of assistants, systems, bots */
    uint64_t service_lines; /* joins, parts, system notices: lines that are no messages */
    uint64_t without_time, impossible_time;
    uint64_t replaced_bytes; /* ill-formed UTF-8 sequences replaced by U+FFFD */
    uint64_t skipped_bytes;  /* text left out by --skip */
} lb_corpus_counts;

typedef struct lb_corpus lb_corpus;
typedef struct lb_block lb_block;

int lb_corpus_open(lb_corpus **out, const lb_corpus_options *options, lb_error *error);
void lb_corpus_free(lb_corpus *corpus);

lb_unit lb_corpus_unit(const lb_corpus *corpus);  /* decided at opening, never AUTO */
bool lb_corpus_has_text(const lb_corpus *corpus); /* does the mapping name a text? */
const lb_attribute *lb_corpus_attributes(const lb_corpus *corpus, size_t *count);

lb_block *lb_block_new(void); /* NULL: out of memory */
void lb_block_free(lb_block *block);
int lb_corpus_next(lb_corpus *corpus, lb_block *block,
                   lb_error *error); /* 1 a block, 0 the end, or an error */
int lb_corpus_parse(lb_corpus *corpus, lb_block *block, lb_batch *batch, lb_error *error);

/* After the end of the stream; they belong to the corpus. Rejections are sorted by source and byte.
 */
const lb_corpus_counts *lb_corpus_counted(lb_corpus *corpus);
const lb_source *lb_corpus_sources(const lb_corpus *corpus, size_t *count);
const lb_rejection *lb_corpus_rejections(lb_corpus *corpus, size_t *count);
/* One sentence each about what a reader should know (fell back to conversations, guessed fields,
 * ...). */
const char *const *lb_corpus_warnings(const lb_corpus *corpus, size_t *count);

#endif
