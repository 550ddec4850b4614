#include "corpus/read/read_json.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "corpus/value/json_mend.h"
#include "corpus/value/structure.h"

typedef struct walker {
    lb_json json;
    const lb_plan *plan;
    lb_frames *frames;
    lb_arena *scratch;
    lb_known_keys *keys; /* of the block */
    lb_unsearched *unsearched;
    lb_error *error;
} walker;

enum { FLATTEN_DEPTH = 16 };
static const char value_join[] = ", ";

static int fail_memory(walker *w) {
    return lb_fail_memory(w->error, "parsing JSON");
}

/* The text of a scalar; data NULL for null, an array, an object. */
static int scalar_text(lb_json json, size_t at, lb_str *text, lb_arena *arena, lb_error *error) {
    *text = (lb_str){0};
    char number[LB_JSON_NUMBER_MAX];
    size_t size;
    switch (lb_json_type(json, at)) {
    case '"':
        text->data = lb_json_string(json, at, &text->size);
        return LB_OK;
    case 't':
        *text = LB_STR("true");
        return LB_OK;
    case 'f':
        *text = LB_STR("false");
        return LB_OK;
    case 'l':
    case 'u': {
        uint64_t value = json.tape[at + 1];
        bool negative = lb_json_type(json, at) == 'l' && value >> 63;
        if (negative)
            value = 0 - value;
        size = sizeof number;
        do
            number[--size] = (char)('0' + value % 10);
        while ((value /= 10) > 0);
        if (negative)
            number[--size] = '-';
        *text = (lb_str){lb_arena_copy(arena, number + size, sizeof number - size),
                         sizeof number - size};
        break;
    }
    case 'd': {
        double value;
        memcpy(&value, &json.tape[at + 1], sizeof value);
        size = lb_json_number_text(value, number);
        *text = (lb_str){lb_arena_copy(arena, number, size), size};
        break;
    }
    default:
        return LB_OK;
    }
    return text->data ? LB_OK : lb_fail_memory(error, "parsing JSON");
}

static int append(walker *w, lb_str *to, lb_str more, const char *join) {
    if (!more.data)
        return LB_OK;
    if (!to->data) {
        *to = more;
        return LB_OK;
    }
    size_t between = strlen(join);
    char *text = lb_arena_alloc(w->scratch, to->size + between + more.size, 1);
    if (!text)
        return fail_memory(w);
    memcpy(text, to->data, to->size);
    memcpy(text + to->size, join, between);
    memcpy(text + to->size + between, more.data, more.size);
    *to = (lb_str){text, to->size + between + more.size};
    return LB_OK;
}

static int pass_by(walker *w, size_t at, uint32_t node, unsigned depth, lb_str key,
                   lb_known_key *known);

/* An array or object as a value: its scalars, joined in their order. */
static int flatten(walker *w, size_t at, uint32_t node, unsigned depth, lb_str *text) {
    char type = lb_json_type(w->json, at);
    if (type != '[' && type != '{') {
        lb_str scalar;
        int status = scalar_text(w->json, at, &scalar, w->scratch, w->error);
        return status < 0 ? status : append(w, text, scalar, value_join);
    }
    if (depth == FLATTEN_DEPTH)
        return pass_by(w, at, node, 0, (lb_str){0}, NULL);
    size_t end = lb_json_after(w->json, at) - 1;
    int status = LB_OK;
    for (size_t i = at + 1; status == LB_OK && i < end; i = lb_json_after(w->json, i)) {
        if (type == '{')
            i++; /* the key */
        status = flatten(w, i, node, depth + 1, text);
    }
    return status;
}

/* The first value of that name; 0: none. */
static size_t find_field(lb_json json, size_t object, const char *name) {
    size_t end = lb_json_after(json, object) - 1;
    for (size_t i = object + 1; i < end; i = lb_json_after(json, i + 1)) {
        size_t size;
        const char *key = lb_json_string(json, i, &size);
        if (size == strlen(name) && memcmp(key, name, size) == 0)
            return i + 1;
    }
    return 0;
}

/* The members of a part of a text, `depth` arrays deep, that are no text: all but what was taken and
 * a type that is a constant. Where the mapping goes on from there, it sees to them. */
