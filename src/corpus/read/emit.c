#include "corpus/read/emit.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/calendar.h"
#include "base/utf8.h"
#include "corpus/mapping/role.h"
#include "corpus/value/markup.h"
#include "corpus/value/skip.h"
#include "corpus/value/timestamp.h"

typedef struct row { /* what the messages of one record share, and the last of them had */
    lb_frames *frames;
    uint64_t line, byte;
    lb_str derived;        /* the conversation's key where the data has none */
    lb_str from[LB_SLOTS]; /* the last message's values where they were found ... */
    lb_str to[LB_SLOTS];   /* ... and their copies */
    const lb_str *values;  /* the last message's attributes */
    const lb_str *joined;  /* what a joined file says of the message's user, or NULL */
    bool started;
    bool silent;                 /* the last message says nothing */
    bool missing;                /* since no text of it was found, not even an empty one */
    bool silent_turns;           /* a turn without text was counted */
    uint32_t array, first_array; /* nodes of the turn under way, and of the record's first turn */
    size_t place;                /* of the turn in its array */
    size_t remembered;           /* turns of the first array, in frames->turns */
} row;

static lb_str value_of(const lb_emitter *e, const lb_frames *frames, uint32_t frame, size_t slot) {
    for (;;) {
        lb_str value = frames->values[frame * frames->slots + slot];
        if (value.data)
            return value;
        if (frame == 0)
            return e->plan->constants[slot];
        frame = frames->frames[frame].parent;
    }
}

static lb_str attribute_of(const lb_emitter *e, const row *r, uint32_t frame, size_t i) {
    lb_str value = value_of(e, r->frames, frame, LB_SLOTS + i);
    return value.data || !r->joined ? value : r->joined[i];
}

static int copy_into(lb_emitter *e, lb_str from, lb_str *to, lb_error *error) {
    *to = (lb_str){0};
    if (!from.data)
        return LB_OK;
    to->data = lb_arena_copy(e->batch->arena, from.data, from.size);
    to->size = from.size;
    return to->data ? LB_OK : lb_fail_memory(error, "holding messages");
}

/* A value that several turns inherit is copied once. */
static int copy_slot(lb_emitter *e, row *r, uint32_t frame, lb_slot slot, lb_str *to,
                     lb_error *error) {
    lb_str from = value_of(e, r->frames, frame, slot);
    if (from.data != r->from[slot].data || from.size != r->from[slot].size || !from.data) {
        int status = copy_into(e, from, &r->to[slot], error);
        if (status < 0)
            return status;
        r->from[slot] = from;
    }
    *to = r->to[slot];
    return LB_OK;
}

static int derive_conversation(lb_emitter *e, row *r, lb_str *key, lb_error *error) {
    if (!r->derived.data) {
        char number[32];
        int digits = e->key_by_byte
                         ? snprintf(number, sizeof number, "@%llu", (unsigned long long)r->byte)
                         : snprintf(number, sizeof number, ":%llu", (unsigned long long)r->line);
        size_t size = strlen(e->label);
        char *text = lb_arena_alloc(e->batch->arena, size + (size_t)digits, 1);
        if (!text)
            return lb_fail_memory(error, "holding messages");
        memcpy(text, e->label, size);
        memcpy(text + size, number, (size_t)digits);
        r->derived = (lb_str){text, size + (size_t)digits};
    }
    *key = r->derived;
    return LB_OK;
}

/* Without the number of a piece, "_3". */
static lb_str whole_of(const lb_emitter *e, lb_str key) {
    lb_str mark = lb_str_of(e->plan->mapping->pieces);
    size_t end = key.size;
    while (end > 0 && lb_is_digit(key.data[end - 1]))
        end--;
    bool is_piece = mark.data && end < key.size && end > mark.size &&
                    memcmp(key.data + end - mark.size, mark.data, mark.size) == 0;
    return is_piece ? (lb_str){key.data, end - mark.size} : key;
}

