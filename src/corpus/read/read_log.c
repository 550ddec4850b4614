#include "corpus/read/read_log.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/utf8.h"
#include "corpus/read/log.h"
#include "corpus/read/log_date_order.h"
#include "corpus/read/read_csv.h"

typedef struct log_reader {
    lb_reader base;
    const lb_source_state *source;
    lb_arena *arena;
    lb_str channel;  /* of the file */
    bool dated;      /* `day` is a date; else a count of days from 0 */
    int64_t day;     /* days since 1970 */
    unsigned clock;  /* of the last line, seconds; UINT_MAX: none */
    lb_buffer clean; /* scratch: a text without its codes */
    /* Of continued formats: the message under way, until a line is none of it. */
    lb_buffer pending;    /* its lines, the newlines between them */
    size_t pending_first; /* bytes of its first line; 0: no message is under way */
    uint64_t pending_line, pending_byte;
    bool noticed; /* the last line with a prefix was a notice: what follows belongs to it */
} log_reader;

static const unsigned no_clock = UINT32_MAX;

/* The file's name without folders, endings and date. */
static lb_str name_channel(const char *path, const lb_place *place, lb_arena *arena) {
    const char *name = lb_file_base_name(path);
    char *text = lb_arena_copy(arena, name, strlen(name));
    if (!text)
        return (lb_str){0};
    size_t at, size;
    if (lb_log_date_in_path(text, &at, &size).year)
        memmove(text + at, text + at + size, strlen(text + at + size) + 1);
    static const char *const endings[] = {".gz", ".zst", ".xz", ".bz2", ".txt", ".log", ".irc"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(text), m = strlen(endings[i]);
        if (n >= m && strcmp(text + n - m, endings[i]) == 0)
            text[n - m] = '\0';
    }
    while (*text && strchr("-_. ", *text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && strchr("-_. ", text[n - 1]))
        text[--n] = '\0';
    if (n > 0 || place == NULL)
        return (lb_str){text, n};
    const char *slash = name > path ? name - 1 : path; /* the folder's name stands in */
    const char *folder = slash;
    while (folder > path && folder[-1] != '/')
        folder--;
    return (lb_str){folder, (size_t)(slash - folder)};
}

static void set_day(log_reader *reader, const lb_log_line *line, lb_log_kind kind) {
    enum { HALF_DAY = 12 * 3600 };
    if (line->date.year) {
        reader->dated = true;
        reader->day = lb_date_days(line->date);
        reader->clock = kind == LB_LOG_DAY ? no_clock : reader->clock;
    } else if (line->has_clock && reader->clock != no_clock &&
               line->clock + HALF_DAY < reader->clock)
        reader->day++;
    if (line->has_clock)
        reader->clock = line->clock;
}

static bool is_code(char c) {
    return c == 0x02 || c == 0x03 || c == 0x0F || c == 0x11 || c == 0x16 || c == 0x1D ||
           c == 0x1E || c == 0x1F;
}

static size_t skip_colour_number(lb_str text, size_t at) {
    for (int digits = 0; digits < 2 && at < text.size && lb_is_digit(text.data[at]); digits++)
        at++;
    return at;
}

/* Takes out mIRC's codes: bold 02, colour 03 with up to two numbers, reset 0F, ... */
static int clean_text(log_reader *reader, lb_str *text, lb_error *error) {
    size_t first = 0;
    while (first < text->size && !is_code(text->data[first]))
        first++;
    if (first == text->size)
        return LB_OK;
    reader->clean.size = 0;
    int status = lb_buffer_reserve(&reader->clean, text->size, error);
    if (status < 0)
        return status;
    for (size_t i = 0; i < text->size;) {
        char c = text->data[i++];
        if (!is_code(c))
            reader->clean.data[reader->clean.size++] = c;
        else if (c == 0x03) {
            size_t past = skip_colour_number(*text, i);
            if (past > i && past < text->size && text->data[past] == ',') {
                size_t second = skip_colour_number(*text, past + 1);
                past = second > past + 1 ? second : past;
            }
            i = past;
        }
    }
    *text = lb_buffer_str(&reader->clean);
    return LB_OK;
}

/* The fields of one message as cells; what is made up here lives in `arena`. */
static int make_cells(log_reader *reader, const lb_log_line *line, lb_str cells[LB_LOG_FIELDS],
                      lb_arena *arena, lb_error *error) {
    char day[48], time[80];
    lb_date date = lb_date_of_days(reader->day);
    int day_size =
        reader->dated ? snprintf(day, sizeof day, "%04d-%02u-%02u", date.year, date.month, date.day)
                      : snprintf(day, sizeof day, "day %lld", (long long)reader->day + 1);
    int time_size = snprintf(time, sizeof time, "%.10sT%02u:%02u:%02u", day, line->clock / 3600,
                             line->clock / 60 % 60, line->clock % 60);
    lb_str channel = line->channel.data ? line->channel : reader->channel;
    size_t size = channel.size + 1 + (size_t)day_size;
    char *conversation = lb_arena_alloc(arena, size, 1);
    char *stamp = lb_arena_copy(arena, time, (size_t)time_size);
    if (!conversation || !stamp)
        return lb_fail_memory(error, "reading a log");
    memcpy(conversation, channel.data, channel.size);
    conversation[channel.size] = '/';
    memcpy(conversation + channel.size + 1, day, (size_t)day_size);
    cells[LB_LOG_NICK] = line->nick;
    cells[LB_LOG_TEXT] = line->text.data ? line->text : LB_STR("");
    cells[LB_LOG_TIME] = (lb_str){0};
    if (line->stamp.data)
        cells[LB_LOG_TIME] = line->stamp;
    else if (reader->dated && line->has_clock)
        cells[LB_LOG_TIME] = (lb_str){stamp, (size_t)time_size};
    cells[LB_LOG_CHANNEL] = channel;
    cells[LB_LOG_DATE] = (lb_str){conversation + channel.size + 1, (size_t)day_size};
    cells[LB_LOG_CONVERSATION] = (lb_str){conversation, size};
    if (!reader->dated)
        cells[LB_LOG_DATE] = (lb_str){0};
    return clean_text(reader, &cells[LB_LOG_TEXT], error);
}

static int emit_line(log_reader *reader, lb_block *block, lb_emitter *emitter,
                     const lb_log_line *line, uint64_t number, uint64_t byte, bool valid,
                     lb_error *error) {
    lb_arena_reset(block->scratch);
    int status = make_cells(reader, line, block->cells, block->scratch, error);
    if (status == LB_OK)
        status = lb_frames_begin(&block->frames, emitter->plan, error);
    if (status == LB_OK)
        status = lb_block_fill_cells(block, emitter->plan, LB_LOG_FIELDS, valid, error);
    return status < 0 ? status : lb_emit(emitter, &block->frames, number, byte, error);
}

/* The message under way is complete. The day is still that of its first line. */
static int emit_pending(log_reader *reader, lb_block *block, lb_emitter *emitter, lb_error *error) {
    lb_buffer *pending = &reader->pending;
    if (reader->pending_first == 0)
        return LB_OK;
    lb_log_line line;
    lb_log_match(reader->source->log, (lb_str){pending->data, reader->pending_first}, &line);
    while (pending->size > reader->pending_first && pending->data[pending->size - 1] == '\n')
        pending->size--;
    if (line.text.data)
        line.text.size = (size_t)(pending->data + pending->size - line.text.data);
    reader->pending_first = 0;
    bool valid = lb_json_utf8_valid(pending->data, pending->size);
    return emit_line(reader, block, emitter, &line, reader->pending_line, reader->pending_byte,
                     valid, error);
}

static int go_on(log_reader *reader, lb_block *block, lb_str text, uint64_t number, uint64_t byte,
                 lb_error *error) {
    if (reader->pending_first > 0) {
        int status = lb_buffer_append(&reader->pending, "\n", 1, error);
        return status < 0 ? status
                          : lb_buffer_append(&reader->pending, text.data, text.size, error);
    }
    if (reader->noticed || text.size == 0) {
        block->counts.service_lines += text.size > 0;
        return LB_OK;
    }
    return lb_block_reject(block, number, byte, text.size, "no message goes on with this line",
                           error);
}

static int begin_pending(log_reader *reader, lb_str text, uint64_t number, uint64_t byte,
                         lb_error *error) {
    reader->pending.size = 0;
    reader->pending_first = text.size;
    reader->pending_line = number;
    reader->pending_byte = byte;
    return lb_buffer_append(&reader->pending, text.data, text.size, error);
}

static int read_line(log_reader *reader, lb_block *block, lb_emitter *emitter, lb_str text,
                     uint64_t number, uint64_t byte, bool valid, lb_error *error) {
    lb_log_line line;
    bool continued = lb_log_is_continued(reader->source->log);
    lb_log_kind kind = lb_log_match(reader->source->log, text, &line);
    if (kind == LB_LOG_UNKNOWN && continued)
        return go_on(reader, block, text, number, byte, error);
    if (kind == LB_LOG_UNKNOWN)
        return lb_block_reject(block, number, byte, text.size,
                               "the line is neither a message nor a notice", error);
    int status = emit_pending(reader, block, emitter, error);
    if (status < 0)
        return status;
    set_day(reader, &line, kind);
    reader->noticed = kind != LB_LOG_MESSAGE;
    if (kind != LB_LOG_MESSAGE) {
        block->counts.service_lines++;
        return LB_OK;
    }
    return continued ? begin_pending(reader, text, number, byte, error)
                     : emit_line(reader, block, emitter, &line, number, byte, valid, error);
}

static bool is_pending(const lb_reader *reader) {
    return ((const log_reader *)reader)->pending_first > 0;
}

static int read_lines(lb_reader *base, lb_block *block, lb_emitter *emitter, bool last,
                      lb_error *error) {
    log_reader *reader = (log_reader *)base;
    const char *data = block->data.data;
    size_t size = block->data.size;
    lb_str *grown =
        lb_grow(block->cells, &block->cell_capacity, LB_LOG_FIELDS, sizeof *grown, error);
    if (!grown)
        return LB_E_RESOURCE;
    block->cells = grown;
    if (!block->scratch && !(block->scratch = lb_arena_new()))
        return lb_fail_memory(error, "reading a log");
    int status = LB_OK;
    bool valid = lb_json_utf8_valid(data, size);
    uint64_t number = block->line;
    for (size_t at = 0; status == LB_OK && at < size; number++) {
        const char *end = memchr(data + at, '\n', size - at);
        size_t length = end ? (size_t)(end - data) - at : size - at;
        lb_str line = {data + at, length};
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (line.size > 0 || reader->pending_first > 0)
            status =
                read_line(reader, block, emitter, line, number, block->byte + at, valid, error);
        at += length + (end != NULL);
    }
    return status == LB_OK && last ? emit_pending(reader, block, emitter, error) : status;
}

static void free_reader(lb_reader *base) {
    log_reader *reader = (log_reader *)base;
    if (!reader)
        return;
    lb_arena_free(reader->arena);
    lb_buffer_free(&reader->clean);
    lb_buffer_free(&reader->pending);
    lb_free(reader);
}

int lb_log_reader_open(lb_reader **out, lb_source_state *source, lb_error *error) {
    log_reader *reader = lb_alloc_zero(1, sizeof *reader);
    *out = (lb_reader *)reader;
    if (!reader || !(reader->arena = lb_arena_new())) {
        lb_free(reader);
        *out = NULL;
        return lb_fail_memory(error, "reading a log");
    }
    const char *path = source->place->member ? source->place->member : source->place->file;
    size_t at, size;
    lb_date date = lb_log_date_in_path(path, &at, &size);
    reader->base = (lb_reader){read_lines, is_pending, free_reader};
    reader->source = source;
    reader->dated = date.year != 0;
    reader->day = reader->dated ? lb_date_days(date) : 0;
    reader->clock = no_clock;
    reader->channel = name_channel(path, source->place, reader->arena);
    return reader->channel.data ? LB_OK : lb_fail_memory(error, "reading a log");
}

static const char *const field_names[LB_LOG_FIELDS] = {"nick",    "text", "time",
                                                       "channel", "date", "conversation"};

int lb_log_note(lb_source_state *source, lb_head head, lb_arena *arena, lb_error *error) {
    lb_str *header = lb_arena_alloc(arena, LB_LOG_FIELDS, sizeof *header);
    if (!header)
        return lb_fail_memory(error, "looking at a log");
    for (size_t i = 0; i < LB_LOG_FIELDS; i++)
        header[i] = lb_str_of(field_names[i]);
    source->header = header;
    source->column_count = LB_LOG_FIELDS;
    int status = lb_log_settle_dates(source, head, error);
    lb_reader *base = NULL;
    if (status == LB_OK)
        status = lb_log_reader_open(&base, source, error);
    log_reader *reader = (log_reader *)base;
    for (size_t at = 0; status == LB_OK && at < head.size &&
                        lb_catalogue_records(source->catalogue) < LB_HEAD_RECORDS;) {
        const char *end = memchr(head.data + at, '\n', head.size - at);
        lb_str text = {head.data + at, end ? (size_t)(end - head.data) - at : head.size - at};
        at += text.size + 1;
        if (text.size > 0 && text.data[text.size - 1] == '\r')
            text.size--;
        lb_log_line line;
        lb_str cells[LB_LOG_FIELDS];
        lb_log_kind kind =
            end || head.whole ? lb_log_match(source->log, text, &line) : LB_LOG_UNKNOWN;
        if (kind == LB_LOG_UNKNOWN)
            continue;
        set_day(reader, &line, kind);
        if (kind != LB_LOG_MESSAGE)
            continue;
        status = make_cells(reader, &line, cells, reader->arena, error);
        if (status == LB_OK)
            status = lb_cells_note(source, cells, error);
    }
    free_reader(base);
    return status;
}