static int pass_members(walker *w, size_t at, size_t taken, uint32_t node, unsigned depth) {
    size_t end = lb_json_after(w->json, at) - 1;
    int status = LB_OK;
    if (w->plan->nodes[node].first_child)
        return LB_OK;
    for (size_t i = at + 1; status == LB_OK && i < end; i = lb_json_after(w->json, i + 1)) {
        lb_str key, value;
        key.data = lb_json_string(w->json, i, &key.size);
        if (i + 1 == taken)
            continue;
        bool constant = lb_str_equal(key, LB_STR("type")) && lb_json_type(w->json, i + 1) == '"';
        if (constant) {
            value.data = lb_json_string(w->json, i + 1, &value.size);
            constant = lb_structure_fits(value);
        }
        if (!constant)
            status = pass_by(w, i + 1, node, depth, key, NULL);
    }
    return status;
}

/* A text is a string, an object with a string `text`, or an array of such parts; parts of other
 * kinds (images, files) are no text. */
static int text_of(walker *w, size_t at, uint32_t node, unsigned depth, lb_str *text) {
    char type = lb_json_type(w->json, at);
    if (type == '{') {
        size_t part = find_field(w->json, at, "text");
        if (part && lb_json_type(w->json, part) != '"')
            part = 0;
        int status = pass_members(w, at, part, node, depth);
        if (status < 0 || !part)
            return status;
        at = part;
        type = '"';
    }
    if (type != '[') {
        lb_str scalar;
        int status = scalar_text(w->json, at, &scalar, w->scratch, w->error);
        return status < 0 ? status : append(w, text, scalar, w->plan->mapping->text_join);
    }
    if (depth == FLATTEN_DEPTH)
        return pass_by(w, at, node, 0, (lb_str){0}, NULL);
    size_t end = lb_json_after(w->json, at) - 1;
    int status = LB_OK;
    for (size_t i = at + 1; status == LB_OK && i < end; i = lb_json_after(w->json, i))
        status = text_of(w, i, node, depth + 1, text);
    return status;
}

static int fill_string(walker *w, lb_str value, uint32_t node, uint32_t frame) {
    int status = LB_OK;
    for (uint32_t i = w->plan->nodes[node].fills; status == LB_OK && i;
         i = w->plan->fills[i - 1].next) {
        const lb_plan_fill *fill = &w->plan->fills[i - 1];
        const char *join = fill->slot == LB_SLOT_TEXT ? w->plan->mapping->text_join : value_join;
        status = lb_frames_fill(w->frames, frame, fill, value, join, w->scratch, w->error);
    }
    return status;
}

/* An object where a user's id should be: all that it says of somebody, joined, is no id. */
static bool is_nobodys(const walker *w, size_t at, uint32_t slot) {
    return slot == LB_SLOT_USER && lb_json_type(w->json, at) == '{';
}

static int fill(walker *w, size_t at, uint32_t node, uint32_t frame) {
    if (lb_json_type(w->json, at) == '"') { /* what flatten and text_of would make of it */
        lb_str value;
        value.data = lb_json_string(w->json, at, &value.size);
        return fill_string(w, value, node, frame);
    }
    for (uint32_t i = w->plan->nodes[node].fills; i;) {
        const lb_plan_fill *fill = &w->plan->fills[i - 1];
        bool is_text = fill->slot == LB_SLOT_TEXT;
        lb_str value = {0};
        int status = is_text                         ? text_of(w, at, node, 0, &value)
                     : is_nobodys(w, at, fill->slot) ? pass_by(w, at, node, 0, (lb_str){0}, NULL)
                                                     : flatten(w, at, node, 0, &value);
        if (status == LB_OK && value.data)
            status = lb_frames_fill(w->frames, frame, fill, value,
                                    is_text ? w->plan->mapping->text_join : value_join, w->scratch,
                                    w->error);
        if (status < 0)
            return status;
        i = fill->next;
    }
    return LB_OK;
}

static int walk(walker *w, size_t at, uint32_t node, uint32_t frame);

static int walk_child(walker *w, size_t at, uint32_t child, uint32_t frame) {
    const lb_plan_node *node = &w->plan->nodes[child];
    if (node->level != LB_LEVEL_NONE) {
        if (node->same_as) { /* a record inherits from what is around it, not from its parent */
            child = node->same_as;
            frame = w->frames->frames[frame].parent;
        }
        int status = lb_frames_open(w->frames, frame, child, node->level, &frame, w->error);
        if (status < 0)
            return status;
    }
    return walk(w, at, child, frame);
}

static bool holds_something(lb_json json, size_t at) {
    char type = lb_json_type(json, at);
    size_t size;
    if (type == '"')
        return lb_json_string(json, at, &size) && size > 0;
    return type != 'n' && ((type != '[' && type != '{') || lb_json_after(json, at) > at + 2);
}

/* No measure looks at a value: the node's own, or what lies `depth` arrays below, or the member `key`
 * of that. */
