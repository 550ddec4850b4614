/* Writes messages as JSON lines, CSV (RFC 4180) or XML. Bytes are gathered in a buffer and handed
 * on in large pieces, so that memory stays the same for any size of corpus. */
#ifndef SYNTH_WRITER_H
#define SYNTH_WRITER_H

#include <stdio.h>

#include "base/buffer.h"

typedef enum synth_format { SYNTH_JSONL, SYNTH_CSV, SYNTH_XML } synth_format;

/* The columns of a record, in the order in which all formats write them. */
typedef enum synth_column {
    SYNTH_USER,
    SYNTH_CONVERSATION,
    SYNTH_MESSAGE,
    SYNTH_REPLY_TO,
    SYNTH_ROLE,
    SYNTH_TIMESTAMP,
    SYNTH_TEXT,
    SYNTH_COUNTRY,
    SYNTH_AGE,
    SYNTH_GENDER,
    SYNTH_LANGUAGE,
    SYNTH_DEVICE,
    SYNTH_CONDITION,
    SYNTH_COLUMNS
} synth_column;

typedef struct synth_writer {
    FILE *stream;
    synth_format format;
    lb_buffer buffer;
} synth_writer;

int synth_writer_open(synth_writer *writer, FILE *stream, synth_format format, lb_error *error);

/* A value with data NULL is missing: null, empty, or left out. */
int synth_writer_add(synth_writer *writer, const lb_str values[SYNTH_COLUMNS], lb_error *error);

int synth_writer_finish(synth_writer *writer, lb_error *error); /* writes what is left */
void synth_writer_free(synth_writer *writer);                   /* the stream stays open */

#endif
