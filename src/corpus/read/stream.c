#include "corpus/read/stream.h"

#include <stdio.h>

#include "base/utf8.h"

enum { LARGEST_RECORD = 1 << 30 };

int lb_stream_open(lb_stream *stream, lb_source_state *source, lb_input **reuse, lb_error *error) {
    *stream = (lb_stream){.source = source, .line = 1, .first = true};
    stream->slicer = lb_slicer_begin(source->cut, source->delimiter);
    int status = LB_OK;
    if (source->input) {
        stream->input = source->input;
        source->input = NULL;
    } else {
        status = lb_input_open(&stream->input, source->place, *reuse, error);
        *reuse = NULL;
    }
    const lb_container_kind *kind = lb_container_kind_of(source);
    if (status == LB_OK && kind->open)
        status = kind->open(&stream->reader, source, error);
    return status;
}

lb_input *lb_stream_close(lb_stream *stream) {
    lb_input *input = stream->input;
    lb_buffer_free(&stream->carry);
    if (stream->reader)
        stream->reader->free(stream->reader);
    *stream = (lb_stream){0};
    return input;
}

/* What was read of standard input when it was opened comes first. */
static int read_bytes(lb_stream *stream, char *into, size_t size, size_t *got, lb_error *error) {
    const lb_buffer *head = &stream->source->head;
    if (stream->head_used < head->size) {
        size_t left = head->size - stream->head_used;
        *got = left < size ? left : size;
        memcpy(into, head->data + stream->head_used, *got);
        stream->head_used += *got;
        return LB_OK;
    }
    return lb_input_read(stream->input, into, size, got, error);
}

static int read_chunk(lb_stream *stream, lb_buffer *data, size_t size, lb_error *error) {
    int status = lb_buffer_reserve(data, size + LB_JSON_PADDING, error);
    for (size_t end = data->size + size; status == LB_OK && data->size < end && !stream->ended;) {
        size_t got;
        status = read_bytes(stream, data->data + data->size, end - data->size, &got, error);
        data->size += got;
        stream->ended = status == LB_OK && got == 0;
    }
    if (status == LB_OK && !stream->begun) {
        stream->begun = true;
        size_t mark = lb_utf8_mark(lb_buffer_str(data));
        if (mark > 0) {
            memmove(data->data, data->data + mark, data->size - mark);
            data->size -= mark;
            stream->byte = mark;
        }
    }
    return status;
}

static int fail_large(const lb_stream *stream, lb_error *error) {
    char where[LB_ERROR_WHERE_MAX];
    snprintf(where, sizeof where, "%s:%llu (byte %llu)", stream->source->facts.path,
             (unsigned long long)stream->line, (unsigned long long)stream->byte);
    return lb_fail(error, LB_E_INPUT, where, "check that quotes and brackets are closed",
                   "a record is larger than 1 GB");
}

/* Fills the block with at least its size (or all that is left), and cuts it into pieces; behind
 * slicer.start is what is not whole yet. */
static int read_records(lb_stream *stream, lb_block *block, lb_error *error) {
    lb_buffer *data = &block->data;
    lb_slicer *slicer = &stream->slicer;
    data->size = 0;
    block->pieces.count = 0;
    int status = lb_buffer_append(data, stream->carry.data, stream->carry.size, error);
    stream->carry.size = 0;
    while (status == LB_OK && !stream->ended &&
           (data->size < LB_BLOCK_SIZE || slicer->start == 0)) {
        size_t size = data->size;
        size_t room = size < LB_BLOCK_SIZE ? LB_BLOCK_SIZE - size : size;
        if (size > LARGEST_RECORD)
            return fail_large(stream, error);
        status = read_chunk(stream, data, room, error);
        if (status == LB_OK)
            status = lb_slicer_next(slicer, data->data, data->size, stream->ended, &block->pieces,
                                    error);
    }
    if (stream->ended)
        slicer->start = slicer->seen = data->size;
    return status;
}

static int next_records(lb_stream *stream, lb_block *block, lb_error *error) {
    if (stream->ended)
        return 0;
    int status = read_records(stream, block, error);
    size_t end = stream->slicer.start;
    if (status < 0 || (end == 0 && block->pieces.count == 0))
        return status;
    block->line = stream->line;
    block->byte = stream->byte;
    status =
        lb_buffer_append(&stream->carry, block->data.data + end, block->data.size - end, error);
    if (status == LB_OK)
        status = lb_buffer_reserve(&block->data, LB_JSON_PADDING, error);
    block->data.size = end;
    lb_slicer_forget(&stream->slicer, end);
    stream->line += lb_str_count_lines((lb_str){block->data.data, end});
    stream->byte += end;
    return status < 0 ? status : 1;
}

/* Of what cannot be cut: bytes as they come, the last of them with stream->ended. */
static int next_chunk(lb_stream *stream, lb_block *block, lb_error *error) {
    if (stream->ended)
        return 0;
    block->data.size = 0;
    block->byte = stream->byte;
    int status = read_chunk(stream, &block->data, LB_BLOCK_SIZE, error);
    stream->byte += block->data.size;
    return status < 0 ? status : 1;
}

static void finish_source(lb_stream *stream) {
    lb_input_sha256(stream->input, stream->source->facts.sha256);
    stream->source->facts.bytes = lb_input_stored(stream->input);
}

int lb_stream_next(lb_stream *stream, lb_block *block, lb_emitter *emitter, lb_error *error) {
    block->source = stream->source;
    block->first = stream->first;
    block->parsed = false;
    lb_reader *reader = stream->reader;
    bool uncut = lb_container_kind_of(stream->source)->uncut;
    int status = uncut ? next_chunk(stream, block, error) : next_records(stream, block, error);
    stream->first = false;
    bool last = uncut ? stream->ended : status == 0;
    if (reader && (status == 1 || (status == 0 && reader->is_pending(reader)))) {
        block->parsed = true;
        block->data.size = status == 0 ? 0 : block->data.size;
        int read = reader->read(reader, block, emitter, last, error);
        status = read < 0 ? read : 1;
    }
    if (status == 0)
        finish_source(stream);
    return status;
}