static int count_passed(walker *w, uint32_t node, unsigned depth, lb_str key, lb_known_key *known) {
    enum { LONGEST = 512 };
    char text[LONGEST];
    uint32_t number = known && known->field ? known->field - 1 : UINT32_MAX;
    if (number == UINT32_MAX) {
        size_t size = lb_plan_path(w->plan, node, text, sizeof text);
        for (; depth > 0 && size + 2 < sizeof text; depth--, size += 2)
            memcpy(text + size, "[]", 2);
        if (key.data && size > 0 && size < sizeof text)
            text[size++] = '.';
        size_t more = key.size < sizeof text - size ? key.size : sizeof text - size;
        if (more > 0)
            memcpy(text + size, key.data, more);
        int status =
            lb_unsearched_find(w->unsearched, (lb_str){text, size + more}, &number, w->error);
        if (status < 0)
            return status;
        if (known)
            known->field = number + 1;
    }
    lb_unsearched_count(w->unsearched, number);
    return LB_OK;
}

static int pass_by(walker *w, size_t at, uint32_t node, unsigned depth, lb_str key,
                   lb_known_key *known) {
    return holds_something(w->json, at) ? count_passed(w, node, depth, key, known) : LB_OK;
}

/* The name of a member of an object is a value of the member. */
static int fill_key(walker *w, uint32_t child, lb_str key, uint32_t frame) {
    uint32_t node = lb_plan_child(w->plan, child, LB_STR("key()"));
    int status = LB_OK;
    if (!node && key.size > 0)
        return count_passed(w, child, 0, LB_STR("key()"), NULL);
    for (uint32_t i = node ? w->plan->nodes[node].fills : 0; status == LB_OK && i;
         i = w->plan->fills[i - 1].next)
        status = lb_frames_fill(w->frames, frame, &w->plan->fills[i - 1], key, value_join,
                                w->scratch, w->error);
    return status;
}

