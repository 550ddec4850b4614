/* What is known of the inputs and of how reading went: facts that a report shows. */
#ifndef LB_CORPUS_READ_COUNTS_H
#define LB_CORPUS_READ_COUNTS_H

#include <stdint.h>

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
    uint64_t unread_bytes;  /* of `bytes`: those that no record could be made of */
    uint64_t unread_files;  /* that could hold somebody's words, see input/left_out.h */
    uint64_t messages;      /* messages with text, whatever their role */
    uint64_t own_messages;  /* those of them that are a person's own words */
    uint64_t without_user;  /* own messages that name no user, in a corpus whose unit is the user */
    uint64_t other_roles;   /* turns of assistants, systems, bots */
    uint64_t service_lines; /* joins, parts, system notices: lines that are no messages */
    uint64_t own_blank;     /* own messages with a text that says nothing */
    uint64_t own_without_text;   /* messages that should be own ones and say nothing, these too */
    uint64_t own_missing_text;   /* those of them of which no text was found: it may be elsewhere */
    uint64_t other_without_text; /* turns of other roles that say nothing: tool calls, say */
    uint64_t times;              /* messages with a time, understood or not */
    uint64_t without_time, impossible_time;
    uint64_t replaced_bytes; /* ill-formed UTF-8 sequences replaced by U+FFFD */
    uint64_t skipped_bytes;  /* text left out by --skip */
} lb_corpus_counts;

#endif
