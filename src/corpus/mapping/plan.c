#include "corpus/mapping/plan.h"

const char lb_fields_guessed[] = "The fields were guessed by their names: ";

const char *lb_origin_name(lb_origin origin) {
    static const char *const names[] = {"", "guessed", "format", "given"};
    return names[origin];
}

const char *const lb_key_names[LB_KEYS] = {"user", "conversation", "message", "reply_to",
                                           "role", "time",         "text",    "service",
                                           "bot",  "channel",      "record",  "consent"};

typedef struct compiler {
    lb_plan *plan;
    const lb_catalogue *catalogue;
    lb_path records[LB_PATHS_MAX];
    uint32_t record_nodes[LB_PATHS_MAX];
    size_t record_count;
    const lb_file_facts *file;
    lb_arena *arena;
    lb_error *error;
} compiler;

uint32_t lb_plan_child(const lb_plan *plan, uint32_t node, lb_str name) {
    uint32_t any = 0;
    for (uint32_t i = plan->nodes[node].first_child; i; i = plan->nodes[i].next) {
        const lb_plan_node *child = &plan->nodes[i];
        if (child->kind == LB_STEP_FIELD && lb_str_equal(child->name, name))
            return i;
        if (child->kind == LB_STEP_VALUES)
            any = i;
    }
    return any;
}

uint32_t lb_plan_elements(const lb_plan *plan, uint32_t node) {
    for (uint32_t i = plan->nodes[node].first_child; i; i = plan->nodes[i].next)
        if (plan->nodes[i].kind == LB_STEP_ELEMENTS)
            return i;
    return 0;
}

static int add_node(compiler *c, uint32_t parent, const lb_step *step, uint32_t *number) {
    lb_plan *plan = c->plan;
    void *grown = lb_grow(plan->nodes, &plan->node_capacity, plan->node_count + 1,
                          sizeof(lb_plan_node), c->error);
    if (!grown)
        return LB_E_RESOURCE;
    plan->nodes = grown;
    *number = (uint32_t)plan->node_count++;
    plan->nodes[*number] = (lb_plan_node){.kind = step->kind, .name = step->name, .parent = parent};
    if (*number == 0)
        return LB_OK;
    uint32_t *link = &plan->nodes[parent].first_child;
    while (*link)
        link = &plan->nodes[*link].next;
    *link = *number;
    return LB_OK;
}

static uint32_t find_node(const lb_plan *plan, uint32_t parent, const lb_step *step) {
    for (uint32_t i = plan->nodes[parent].first_child; i; i = plan->nodes[i].next)
        if (plan->nodes[i].kind == step->kind && lb_str_equal(plan->nodes[i].name, step->name))
            return i;
    return 0;
}

static int node_of(compiler *c, uint32_t from, lb_path path, uint32_t *number) {
    *number = from;
    for (size_t i = 0; i < path.count; i++) {
        uint32_t child = find_node(c->plan, *number, &path.steps[i]);
        if (!child) {
            int status = add_node(c, *number, &path.steps[i], &child);
            if (status < 0)
                return status;
        }
        *number = child;
    }
    return LB_OK;
}

/* In place of a slot: the field is read by its structure. */
static const uint32_t no_slot = UINT32_MAX;

static int add_fill(compiler *c, uint32_t from, lb_path path, uint32_t slot, uint32_t rank) {
    lb_plan *plan = c->plan;
    uint32_t node;
    int status = node_of(c, from, path, &node);
    if (status < 0)
        return status;
    if (slot == no_slot) { /* unless it is mapped */
        plan->nodes[node].structural = !plan->nodes[node].fills && !plan->nodes[node].first_child;
        return LB_OK;
    }
    void *grown = lb_grow(plan->fills, &plan->fill_capacity, plan->fill_count + 1,
                          sizeof(lb_plan_fill), c->error);
    if (!grown)
        return LB_E_RESOURCE;
    plan->fills = grown;
    plan->fills[plan->fill_count++] =
        (lb_plan_fill){.slot = slot, .rank = rank, .next = plan->nodes[node].fills};
    plan->nodes[node].fills = (uint32_t)plan->fill_count;
    return LB_OK;
}

static int resolve(compiler *c, const char *text, lb_path *path) {
    const lb_field *field = lb_catalogue_find(c->catalogue, text, (lb_path){0});
    if (field) { /* a field of exactly this name wins over a path */
        *path = field->path;
        return LB_OK;
    }
    return lb_path_parse(path, text, "the field mapping", c->arena, c->error);
}

