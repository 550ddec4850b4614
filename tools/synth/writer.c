#include "synth/writer.h"

#include <errno.h>

enum { FLUSH_BYTES = 1 << 20 };

static const char *const names[SYNTH_COLUMNS] = {
    "user",    "conversation", "message", "reply_to", "role",   "timestamp", "text",
    "country", "age",          "gender",  "language", "device", "condition"};

static int flush(synth_writer *writer, lb_error *error) {
    errno = 0;
    size_t written = fwrite(writer->buffer.data, 1, writer->buffer.size, writer->stream);
    if (written != writer->buffer.size || fflush(writer->stream) != 0)
        return lb_fail_errno(error, LB_E_RESOURCE, "standard output", "writing the corpus", errno);
    writer->buffer.size = 0;
    return 0;
}

/* The buffer has room: synth_writer_add sees to it. */
static void put(synth_writer *writer, const char *bytes, size_t size) {
    memcpy(writer->buffer.data + writer->buffer.size, bytes, size);
    writer->buffer.size += size;
}

static void put_text(synth_writer *writer, const char *text) {
    put(writer, text, strlen(text));
}

/* How a format writes text: `place[byte]` is 0 for a byte that stands for itself, otherwise 1 + its
 * place in `replaced`. Only text needs it; the other values are plain words and numbers. */
typedef struct synth_escapes {
    unsigned char place[256];
    const char *replaced[4];
} synth_escapes;

static void put_escaped(synth_writer *writer, lb_str value, const synth_escapes *escapes) {
    for (size_t from = 0, at = 0; from < value.size; from = at) {
        unsigned place = 0;
        while (at < value.size && !(place = escapes->place[(unsigned char)value.data[at]]))
            at++;
        put(writer, value.data + from, at - from);
        if (place) {
            put_text(writer, escapes->replaced[place - 1]);
            at++;
        }
    }
}

static void add_jsonl(synth_writer *writer, const lb_str *values) {
    static const synth_escapes escapes = {{['"'] = 1, ['\\'] = 2, ['\n'] = 3},
                                          {"\\\"", "\\\\", "\\n"}};
    for (unsigned i = 0; i < SYNTH_COLUMNS; i++) {
        put_text(writer, i ? ",\"" : "{\"");
        put_text(writer, names[i]);
        if (!values[i].data) {
            put_text(writer, "\":null");
            continue;
        }
        put_text(writer, "\":\"");
        put_escaped(writer, values[i], &escapes);
        put_text(writer, "\"");
    }
    put_text(writer, "}\n");
}

static void add_csv(synth_writer *writer, const lb_str *values) {
    static const synth_escapes escapes = {{['"'] = 1}, {"\"\""}};
    for (unsigned i = 0; i < SYNTH_COLUMNS; i++) {
        if (i)
            put_text(writer, ",");
        if (i == SYNTH_TEXT) {
            put_text(writer, "\"");
            put_escaped(writer, values[i], &escapes);
            put_text(writer, "\"");
        } else if (values[i].data) {
            put(writer, values[i].data, values[i].size);
        }
    }
    put_text(writer, "\r\n");
}

static void add_xml(synth_writer *writer, const lb_str *values) {
    static const synth_escapes escapes = {{['&'] = 1, ['<'] = 2, ['>'] = 3},
                                          {"&amp;", "&lt;", "&gt;"}};
    put_text(writer, "<message");
    for (unsigned i = 0; i < SYNTH_COLUMNS; i++) {
        if (i == SYNTH_TEXT || !values[i].data)
            continue;
        put_text(writer, " ");
        put_text(writer, names[i]);
        put_text(writer, "=\"");
        put(writer, values[i].data, values[i].size);
        put_text(writer, "\"");
    }
    put_text(writer, "><text>");
    put_escaped(writer, values[SYNTH_TEXT], &escapes);
    put_text(writer, "</text></message>\n");
}

int synth_writer_open(synth_writer *writer, FILE *stream, synth_format format, lb_error *error) {
    *writer = (synth_writer){.stream = stream, .format = format};
    int status = lb_buffer_reserve(&writer->buffer, FLUSH_BYTES, error);
    if (status < 0)
        return status;
    if (format == SYNTH_XML)
        put_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<messages>\n");
    if (format == SYNTH_CSV) {
        for (unsigned i = 0; i < SYNTH_COLUMNS; i++) {
            put_text(writer, i ? "," : "");
            put_text(writer, names[i]);
        }
        put_text(writer, "\r\n");
    }
    return 0;
}

int synth_writer_add(synth_writer *writer, const lb_str values[SYNTH_COLUMNS], lb_error *error) {
    enum { AROUND = 512, LONGEST_ESCAPE = 6 };
    size_t bytes = AROUND;
    for (unsigned i = 0; i < SYNTH_COLUMNS; i++)
        bytes += LONGEST_ESCAPE * values[i].size;
    if (writer->buffer.size + bytes > FLUSH_BYTES) {
        int status = flush(writer, error);
        if (status < 0)
            return status;
    }
    int status = lb_buffer_reserve(&writer->buffer, bytes, error);
    if (status < 0)
        return status;
    switch (writer->format) {
    case SYNTH_JSONL:
        add_jsonl(writer, values);
        break;
    case SYNTH_CSV:
        add_csv(writer, values);
        break;
    case SYNTH_XML:
        add_xml(writer, values);
        break;
    }
    return 0;
}

int synth_writer_finish(synth_writer *writer, lb_error *error) {
    static const char end[] = "</messages>\n";
    int status = lb_buffer_reserve(&writer->buffer, sizeof end, error);
    if (status < 0)
        return status;
    if (writer->format == SYNTH_XML)
        put_text(writer, end);
    return flush(writer, error);
}

void synth_writer_free(synth_writer *writer) {
    lb_buffer_free(&writer->buffer);
}
