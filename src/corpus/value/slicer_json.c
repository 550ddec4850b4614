#include "corpus/value/slicer.h"

#include "base/ascii.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { ANCHOR_LONGEST = 256, ANCHORS_TRIED = 100 };

typedef struct input {
    const char *data;
    size_t size;
    bool last;
    lb_pieces *pieces;
    lb_error *error;
} input;

/* A fault of no bytes: nothing was lost there. */
static int mark(lb_slicer *slicer, const input *in, const char *what) {
    return lb_pieces_add(in->pieces, (lb_piece){.at = slicer->seen, .fault = what}, in->error);
}

static void lose(lb_slicer *slicer, size_t at, const char *what) {
    slicer->start = at;
    slicer->json.place = LB_JSON_LOST;
    slicer->json.fault = what;
    slicer->json.begun = false;
}

/* The fault reaches up to here, at least. */
static int add_fault(lb_slicer *slicer, const input *in, size_t end) {
    lb_slicer_json *json = &slicer->json;
    lb_piece fault = {slicer->start, end - slicer->start, json->fault, json->begun};
    if (fault.size == 0 && json->begun)
        return LB_OK;
    json->begun = true;
    slicer->start = end;
    return lb_pieces_add(in->pieces, fault, in->error);
}

/* Keeps count of the blanks at the beginning of a line. */
static void pass(lb_slicer_json *json, char c) {
    if (c == '\n') {
        json->begins_line = true;
        json->indent = 0;
    } else if (!lb_is_blank(c))
        json->begins_line = false;
    else if (json->begins_line && json->indent < UINT16_MAX)
        json->indent++;
}

typedef enum answer { NO, YES, UNKNOWN } answer; /* UNKNOWN: too few bytes are there */

/* The first key behind a brace. */
static answer read_anchor(const lb_slicer_json *json, const input *in, size_t brace,
                          lb_anchor *out) {
    size_t at = brace + 1;
    size_t most = in->size - brace < ANCHOR_LONGEST ? in->size : brace + ANCHOR_LONGEST;
    while (at < most && lb_is_blank(in->data[at]))
        at++;
    size_t key = at++;
    while (at < most && in->data[at] != '"' && in->data[at] != '\n')
        at++;
    if (at >= most)
        return most == in->size && !in->last ? UNKNOWN : NO;
    size_t size = at + 1 - key;
    if (in->data[key] != '"' || in->data[at] != '"' || size > LB_ANCHOR_KEY)
        return NO;
    *out = (lb_anchor){json->begins_line, (uint8_t)size, json->indent, ""};
    memcpy(out->key, in->data + key, size);
    return YES;
}

static bool same_key(const lb_anchor *a, const lb_anchor *b) {
    return a->size == b->size && memcmp(a->key, b->key, a->size) == 0;
}

static bool same_place(const lb_anchor *a, const lb_anchor *b) {
    return a->begins_line == b->begins_line && (!a->begins_line || a->indent == b->indent);
}

/* Of the anchors of sound records; where there was none yet, by that of the record that is broken,
 * of which the key may be what is broken. */
static bool is_known(const lb_slicer *slicer, const lb_anchor *anchor) {
    const lb_slicer_json *json = &slicer->json;
    for (size_t i = 0; i < json->anchor_count; i++)
        if (same_key(anchor, &json->anchors[i]) && same_place(anchor, &json->anchors[i]))
            return true;
    if (json->anchor_count > 0)
        return false;
    bool key = json->anchor.size == 0 || same_key(anchor, &json->anchor);
    return key && (slicer->cut == LB_CUT_ELEMENTS || (anchor->begins_line && anchor->indent == 0));
}

/* The brace of an array's first element says little of where the others stand. */
static void learn(lb_slicer *slicer) {
    lb_slicer_json *json = &slicer->json;
    bool first = slicer->cut == LB_CUT_ELEMENTS && !json->comma && !json->anchor.begins_line;
    if (first || json->anchor.size == 0 || json->anchor_count == LB_ANCHORS)
        return;
    for (size_t i = 0; i < json->anchor_count; i++)
        if (same_key(&json->anchor, &json->anchors[i]) &&
            same_place(&json->anchor, &json->anchors[i]))
            return;
    json->anchors[json->anchor_count++] = json->anchor;
}