/* Is it file() or file(NAME)? Then the slot has one value for the whole input. */
static bool fill_constant(compiler *c, const char *text, uint32_t slot) {
    lb_str *constant = &c->plan->constants[slot];
    if (strcmp(text, "file()") == 0 || strcmp(text, "folder()") == 0) {
        *constant = text[1] == 'i' ? c->file->name : c->file->folder;
        return true;
    }
    size_t size = strlen(text);
    if (size < 7 || strncmp(text, "file(", 5) != 0 || text[size - 1] != ')')
        return false;
    const lb_mapping *mapping = c->plan->mapping;
    for (size_t i = 0; i < mapping->file_field_count; i++)
        if (lb_str_equal(lb_str_of(mapping->file_fields[i]), (lb_str){text + 5, size - 6}))
            *constant = c->file->values[i];
    return true;
}

static bool is_same_step(const lb_step *a, const lb_step *b) {
    return a->kind == b->kind && lb_str_equal(a->name, b->name);
}

/* Does the path go through records, written as they are? Then it is not relative to them. */
static bool is_inside(const compiler *c, lb_path path, size_t *length) {
    for (size_t i = 0; i < c->record_count; i++) {
        size_t same = 0;
        while (same < path.count && same < c->records[i].count &&
               is_same_step(&path.steps[same], &c->records[i].steps[same]))
            same++;
        if (same == c->records[i].count) {
            *length = same;
            return true;
        }
    }
    *length = 0;
    return false;
}

static int add_place(compiler *c, const char *text, uint32_t slot, uint32_t rank) {
    lb_path path;
    size_t length;
    if (slot != no_slot && fill_constant(c, text, slot))
        return LB_OK;
    int status = resolve(c, text, &path);
    bool outside =
        status == LB_OK && path.count > 1 && lb_str_equal(path.steps[0].name, LB_STR("$"));
    if (outside)
        path = (lb_path){path.steps + 1, path.count - 1};
    if (status == LB_OK && !outside && !is_inside(c, path, &length))
        for (size_t i = 0; status == LB_OK && i < c->record_count; i++)
            status = add_fill(c, c->record_nodes[i], path, slot, rank);
    return status < 0 ? status : add_fill(c, 0, path, slot, rank);
}

static size_t iterated_prefix(lb_path path, size_t from, bool longest) {
    size_t found = 0;
    for (size_t i = from; i < path.count; i++)
        if (path.steps[i].kind != LB_STEP_FIELD) {
            found = i + 1;
            if (!longest)
                break;
        }
    return found;
}

static int mark_turn(compiler *c, uint32_t from, lb_path path) {
    uint32_t node;
    int status = node_of(c, from, path, &node);
    if (status == LB_OK && c->plan->nodes[node].level != LB_LEVEL_TURN) {
        c->plan->nodes[node].level = LB_LEVEL_TURN;
        c->plan->turn_nodes++;
    }
    return status;
}

/* A conversation's turns: the innermost array that the text shares with the role; without a role,
 * the outermost array of the text. */
static int mark_turns(compiler *c, const char *text) {
    const lb_mapping_key *role = &c->plan->mapping->keys[LB_SLOT_ROLE];
    lb_path path, other;
    int status = resolve(c, text, &path);
    if (status < 0)
        return status;
    size_t first;
    bool inside = is_inside(c, path, &first);
    size_t turns = 0;
    for (size_t i = 0; i < role->count; i++) {
        status = resolve(c, role->paths[i], &other);
        if (status < 0)
            return status;
        size_t shared = 0;
        while (
            shared < path.count && shared < other.count &&
            lb_path_begins((lb_path){path.steps, shared + 1}, (lb_path){other.steps, shared + 1}))
            shared++;
        size_t prefix = iterated_prefix((lb_path){path.steps, shared}, first, true);
        turns = prefix > turns ? prefix : turns;
    }
    if (turns == 0)
        turns = iterated_prefix(path, first, false);
    if (turns == 0 && c->plan->mapping->mark_count > 0)
        turns = path.count;
    if (turns == 0)
        return LB_OK;
    path.count = turns;
    if (inside || c->record_count == 0)
        return mark_turn(c, 0, path);
    for (size_t i = 0; status == LB_OK && i < c->record_count; i++)
        status = mark_turn(c, c->record_nodes[i], path);
    return status;
}