/* CHANNEL/CONVERSATION, or CHANNEL/DAY. */
static int set_conversation_in_channel(lb_emitter *e, lb_str channel, lb_message *m,
                                       lb_error *error) {
    static const int64_t day = 86400000000;
    char text[LB_DATE_MAX] = "no day";
    lb_str within = m->conversation;
    if (within.size == 0) {
        if (m->has_time)
            lb_date_format(lb_date_of_days(m->time / day - (m->time % day < 0)), text);
        within = lb_str_of(text);
    }
    char *key = lb_arena_alloc(e->batch->arena, channel.size + 1 + within.size, 1);
    if (!key)
        return lb_fail_memory(error, "holding messages");
    memcpy(key, channel.data, channel.size);
    key[channel.size] = '/';
    memcpy(key + channel.size + 1, within.data, within.size);
    m->conversation = (lb_str){key, channel.size + 1 + within.size};
    return LB_OK;
}

static int set_conversation(lb_emitter *e, row *r, uint32_t frame, lb_message *m, lb_error *error) {
    lb_str channel = {0};
    if (e->plan->mapping->keys[LB_SLOT_CHANNEL].count > 0)
        channel = value_of(e, r->frames, frame, LB_SLOT_CHANNEL);
    if (e->plan->mapping->pieces && m->conversation.size > 0)
        m->conversation = whole_of(e, m->conversation);
    if (channel.size > 0)
        return set_conversation_in_channel(e, channel, m, error);
    return m->conversation.size > 0 ? LB_OK : derive_conversation(e, r, &m->conversation, error);
}

static bool same_values(const lb_emitter *e, const row *r, uint32_t frame) {
    size_t count = e->plan->slots - LB_SLOTS;
    for (size_t i = 0; i < count; i++) {
        lb_str value = attribute_of(e, r, frame, i);
        if ((value.data == NULL) != (r->values[i].data == NULL) ||
            !lb_str_equal(value, r->values[i]))
            return false;
    }
    return true;
}

static int copy_values(lb_emitter *e, row *r, uint32_t frame, lb_error *error) {
    size_t count = e->plan->slots - LB_SLOTS;
    lb_str *values = lb_arena_alloc(e->batch->arena, count, sizeof *values);
    if (!values)
        return lb_fail_memory(error, "holding messages");
    for (size_t i = 0; i < count; i++) {
        int status = copy_into(e, attribute_of(e, r, frame, i), &values[i], error);
        if (status < 0)
            return status;
    }
    r->values = values;
    return LB_OK;
}

/* What programs write where there is no time. */
static bool is_no_time(lb_str time) {
    return time.size == 0 || lb_list_has(time, "NaT,NaN,null,None,NA");
}

/* What programs write where there is no user: as a key it would make one person of many. */
static bool is_nobody(lb_str user) {
    static const char *const words[] = {"null", "NULL", "None",      "NaN",
                                        "nan",  "N/A",  "undefined", "[deleted]"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lb_str_equal(user, lb_str_of(words[i])))
            return true;
    return lb_utf8_is_blank(user);
}

static void note_gap(lb_emitter *e, const row *r, lb_gap kind) {
    lb_gaps_add(&e->gaps, kind, (lb_gap_place){e->source, r->line, r->byte});
}

static void set_time(lb_emitter *e, const row *r, uint32_t frame, lb_message *message) {
    lb_str time = value_of(e, r->frames, frame, LB_SLOT_TIME);
    if (time.data && lb_timestamp_parse(time, e->month_first, &message->time)) {
        message->has_time = true;
        e->counts.times++;
    } else if (!time.data || is_no_time(time))
        e->counts.without_time += message->text.data != NULL;
    else {
        e->counts.times++;
        e->counts.impossible_time++;
        note_gap(e, r, LB_GAP_TIME);
    }
}