static void begin_record(lb_slicer *slicer, size_t at) {
    slicer->start = slicer->seen = at;
    slicer->json.place = LB_JSON_WITHIN;
    slicer->json.shape = lb_json_shape_begin();
}

/* At a brace between two values: true, or false where its key is not in the buffer yet. */
static bool enter(lb_slicer *slicer, const input *in) {
    lb_anchor anchor = {.size = 0, .begins_line = slicer->json.begins_line};
    if (read_anchor(&slicer->json, in, slicer->seen, &anchor) == UNKNOWN)
        return false;
    slicer->json.anchor = anchor;
    begin_record(slicer, slicer->seen);
    return true;
}

/* Does a sound record that begins as the others did lie within the one under way? */
static bool holds_record(const lb_slicer *slicer, const input *in) {
    lb_slicer_json place = slicer->json;
    size_t tried = 0;
    input seen = {in->data, slicer->seen, true, NULL, NULL};
    place.begins_line = false;
    for (size_t at = slicer->start + 1; at < slicer->seen && tried < ANCHORS_TRIED; at++) {
        lb_anchor anchor;
        if (in->data[at] == '{' && slicer->json.anchor_count > 0 &&
            read_anchor(&place, &seen, at, &anchor) == YES && is_known(slicer, &anchor)) {
            lb_json_shape shape = lb_json_shape_begin();
            const char *what;
            size_t end = at;
            tried++;
            if (lb_json_shape_run(&shape, in->data, &end, slicer->seen, &what) == LB_SHAPE_WHOLE)
                return true;
        }
        pass(&place, in->data[at]);
    }
    return false;
}

static void break_record(lb_slicer *slicer, const char *what) {
    size_t start = slicer->start;
    lose(slicer, start, what);
    slicer->seen = start + 1;
    slicer->json.begins_line = false;
}

static int go_within(lb_slicer *slicer, const input *in) {
    static const char unclosed[] = "a bracket or a string is never closed";
    size_t doubted = slicer->start + LB_SLICER_DOUBTED;
    size_t size = slicer->seen < doubted && doubted < in->size ? doubted : in->size;
    const char *what;
    lb_json_shape_state state =
        lb_json_shape_run(&slicer->json.shape, in->data, &slicer->seen, size, &what);
    if (state == LB_SHAPE_GOES_ON) {
        bool ended = in->last && slicer->seen == in->size;
        if (ended || (slicer->seen == doubted && holds_record(slicer, in)))
            break_record(slicer, unclosed);
        return LB_OK;
    }
    if (state == LB_SHAPE_BROKEN) {
        break_record(slicer, what);
        return LB_OK;
    }
    lb_piece record = {.at = slicer->start, .size = slicer->seen - slicer->start};
    learn(slicer);
    slicer->start = slicer->seen;
    slicer->json.begins_line = false;
    slicer->json.place = slicer->cut == LB_CUT_ELEMENTS ? LB_JSON_BEHIND : LB_JSON_BETWEEN;
    return lb_pieces_add(in->pieces, record, in->error);
}

/* Looks for the next brace that may begin a record; false: more bytes are needed. */
static bool search(lb_slicer *slicer, const input *in) {
    for (; slicer->seen < in->size; slicer->seen++) {
        char c = in->data[slicer->seen];
        if (c == '{') {
            lb_anchor anchor;
            answer found = read_anchor(&slicer->json, in, slicer->seen, &anchor);
            if (found == UNKNOWN)
                return false;
            if (found == YES && is_known(slicer, &anchor)) {
                slicer->json.anchor = anchor;
                return true;
            }
        }
        pass(&slicer->json, c);
    }
    return false;
}

static int go_lost(lb_slicer *slicer, const input *in) {
    bool found = search(slicer, in);
    int status = add_fault(slicer, in, slicer->seen);
    if (found) {
        slicer->json.comma = true;
        begin_record(slicer, slicer->seen);
    }
    return status;
}

/* A byte order mark is what joined files leave. */
static bool take_mark(lb_slicer *slicer, const input *in) {
    size_t mark = lb_utf8_mark((lb_str){in->data + slicer->seen, in->size - slicer->seen});
    if (mark == 0)
        return false;
    slicer->seen += mark;
    slicer->start = slicer->seen;
    return true;
}