/* `again`: it was walked as a record already. Of fields of one name the first counts. `seen` has a bit for each of the first 64 children. */
static int walk_object(walker *w, size_t at, uint32_t node, uint32_t frame, bool again) {
    size_t end = lb_json_after(w->json, at) - 1, place = 0;
    uint64_t seen = 0;
    for (size_t i = at + 1; i < end; i = lb_json_after(w->json, i + 1)) {
        lb_str key;
        key.data = lb_json_string(w->json, i, &key.size);
        lb_known_key *known;
        uint32_t child = lb_known_child(w->keys, w->plan, node, place++, key, &known);
        if (!child) {
            int passed = again ? LB_OK : pass_by(w, i + 1, node, 0, key, known);
            if (passed < 0)
                return passed;
            continue;
        }
        if (w->plan->nodes[child].kind == LB_STEP_FIELD) {
            uint32_t number = child - w->plan->nodes[node].first_child;
            uint64_t bit = number < 64 ? (uint64_t)1 << number : 0;
            if (seen & bit) { /* the second of one name */
                int passed = pass_by(w, i + 1, child, 0, (lb_str){0}, NULL);
                if (passed < 0)
                    return passed;
                continue;
            }
            seen |= bit;
        }
        uint32_t opened = (uint32_t)w->frames->count;
        int status = walk_child(w, i + 1, child, frame);
        if (status == LB_OK && w->plan->nodes[child].kind == LB_STEP_VALUES)
            status = fill_key(w, child, key, w->frames->count > opened ? opened : frame);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static bool fits_structure(lb_json json, size_t at) {
    char type = lb_json_type(json, at);
    lb_str value;
    if (type != '"')
        return type != '[' && type != '{';
    value.data = lb_json_string(json, at, &value.size);
    return lb_structure_fits(value);
}

static int walk(walker *w, size_t at, uint32_t node, uint32_t frame) {
    if (w->plan->nodes[node].structural)
        return fits_structure(w->json, at) ? LB_OK : pass_by(w, at, node, 0, (lb_str){0}, NULL);
    int status = fill(w, at, node, frame);
    if (status < 0 || !w->plan->nodes[node].first_child)
        return status;
    char type = lb_json_type(w->json, at);
    bool wanted = type == '[' || (type == '{' && w->plan->has_records);
    uint32_t child = wanted ? lb_plan_elements(w->plan, node) : 0;
    if (type == '{') {
        bool lone = child && w->plan->nodes[child].level == LB_LEVEL_RECORD;
        status = lone ? walk_child(w, at, child, frame) : LB_OK; /* for an array of one */
        return status < 0 ? status : walk_object(w, at, node, frame, lone);
    }
    if (type != '[' || !child) /* of another kind than what the mapping goes through */
        return w->plan->nodes[node].fills ? LB_OK : pass_by(w, at, node, 0, (lb_str){0}, NULL);
    size_t end = lb_json_after(w->json, at) - 1;
    for (size_t i = at + 1; status == LB_OK && i < end; i = lb_json_after(w->json, i))
        status = walk_child(w, i, child, frame);
    return status;
}

static int parse_record(lb_block *block, const char *data, size_t size, lb_json *json,
                        const char **what, lb_error *error) {
    bool mendable;
    int status = lb_json_parse(block->json, data, size, json, what, &mendable, error);
    if (status != 1 || !mendable)
        return status;
    uint64_t replaced = 0;
    block->mended.size = 0;
    status = lb_json_mend((lb_str){data, size}, &block->mended, &replaced, error);
    if (status == LB_OK)
        status = lb_buffer_reserve(&block->mended, LB_JSON_PADDING, error);
    if (status < 0)
        return status;
    const char *again;
    status = lb_json_parse(block->json, block->mended.data, block->mended.size, json, &again,
                           &mendable, error);
    if (status == LB_OK)
        block->counts.replaced_bytes += replaced;
    return status;
}

static int read_record(lb_block *block, lb_emitter *emitter, const char *data, size_t size,
                       uint64_t line, uint64_t byte, lb_error *error) {
    lb_json json;
    const char *what;
    int status = parse_record(block, data, size, &json, &what, error);
    if (status == LB_OK && lb_json_type(json, 1) != '{') {
        what = "the record is no JSON object";
        status = 1;
    }
    if (status == 1)
        return lb_block_reject(block, line, byte, size, what, error);
    if (status < 0)
        return status;
    lb_arena_reset(block->scratch);
    status = lb_frames_begin(&block->frames, emitter->plan, error);
    walker w = {json,         emitter->plan,      &block->frames, block->scratch,
                &block->keys, &block->unsearched, error};
    block->unsearched.line = line;
    block->unsearched.byte = byte;
    if (status == LB_OK)
        status = walk(&w, 1, 0, 0);
    if (status == LB_OK)
        status = lb_emit(emitter, &block->frames, line, byte, error);
    return status < 0 ? status
                      : lb_unsearched_note_lost(&block->unsearched, emitter->plan, &block->frames,
                                                LB_STR(""), error);
}

/* A line without the blanks around it, and without the byte order mark that joined files leave. */
static lb_str record_of(const char *data, const lb_piece *piece) {
    lb_str text = {data + piece->at, piece->size};
    size_t mark = lb_utf8_mark(text);
    text = (lb_str){text.data + mark, text.size - mark};
    while (text.size > 0 && lb_is_blank(text.data[0]))
        text = (lb_str){text.data + 1, text.size - 1};
    while (text.size > 0 && lb_is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

int lb_json_read(lb_block *block, lb_emitter *emitter, lb_error *error) {
    const char *data = block->data.data;
    size_t counted = 0;
    uint64_t line = block->line;
    if (!block->json && !(block->json = lb_json_parser_new()))
        return lb_fail_memory(error, "parsing JSON");
    if (!block->scratch && !(block->scratch = lb_arena_new()))
        return lb_fail_memory(error, "parsing JSON");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < block->pieces.count; i++) {
        const lb_piece *piece = &block->pieces.items[i];
        lb_str text = piece->fault ? (lb_str){data + piece->at, 0} : record_of(data, piece);
        size_t at = (size_t)(text.data - data);
        line += lb_str_count_lines((lb_str){data + counted, at - counted});
        counted = at;
        if (piece->fault)
            status = lb_block_reject_piece(block, piece, line, error);
        else if (text.size > 0)
            status =
                read_record(block, emitter, text.data, text.size, line, block->byte + at, error);
    }
    return status;
}

/* What the fields of a record are, for the catalogue. */
typedef struct noter {
    lb_json json;
    lb_catalogue *catalogue;
    lb_arena *scratch;
    lb_step steps[FLATTEN_DEPTH];
    lb_path iterated[LB_KEYS]; /* objects whose members the mapping goes through */
    size_t iterated_count;
    lb_path record, children; /* of a tree; count 0: it is none */
    lb_error *error;
} noter;

/* Notes where the mapping, if there is one already, goes through the members of objects, or down a
 * tree. */
static int note_patterns(noter *n, const lb_mapping *mapping, lb_arena *arena) {
    for (size_t i = 0; i < LB_KEYS; i++) {
        const char *text = mapping->keys[i].count > 0 ? mapping->keys[i].paths[0] : "";
        lb_path path;
        if (!strstr(text, "{}"))
            continue;
        int status = lb_path_parse(&path, text, "the field mapping", arena, n->error);
        if (status < 0)
            return status;
        while (path.steps[path.count - 1].kind != LB_STEP_VALUES)
            path.count--;
        n->iterated[n->iterated_count++] = path;
    }
    if (!mapping->children || mapping->keys[LB_KEY_RECORD].count == 0)
        return LB_OK;
    int status =
        lb_path_parse(&n->record, mapping->keys[LB_KEY_RECORD].paths[0], "record", arena, n->error);
    return status < 0 ? status
                      : lb_path_parse(&n->children, mapping->children, "children", arena, n->error);
}

/* Are the members of the object at this depth all one, by the mapping? */
static bool goes_through(const noter *n, size_t depth) {
    for (size_t i = 0; i < n->iterated_count; i++) {
        lb_path path = {n->iterated[i].steps, n->iterated[i].count - 1};
        if (path.count == depth && lb_path_matches((lb_path){n->steps, depth}, path))
            return true;
    }
    return false;
}

/* Is it the list of what hangs below a record of a tree? What is in there is like the record. */
static bool is_below(const noter *n, size_t depth) {
    if (n->children.count == 0 || depth != n->record.count + n->children.count)
        return false;
    lb_path end = {n->steps + n->record.count, n->children.count};
    return lb_path_begins((lb_path){n->steps, depth}, n->record) &&
           lb_path_matches(end, n->children);
}

static int note(noter *n, size_t at, size_t depth) {
    char type = lb_json_type(n->json, at);
    lb_kind kind = LB_KIND_CONTAINER;
    if (type == '"')
        kind = LB_KIND_STRING;
    else if (type == 't' || type == 'f')
        kind = LB_KIND_BOOLEAN;
    else if (type == 'n')
        kind = LB_KIND_NULL;
    else if (type != '[' && type != '{')
        kind = LB_KIND_NUMBER;
    lb_str text;
    int status = scalar_text(n->json, at, &text, n->scratch, n->error);
    if (status == LB_OK && depth > 0)
        status = lb_catalogue_note(n->catalogue, (lb_path){n->steps, depth}, kind, text, n->error);
    if (status < 0 || kind != LB_KIND_CONTAINER || depth == FLATTEN_DEPTH)
        return status;
    size_t end = lb_json_after(n->json, at) - 1;
    if (is_below(n, depth))
        return LB_OK;
    bool through = type == '{' && goes_through(n, depth);
    for (size_t i = at + 1; status == LB_OK && i < end; i = lb_json_after(n->json, i)) {
        n->steps[depth] = (lb_step){.kind = through ? LB_STEP_VALUES : LB_STEP_ELEMENTS};
        if (through)
            i++;
        else if (type == '{') {
            n->steps[depth].kind = LB_STEP_FIELD;
            n->steps[depth].name.data = lb_json_string(n->json, i, &n->steps[depth].name.size);
            i++;
        }
        status = note(n, i, depth + 1);
    }
    return status;
}

static int note_record(noter *n, lb_block *block, lb_str text) {
    const char *what;
    int status = parse_record(block, text.data, text.size, &n->json, &what, n->error);
    if (status < 0 || status == 1 || lb_json_type(n->json, 1) != '{')
        return status < 0 ? status : LB_OK;
    lb_arena_reset(n->scratch);
    lb_catalogue_begin_record(n->catalogue);
    return note(n, 1, 0);
}

int lb_json_note(lb_source_state *source, lb_head head, lb_error *error) {
    lb_block *block = lb_block_new();
    noter n = {.catalogue = source->catalogue, .scratch = lb_arena_new(), .error = error};
    int status = LB_OK;
    if (!block || !n.scratch || !(block->json = lb_json_parser_new()))
        status = lb_fail_memory(error, "parsing JSON");
    lb_arena *paths = lb_arena_new();
    if (status == LB_OK)
        status = paths ? note_patterns(&n, &source->mapping, paths)
                       : lb_fail_memory(error, "parsing JSON");
    lb_slicer slicer = lb_slicer_begin(source->cut, source->delimiter);
    lb_pieces pieces = {0};
    if (status == LB_OK)
        status = lb_slicer_next(&slicer, head.data, head.size, head.whole, &pieces, error);
    for (size_t i = 0; status == LB_OK && i < pieces.count &&
                       lb_catalogue_records(source->catalogue) < LB_HEAD_RECORDS;
         i++) {
        lb_str text = record_of(head.data, &pieces.items[i]);
        if (text.size > 0 && !pieces.items[i].fault)
            status = note_record(&n, block, text);
    }
    lb_free(pieces.items);
    lb_arena_free(paths);
    lb_arena_free(n.scratch);
    lb_block_free(block);
    return status;
}