/* A text is never inherited: a turn without one (a tool call, a null) says nothing. */
static lb_str text_of(const lb_frames *frames, uint32_t frame) {
    return frames->values[frame * frames->slots + LB_SLOT_TEXT];
}

static int set_text(lb_emitter *e, row *r, uint32_t frame, lb_message *message, lb_error *error) {
    lb_str text = text_of(r->frames, frame), left;
    r->silent = true;
    r->missing = !text.data && !e->cells;
    if (!text.data)
        return LB_OK;
    int status = LB_OK;
    lb_markup markup = e->plan->mapping->markup;
    if (markup != LB_MARKUP_NONE)
        status = lb_markup_text(text, markup == LB_MARKUP_HTML, &text, e->batch->arena, error);
    r->silent = lb_utf8_is_blank(text);
    if (status == LB_OK)
        status = lb_skip_apply(e->rules.skips, text, &left, e->batch->arena, error);
    if (status < 0)
        return status;
    e->counts.skipped_bytes += text.size - left.size;
    if (left.data != text.data || markup != LB_MARKUP_NONE) {
        message->text = left;
        return LB_OK;
    }
    return copy_into(e, text, &message->text, error);
}

static bool says(const lb_emitter *e, const row *r, uint32_t frame, lb_slot slot,
                 const char *values) {
    lb_str value = value_of(e, r->frames, frame, slot);
    if (!values)
        return value.size > 0 && !lb_list_has(value, "false,null,0");
    return value.data && lb_list_has(value, values);
}

/* An empty text holds nobody's words; where there is none, they may be in another field. */
static void count_silent(lb_emitter *e, const row *r, bool own) {
    if (own && r->missing) {
        note_gap(e, r, LB_GAP_TEXT);
        e->counts.own_missing_text++;
    }
    *(own ? &e->counts.own_without_text : &e->counts.other_without_text) += 1;
}

static void count_message(lb_emitter *e, const row *r, lb_message *message, bool bot) {
    bool person = !message->role.data || lb_roles_add(&e->roles, message->role, e->rules.roles);
    message->own = person && !bot;
    bool counted = r->silent_turns && !r->first_array; /* turn by turn */
    if (e->rules.has_text && r->silent && !counted)
        count_silent(e, r, message->own);
    if (message->text.data) {
        e->counts.messages++;
        *(message->own ? &e->counts.own_messages : &e->counts.other_roles) += 1;
        e->counts.own_blank += message->own && r->silent;
    } else if (e->rules.has_text)
        return;
    if (message->own && e->rules.unit == LB_UNIT_USER && message->user.size == 0) {
        e->counts.without_user++;
        note_gap(e, r, LB_GAP_USER);
    }
}

static int fill_message(lb_emitter *e, row *r, uint32_t frame, lb_message *m, lb_error *error) {
    static const lb_slot slots[] = {LB_SLOT_USER, LB_SLOT_CONVERSATION, LB_SLOT_ROLE,
                                    LB_SLOT_MESSAGE, LB_SLOT_REPLY_TO};
    lb_str *const targets[] = {&m->user, &m->conversation, &m->role, &m->id, &m->reply_to};
    size_t wanted = e->rules.without_ids ? 3 : 5;
    lb_str last_user = r->to[LB_SLOT_USER];
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < wanted; i++)
        status = copy_slot(e, r, frame, slots[i], targets[i], error);
    if (is_nobody(m->user))
        m->user = r->to[LB_SLOT_USER] = (lb_str){0};
    if (status == LB_OK)
        status = set_text(e, r, frame, m, error);
    if (status < 0)
        return status;
    set_time(e, r, frame, m);
    status = set_conversation(e, r, frame, m, error);
    if (status < 0)
        return status;
    if (e->users && (!r->started || !lb_str_equal(m->user, last_user)))
        r->joined = lb_user_table_find(e->users, m->user);
    m->starts_row = !r->started || !lb_str_equal(m->user, last_user) || !same_values(e, r, frame);
    if (m->starts_row)
        status = copy_values(e, r, frame, error);
    m->values = r->values;
    r->started = true;
    return status;
}