static const char missing[] = "an element of the array is missing";
static const char behind[] = "there is text behind the array";
static const char no_object[] = "the record is no JSON object";

/* One byte that is no blank, of an array outside its values. */
static int go_between(lb_slicer *slicer, const input *in, char c) {
    lb_slicer_json *json = &slicer->json;
    int status = LB_OK;
    if (c == ',' || c == ']') {
        if (json->place == LB_JSON_BETWEEN && (c == ',' || json->comma))
            status = mark(slicer, in, missing);
        json->comma = c == ',';
        json->place = c == ',' ? LB_JSON_BETWEEN : LB_JSON_CLOSED;
        pass(json, c);
        slicer->start = ++slicer->seen;
        return status;
    }
    if (json->place == LB_JSON_BEHIND && c == '{') {
        status = mark(slicer, in, "a comma between two elements of the array is missing");
        json->place = LB_JSON_BETWEEN;
        json->comma = true;
        return status;
    }
    lose(slicer, slicer->seen,
         json->place == LB_JSON_BETWEEN ? no_object : "there is text behind an element");
    return LB_OK;
}

/* Before the array, and behind it: another one may follow. */
static int go_outside(lb_slicer *slicer, const input *in, char c) {
    lb_slicer_json *json = &slicer->json;
    int status = LB_OK;
    if (c == '{' && json->place == LB_JSON_CLOSED) {
        status = mark(slicer, in, behind);
        json->place = LB_JSON_BETWEEN;
        json->comma = true;
        return status;
    }
    if (c != '[') {
        lose(slicer, slicer->seen, behind);
        return LB_OK;
    }
    if (json->place == LB_JSON_CLOSED)
        status = mark(slicer, in, "another array follows the first");
    json->place = LB_JSON_BETWEEN;
    json->comma = false;
    pass(json, c);
    slicer->start = ++slicer->seen;
    return status;
}

/* Outside of values and faults; *wait: more bytes are needed. */
static int go_on(lb_slicer *slicer, const input *in, bool *wait) {
    lb_slicer_json *json = &slicer->json;
    while (slicer->seen < in->size && lb_is_blank(in->data[slicer->seen]))
        pass(json, in->data[slicer->seen++]);
    slicer->start = slicer->seen;
    if (slicer->seen == in->size || take_mark(slicer, in))
        return LB_OK;
    char c = in->data[slicer->seen];
    if (c == '\xEF' && in->size - slicer->seen < 3 && !in->last) {
        *wait = true;
        return LB_OK;
    }
    if (c == '{' && json->place == LB_JSON_BETWEEN) {
        *wait = !enter(slicer, in);
        return LB_OK;
    }
    if (slicer->cut == LB_CUT_ELEMENTS)
        return json->place == LB_JSON_BETWEEN || json->place == LB_JSON_BEHIND
                   ? go_between(slicer, in, c)
                   : go_outside(slicer, in, c);
    if (c == ',') { /* an array without its brackets */
        pass(json, c);
        slicer->start = ++slicer->seen;
        return LB_OK;
    }
    lose(slicer, slicer->seen, no_object);
    return LB_OK;
}

int lb_slicer_next_json(lb_slicer *slicer, const char *data, size_t size, bool last,
                        lb_pieces *pieces, lb_error *error) {
    input in = {data, size, last, pieces, error};
    lb_slicer_json *json = &slicer->json;
    int status = LB_OK;
    bool wait = false;
    while (status == LB_OK && !wait &&
           (slicer->seen < size || (last && json->place == LB_JSON_WITHIN))) {
        if (json->place == LB_JSON_WITHIN)
            status = go_within(slicer, &in);
        else if (json->place == LB_JSON_LOST) {
            status = go_lost(slicer, &in);
            wait = json->place == LB_JSON_LOST;
        } else
            status = go_on(slicer, &in, &wait);
    }
    if (status == LB_OK && last && json->place == LB_JSON_LOST)
        return add_fault(slicer, &in, size);
    bool open = slicer->cut == LB_CUT_ELEMENTS &&
                (json->place == LB_JSON_BETWEEN || json->place == LB_JSON_BEHIND);
    if (status == LB_OK && last && open)
        status = mark(slicer, &in, "the array is never closed: the file is cut short");
    return status;
}