static int with_elements(compiler *c, lb_path *path) {
    if (path->steps[path->count - 1].kind != LB_STEP_FIELD)
        return LB_OK;
    lb_step *steps = lb_arena_alloc(c->arena, path->count + 1, sizeof *steps);
    if (!steps)
        return lb_fail_memory(c->error, "compiling the field mapping");
    memcpy(steps, path->steps, path->count * sizeof *steps);
    steps[path->count] = (lb_step){.kind = LB_STEP_ELEMENTS};
    *path = (lb_path){steps, path->count + 1};
    return LB_OK;
}

/* `record` names an array: "messages" and "messages[]" mean the same. */
static int mark_records(compiler *c, const char *text) {
    lb_path path;
    uint32_t node;
    int status = resolve(c, text, &path);
    if (status == LB_OK)
        status = with_elements(c, &path);
    for (size_t i = 1; status == LB_OK && i < path.count; i++)
        if (path.steps[i - 1].kind != LB_STEP_FIELD) {
            status = node_of(c, 0, (lb_path){path.steps, i}, &node);
            if (status == LB_OK && c->plan->nodes[node].level == LB_LEVEL_NONE)
                c->plan->nodes[node].level = LB_LEVEL_GROUP;
        }
    if (status == LB_OK)
        status = node_of(c, 0, path, &node);
    if (status < 0)
        return status;
    c->plan->nodes[node].level = LB_LEVEL_RECORD;
    c->plan->has_records = true;
    c->records[c->record_count] = path;
    c->record_nodes[c->record_count++] = node;
    return LB_OK;
}

static int mark_children(compiler *c, const char *text) {
    lb_path path;
    int status = lb_path_parse(&path, text, "children", c->arena, c->error);
    if (status == LB_OK)
        status = with_elements(c, &path);
    for (size_t i = 0; status == LB_OK && i < c->record_count; i++) {
        uint32_t node;
        status = node_of(c, c->record_nodes[i], path, &node);
        if (status == LB_OK) {
            c->plan->nodes[node].level = LB_LEVEL_RECORD;
            c->plan->nodes[node].same_as = c->record_nodes[i];
        }
    }
    return status;
}

int lb_plan_compile(lb_plan *plan, const lb_mapping *mapping, const char *const *attributes,
                    size_t attribute_count, const lb_catalogue *catalogue,
                    const lb_file_facts *file, lb_arena *arena, lb_error *error) {
    *plan = (lb_plan){.slots = LB_SLOTS + attribute_count, .mapping = mapping};
    compiler c = {.plan = plan, .catalogue = catalogue, .file = file, .arena = arena};
    c.error = error;
    uint32_t root;
    int status = add_node(&c, 0, &(lb_step){.kind = LB_STEP_FIELD}, &root);
    plan->constants = lb_alloc_zero(plan->slots, sizeof *plan->constants);
    if (status == LB_OK && !plan->constants)
        status = lb_fail_memory(error, "compiling the field mapping");
    const lb_mapping_key *record = &mapping->keys[LB_KEY_RECORD];
    for (size_t i = 0; status == LB_OK && i < record->count; i++)
        status = mark_records(&c, record->paths[i]);
    if (status == LB_OK && mapping->children)
        status = mark_children(&c, mapping->children);
    for (uint32_t slot = 0; status == LB_OK && slot < LB_SLOTS; slot++)
        for (uint32_t i = 0; status == LB_OK && i < mapping->keys[slot].count; i++)
            status = add_place(&c, mapping->keys[slot].paths[i], slot, i + 1);
    const lb_mapping_key *text = &mapping->keys[LB_SLOT_TEXT];
    for (size_t i = 0; status == LB_OK && i < text->count; i++)
        status = mark_turns(&c, text->paths[i]);
    for (size_t i = 0; status == LB_OK && i < attribute_count; i++)
        status = add_place(&c, attributes[i], (uint32_t)(LB_SLOTS + i), 1);
    for (size_t i = 0; status == LB_OK && i < mapping->structural_count; i++)
        status = add_place(&c, mapping->structural[i], no_slot, 0);
    if (status < 0)
        lb_plan_free(plan);
    return status;
}

void lb_plan_free(lb_plan *plan) {
    lb_free(plan->nodes);
    lb_free(plan->fills);
    lb_free(plan->constants);
    *plan = (lb_plan){0};
}