static int emit_message(lb_emitter *e, row *r, uint32_t frame, lb_error *error) {
    const lb_mapping *mapping = e->plan->mapping;
    if (says(e, r, frame, LB_SLOT_SERVICE, mapping->service_values)) {
        e->counts.service_lines++;
        return LB_OK;
    }
    lb_batch *batch = e->batch;
    void *grown =
        lb_grow(batch->messages, &batch->capacity, batch->count + 1, sizeof(lb_message), error);
    if (!grown)
        return LB_E_RESOURCE;
    batch->messages = grown;
    lb_message *m = &batch->messages[batch->count];
    *m = (lb_message){.source = e->source, .line = r->line, .byte = r->byte};
    int status = fill_message(e, r, frame, m, error);
    if (status < 0)
        return status;
    bool bot = says(e, r, frame, LB_SLOT_BOT, mapping->bot_values);
    if (bot) { /* it is no user, and its values are no person's */
        m->user = (lb_str){0};
        m->starts_row = r->started = false;
    }
    count_message(e, r, m, bot);
    batch->count++;
    return LB_OK;
}

/* Does the turn say what the first array of the record says at the same place? Notes the turns of
 * the first array. */
static int is_repeated(row *r, uint32_t frame, bool *repeated, lb_error *error) {
    lb_frames *f = r->frames;
    lb_str turn[2] = {f->values[frame * f->slots + LB_SLOT_ROLE], text_of(f, frame)};
    *repeated = false;
    if (r->array != r->first_array) {
        const lb_str *first = r->place < r->remembered ? f->turns + 2 * r->place : NULL;
        *repeated = first && lb_str_equal(first[0], turn[0]) && lb_str_equal(first[1], turn[1]);
        return LB_OK;
    }
    lb_str *grown =
        lb_grow(f->turns, &f->turn_capacity, 2 * (r->remembered + 1), sizeof *turn, error);
    if (!grown)
        return LB_E_RESOURCE;
    f->turns = grown;
    memcpy(f->turns + 2 * r->remembered++, turn, sizeof turn);
    return LB_OK;
}

static lb_str alternate_role(const char *roles, size_t place) {
    size_t count = 1;
    for (const char *c = roles; *c; c++)
        count += *c == ',';
    for (place %= count; place > 0; place--)
        roles = strchr(roles, ',') + 1;
    return (lb_str){roles, strcspn(roles, ",")};
}

static int emit_turn(lb_emitter *e, row *r, uint32_t frame, lb_error *error) {
    lb_str *role = &r->frames->values[frame * r->frames->slots + LB_SLOT_ROLE];
    if (e->plan->mapping->alternate && !role->data)
        *role = alternate_role(e->plan->mapping->alternate, r->place);
    bool repeated = false;
    int status = e->plan->turn_nodes > 1 ? is_repeated(r, frame, &repeated, error) : LB_OK;
    r->place++;
    return status < 0 || repeated ? status : emit_message(e, r, frame, error);
}

/* The first mark at or behind `at`; NULL: none. */
static const lb_mark *next_mark(const lb_mapping *mapping, lb_str text, size_t at, size_t *found) {
    for (; at < text.size; at++)
        for (size_t i = 0; i < mapping->mark_count; i++) {
            lb_str mark = mapping->marks[i].mark;
            if (text.data[at] == mark.data[0] && text.size - at >= mark.size &&
                memcmp(text.data + at, mark.data, mark.size) == 0) {
                *found = at;
                return &mapping->marks[i];
            }
        }
    *found = text.size;
    return NULL;
}

static lb_str without_blanks(lb_str text) {
    while (text.size > 0 && strchr(" \t\r\n", text.data[0]) && text.data[0])
        text = (lb_str){text.data + 1, text.size - 1};
    while (text.size > 0 && strchr(" \t\r\n", text.data[text.size - 1]) && text.data[text.size - 1])
        text.size--;
    return text;
}