int lb_frames_begin(lb_frames *frames, const lb_plan *plan, lb_error *error) {
    frames->slots = plan->slots;
    frames->count = 0;
    if (frames->lost)
        memset(frames->lost_ranks, 0, sizeof frames->lost_ranks);
    frames->lost = false;
    uint32_t number;
    return lb_frames_open(frames, 0, 0, LB_LEVEL_NONE, &number, error);
}

int lb_frames_open(lb_frames *f, uint32_t parent, uint32_t node, lb_level level, uint32_t *number,
                   lb_error *error) {
    size_t need = f->count + 1;
    if (need > UINT32_MAX / 2 || need > SIZE_MAX / f->slots)
        return lb_fail_memory(error, "holding a record");
    lb_frame *frames = lb_grow(f->frames, &f->frame_capacity, need, sizeof *frames, error);
    if (!frames)
        return LB_E_RESOURCE;
    f->frames = frames;
    lb_str *values = lb_grow(f->values, &f->value_capacity, need * f->slots, sizeof *values, error);
    if (!values)
        return LB_E_RESOURCE;
    f->values = values;
    uint32_t *ranks = lb_grow(f->ranks, &f->rank_capacity, need * f->slots, sizeof *ranks, error);
    if (!ranks)
        return LB_E_RESOURCE;
    f->ranks = ranks;
    *number = (uint32_t)f->count++;
    f->frames[*number] = (lb_frame){.parent = parent, .node = node, .level = level};
    memset(f->values + *number * f->slots, 0, f->slots * sizeof *f->values);
    memset(f->ranks + *number * f->slots, 0, f->slots * sizeof *f->ranks);
    return LB_OK;
}

void lb_frames_free(lb_frames *frames) {
    lb_free(frames->frames);
    lb_free(frames->values);
    lb_free(frames->ranks);
    lb_free(frames->turns);
    *frames = (lb_frames){0};
}

size_t lb_plan_path(const lb_plan *plan, uint32_t node, char *text, size_t size) {
    if (node == 0)
        return 0;
    const lb_plan_node *n = &plan->nodes[node];
    size_t at = lb_plan_path(plan, n->parent, text, size);
    lb_str step = n->kind == LB_STEP_FIELD      ? n->name
                  : n->kind == LB_STEP_ELEMENTS ? LB_STR("[]")
                                                : LB_STR("{}");
    if (n->kind == LB_STEP_FIELD && at > 0 && at < size)
        text[at++] = '.';
    step.size = step.size < size - at ? step.size : size - at;
    memcpy(text + at, step.data, step.size);
    return at + step.size;
}

/* An empty value has a rank of its own kind, and is no loss. */
static void lose(lb_frames *frames, uint32_t slot, uint32_t rank) {
    if (slot >= LB_SLOTS || rank == 0 || rank > LB_PATHS_MAX)
        return;
    frames->lost = true;
    frames->lost_ranks[slot] |= UINT32_C(1) << (rank - 1);
}

void lb_frames_lose(lb_frames *frames, uint32_t frame, lb_slot slot) {
    lose(frames, slot, frames->ranks[frame * frames->slots + slot]);
}

int lb_frames_fill(lb_frames *frames, uint32_t frame, const lb_plan_fill *fill, lb_str value,
                   const char *join, lb_arena *arena, lb_error *error) {
    size_t at = frame * frames->slots + fill->slot;
    lb_str *there = &frames->values[at];
    uint32_t *rank = &frames->ranks[at];
    uint32_t new_rank = fill->rank + (value.size == 0 ? LB_PATHS_MAX : 0);
    if (*rank != 0 && new_rank != *rank && !lb_str_equal(*there, value))
        lose(frames, fill->slot, new_rank < *rank ? *rank : new_rank);
    if (*rank == 0 || new_rank < *rank) {
        *there = value;
        *rank = new_rank;
        return LB_OK;
    }
    if (new_rank > *rank)
        return LB_OK;
    size_t between = strlen(join);
    char *text = lb_arena_alloc(arena, there->size + between + value.size, 1);
    if (!text)
        return lb_fail_memory(error, "joining values");
    memcpy(text, there->data, there->size);
    memcpy(text + there->size, join, between);
    memcpy(text + there->size + between, value.data, value.size);
    *there = (lb_str){text, there->size + between + value.size};
    return LB_OK;
}