/* One text that holds all turns; what stands before the first mark has no role. */
static int emit_marked(lb_emitter *e, row *r, uint32_t frame, lb_error *error) {
    lb_str *values = &r->frames->values[frame * r->frames->slots];
    lb_str text = values[LB_SLOT_TEXT];
    const lb_mark *mark = NULL;
    int status = LB_OK;
    for (size_t at = 0; status == LB_OK && (at < text.size || mark);) {
        size_t end;
        const lb_mark *next = next_mark(e->plan->mapping, text, at, &end);
        values[LB_SLOT_TEXT] = without_blanks((lb_str){text.data + at, end - at});
        values[LB_SLOT_ROLE] = mark ? mark->role : (lb_str){0};
        if (mark || values[LB_SLOT_TEXT].size > 0)
            status = emit_turn(e, r, frame, error);
        at = end + (next ? next->mark.size : 0);
        mark = next;
    }
    return status;
}

/* A turn without a text is no message. One that is part of a tree may be nobody's: where the format
 * has roles, a turn that is somebody's has one. */
static void count_silent_turn(lb_emitter *e, row *r, uint32_t frame) {
    const lb_mapping *mapping = e->plan->mapping;
    lb_str role = value_of(e, r->frames, frame, LB_SLOT_ROLE);
    if ((!role.data && mapping->keys[LB_SLOT_ROLE].count > 0) ||
        says(e, r, frame, LB_SLOT_SERVICE, mapping->service_values))
        return;
    bool person = !role.data || lb_roles_add(&e->roles, role, e->rules.roles);
    r->silent_turns = r->missing = true;
    count_silent(e, r, person && !says(e, r, frame, LB_SLOT_BOT, mapping->bot_values));
}

/* A record is the run of frames from `first`: itself, then its turns, up to `end`. */
static int emit_record(lb_emitter *e, lb_frames *frames, uint32_t first, uint32_t end,
                       uint64_t line, uint64_t byte, lb_error *error) {
    row r = {.frames = frames, .line = line, .byte = byte};
    e->counts.records++;
    int status = LB_OK;
    for (uint32_t i = first + 1; status == LB_OK && i < end; i++) {
        const lb_frame *frame = &frames->frames[i];
        if (frame->level != LB_LEVEL_TURN)
            continue;
        if (!text_of(frames, i).data) {
            count_silent_turn(e, &r, i);
            continue;
        }
        if (frame->node != r.array) {
            r.array = frame->node;
            r.place = 0;
            if (!r.first_array)
                r.first_array = frame->node;
        }
        status = e->plan->mapping->mark_count > 0 ? emit_marked(e, &r, i, error)
                                                  : emit_turn(e, &r, i, error);
    }
    if (status == LB_OK && !r.first_array)
        status = emit_message(e, &r, first, error);
    else
        lb_frames_lose(frames, first, LB_SLOT_TEXT); /* a text beside the turns */
    return status;
}

int lb_emit(lb_emitter *e, lb_frames *frames, uint64_t line, uint64_t byte, lb_error *error) {
    if (!e->batch->arena && !(e->batch->arena = lb_arena_new()))
        return lb_fail_memory(error, "holding messages");
    uint32_t count = (uint32_t)frames->count, first = 0;
    if (e->plan->has_records) {
        while (first < count && frames->frames[first].level != LB_LEVEL_RECORD)
            first++;
        if (first == count) /* a document that holds no record */
            return LB_OK;
    }
    int status = LB_OK;
    while (status == LB_OK && first < count) {
        uint32_t end = first + 1;
        while (end < count && frames->frames[end].level != LB_LEVEL_RECORD)
            end++;
        status = emit_record(e, frames, first, end, line, byte, error);
        first = end;
    }
    return status;
}
