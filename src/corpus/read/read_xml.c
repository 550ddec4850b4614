#include "corpus/read/read_xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

#include "base/utf8.h"
#include "corpus/value/structure.h"

/* One pass of libxml2's push parser. Elements on the way from the root to here are on a stack;
 * inside a record their text is gathered, and their place in the plan is known. Outside of records
 * only attributes matter: those of the elements around a record are inherited by it. */
typedef struct element {
    uint32_t node;     /* in the plan; NO_NODE: nothing below is wanted */
    size_t name, text; /* offsets into names and texts */
    size_t first_text; /* end of the text before the first child; SIZE_MAX: no child yet */
    bool covered;      /* its text is part of a value that is taken */
    bool early, late;  /* it has text of its own before its first child, and behind */
} element;

static const uint32_t no_node = UINT32_MAX;

typedef struct outer_value { /* an attribute of an element around the records */
    lb_str value;            /* owned */
    size_t depth;            /* of its element */
    uint32_t node;
    bool taken; /* by a record that has none of its own */
} outer_value;

typedef struct xml_reader {
    lb_reader base;
    lb_source_state *source;
    xmlParserCtxtPtr parser;
    const char *const *records; /* "Post", "Session.Posts.Post": ends of the paths to records */
    lb_catalogue *noting;       /* NULL: messages are made */
    bool noting_all;            /* from the root, not from records */
    element *stack;
    size_t depth, capacity;
    size_t record_depth;    /* of the record's element; 0: outside */
    lb_buffer names, texts; /* of the stack: "Session.Posts.Post", gathered text */
    outer_value *outer;     /* [slots] */
    uint64_t line, byte;
    lb_frames frames; /* of the record, which may go on in the next block */
    lb_arena *scratch;
    lb_buffer whole; /* a chunk with what was left of the last one, repaired */
    size_t held;     /* bytes at the end of `whole` that begin a character */
    char tail[4];
    bool repair; /* the document is UTF-8, so that it can be repaired */
    lb_emitter *emitter;
    lb_unsearched *unsearched; /* of the block */
    lb_error *error;
    int status;
    bool foreign; /* it declared an entity */
} xml_reader;

static void stop(xml_reader *r, int status) {
    if (status < 0 && r->status == LB_OK) {
        r->status = status;
        xmlStopParser(r->parser);
    }
}

static const char *element_path(const xml_reader *r) {
    return r->names.data;
}

/* Does the path from the root end in the record's name? */
static bool is_record(const xml_reader *r) {
    if (r->noting_all)
        return r->depth == 1;
    size_t n = strlen(element_path(r));
    for (size_t i = 0; i < LB_PATHS_MAX && r->records[i]; i++) {
        size_t m = strlen(r->records[i]);
        if (n >= m && strcmp(element_path(r) + n - m, r->records[i]) == 0 &&
            (n == m || element_path(r)[n - m - 1] == '.'))
            return true;
    }
    return false;
}

static int push(xml_reader *r, const char *name) {
    void *grown = lb_grow(r->stack, &r->capacity, r->depth + 1, sizeof(element), r->error);
    if (!grown)
        return LB_E_RESOURCE;
    r->stack = grown;
    element *e = &r->stack[r->depth++];
    *e = (element){
        .node = no_node, .name = r->names.size, .text = r->texts.size, .first_text = SIZE_MAX};
    int status = r->depth > 1 ? lb_buffer_append(&r->names, ".", 1, r->error) : LB_OK;
    if (status == LB_OK)
        status = lb_buffer_append(&r->names, name, strlen(name), r->error);
    if (status == LB_OK)
        status = lb_buffer_reserve(&r->names, 1, r->error);
    if (status == LB_OK)
        r->names.data[r->names.size] = '\0';
    return status;
}

static void pop(xml_reader *r) {
    r->names.size = r->stack[--r->depth].name;
    if (r->names.data)
        r->names.data[r->names.size] = '\0';
}

/* The steps from the record (or the root) to the current element, and one more name. */
static int note_value(xml_reader *r, const char *last, lb_kind kind, lb_str value) {
    enum { STEPS_MAX = 64 };
    lb_step steps[STEPS_MAX];
    size_t count = 0, first = r->noting_all ? 0 : r->record_depth;
    for (size_t i = first; i < r->depth && count < STEPS_MAX - 1; i++) {
        size_t from = r->stack[i].name + (i > 0);
        size_t to = i + 1 < r->depth ? r->stack[i + 1].name : r->names.size;
        steps[count++] = (lb_step){LB_STEP_FIELD, {r->names.data + from, to - from}};
    }
    if (last)
        steps[count++] = (lb_step){LB_STEP_FIELD, lb_str_of(last)};
    if (count == 0)
        return LB_OK;
    return lb_catalogue_note(r->noting, (lb_path){steps, count}, kind, value, r->error);
}

static int fill(xml_reader *r, uint32_t node, lb_str value) {
    const lb_plan *plan = r->emitter->plan;
    for (uint32_t i = plan->nodes[node].fills; i; i = plan->fills[i - 1].next) {
        const lb_plan_fill *fill = &plan->fills[i - 1];
        lb_str copy = {lb_arena_copy(r->scratch, value.data, value.size), value.size};
        if (!copy.data)
            return lb_fail_memory(r->error, "reading XML");
        int status = lb_frames_fill(&r->frames, 1, fill, copy,
                                    fill->slot == LB_SLOT_TEXT ? plan->mapping->text_join : ", ",
                                    r->scratch, r->error);
        if (status < 0)
            return status;
    }
    return LB_OK;
}

static void set_place(xml_reader *r) {
    long byte = xmlByteConsumed(r->parser);
    r->unsearched->line = (uint64_t)xmlSAX2GetLineNumber(r->parser);
    r->unsearched->byte = byte > 0 ? (uint64_t)byte : 0;
}

/* No record took the value of the slot: each had its own, or the next element around has. */
static int pass_outer(xml_reader *r, size_t slot) {
    enum { LONGEST = 512 };
    char text[LONGEST];
    const outer_value *outer = &r->outer[slot];
    if (outer->taken || outer->value.size == 0)
        return LB_OK;
    size_t size = outer->depth < r->depth ? r->stack[outer->depth].name : r->names.size;
    size = size < LONGEST / 2 ? size : LONGEST / 2;
    memcpy(text, r->names.data, size);
    text[size++] = '.';
    size += lb_plan_path(r->emitter->plan, outer->node, text + size, sizeof text - size);
    set_place(r);
    return lb_unsearched_note(r->unsearched, (lb_str){text, size}, r->error);
}

/* An attribute of an element around the records: kept until that element ends. */
static int fill_outer(xml_reader *r, uint32_t node, lb_str value) {
    const lb_plan *plan = r->emitter->plan;
    for (uint32_t i = plan->nodes[node].fills; i; i = plan->fills[i - 1].next) {
        uint32_t slot = plan->fills[i - 1].slot;
        int status = pass_outer(r, slot);
        if (status < 0)
            return status;
        char *copy = lb_alloc(value.size + 1, 1);
        if (!copy)
            return lb_fail_memory(r->error, "reading XML");
        memcpy(copy, value.data, value.size);
        lb_free((void *)(uintptr_t)r->outer[slot].value.data);
        r->outer[slot] = (outer_value){{copy, value.size}, r->depth, node, false};
    }
    return LB_OK;
}

static int forget_outer(xml_reader *r) {
    int status = LB_OK;
    for (size_t slot = 0; status == LB_OK && r->outer && slot < r->source->plan.slots; slot++)
        if (r->outer[slot].depth == r->depth && r->outer[slot].value.data) {
            status = pass_outer(r, slot);
            lb_free((void *)(uintptr_t)r->outer[slot].value.data);
            r->outer[slot] = (outer_value){0};
        }
    return status;
}

/* No measure looks at the current element, or at this of it: an attribute, its own text, ... */
static int pass_by(xml_reader *r, const char *part) {
    char text[512];
    int size = snprintf(text, sizeof text, "%s%s%s", r->depth ? element_path(r) : "",
                        part && r->depth ? "." : "", part ? part : "");
    size_t most = sizeof text - 1;
    set_place(r);
    return lb_unsearched_note(r->unsearched,
                              (lb_str){text, (size_t)size < most ? (size_t)size : most}, r->error);
}

static int take_attribute(xml_reader *r, const char *name, lb_str value) {
    char text[256];
    if (snprintf(text, sizeof text, "@%s", name) >= (int)sizeof text)
        return LB_OK;
    if (r->noting && r->record_depth)
        return note_value(r, text, LB_KIND_STRING, value);
    if (r->noting) { /* of an element around the records, which inherit it */
        lb_step step = {LB_STEP_FIELD, lb_str_of(text)};
        return lb_catalogue_note(r->noting, (lb_path){&step, 1}, LB_KIND_STRING, value, r->error);
    }
    bool inside = r->record_depth > 0;
    uint32_t parent = inside ? r->stack[r->depth - 1].node : 0;
    uint32_t node =
        parent == no_node ? 0 : lb_plan_child(r->emitter->plan, parent, lb_str_of(text));
    bool passed = !node || (r->emitter->plan->nodes[node].structural && !lb_structure_fits(value));
    if (passed)
        return value.size > 0 ? pass_by(r, text) : LB_OK;
    return inside ? fill(r, node, value) : fill_outer(r, node, value);
}

static int begin_record(xml_reader *r) {
    r->record_depth = r->depth;
    r->texts.size = 0;
    r->stack[r->depth - 1].text = 0;
    r->stack[r->depth - 1].node = 0;
    r->line = (uint64_t)xmlSAX2GetLineNumber(r->parser);
    long byte = xmlByteConsumed(r->parser);
    r->byte = byte > 0 ? (uint64_t)byte : 0;
    if (r->noting) {
        lb_catalogue_begin_record(r->noting);
        return LB_OK;
    }
    uint32_t number;
    lb_arena_reset(r->scratch);
    int status = lb_frames_begin(&r->frames, r->emitter->plan, r->error);
    if (status == LB_OK)
        status = lb_frames_open(&r->frames, 0, 0, LB_LEVEL_RECORD, &number, r->error);
    for (size_t slot = 0; status == LB_OK && slot < r->emitter->plan->slots; slot++)
        r->frames.values[slot] = r->outer[slot].value;
    return status;
}

static int open_element(xml_reader *r, const char *name, int attributes,
                        const xmlChar **attribute) {
    if (r->record_depth && r->stack[r->depth - 1].first_text == SIZE_MAX)
        r->stack[r->depth - 1].first_text = r->texts.size;
    uint32_t parent = r->record_depth ? r->stack[r->depth - 1].node : no_node;
    int status = push(r, name);
    if (status < 0)
        return status;
    if (r->record_depth && parent != no_node && !r->noting) {
        uint32_t node = lb_plan_child(r->emitter->plan, parent, lb_str_of(name));
        r->stack[r->depth - 1].node = node ? node : no_node;
        r->stack[r->depth - 1].covered =
            r->stack[r->depth - 2].covered || (node && r->emitter->plan->nodes[node].fills);
    } else if (!r->record_depth && is_record(r))
        status = begin_record(r);
    for (int i = 0; status == LB_OK && i < attributes; i++, attribute += 5)
        status = take_attribute(
            r, (const char *)attribute[0],
            (lb_str){(const char *)attribute[3], (size_t)(attribute[4] - attribute[3])});
    return status;
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                    int namespaces, const xmlChar **namespace, int attributes, int defaulted,
                    const xmlChar **attribute) {
    (void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
    xml_reader *r = context;
    if (r->status == LB_OK)
        stop(r, open_element(r, (const char *)name, attributes, attribute));
}

static bool is_blank(lb_str text) {
    for (size_t i = 0; i < text.size; i++)
        if (!strchr(" \t\r\n", text.data[i]) || !text.data[i])
            return false;
    return true;
}

/* An element with text of its own is a string, whatever it has below; text() is listed where it
 * says something else than the element. */
static int note_element(xml_reader *r, lb_str all, lb_str first, bool children) {
    bool top = !r->noting_all && r->depth == r->record_depth;
    int status = LB_OK;
    if (!is_blank(first) && (children || top))
        status = note_value(r, "text()", LB_KIND_STRING, first);
    bool container = children && is_blank(first);
    return status < 0 || top
               ? status
               : note_value(r, NULL, container ? LB_KIND_CONTAINER : LB_KIND_STRING, all);
}

/* Of an element that is not taken as a whole only the text before its first child can be. */
static int fill_element(xml_reader *r, const element *e, lb_str all, lb_str first) {
    int status = LB_OK;
    const element *around = r->depth == r->record_depth ? NULL : &r->stack[r->depth - 2];
    if (e->node == no_node)
        return around && around->node != no_node && !around->covered && !is_blank(all)
                   ? pass_by(r, NULL)
                   : LB_OK;
    if (r->emitter->plan->nodes[e->node].structural)
        return lb_structure_fits(all) ? LB_OK : pass_by(r, NULL);
    if (around)
        status = fill(r, e->node, all);
    uint32_t node = lb_plan_child(r->emitter->plan, e->node, LB_STR("text()"));
    if (status == LB_OK && node)
        status = fill(r, node, first);
    bool passed = !e->covered && (e->late || (e->early && !node));
    return status == LB_OK && passed ? pass_by(r, "text()") : status;
}

static int emit_record(xml_reader *r) {
    int status = lb_emit(r->emitter, &r->frames, r->line, r->byte, r->error);
    if (status < 0)
        return status;
    r->unsearched->line = r->line;
    r->unsearched->byte = r->byte;
    for (size_t slot = 0; slot < r->frames.slots; slot++)
        r->outer[slot].taken =
            r->outer[slot].taken || !r->frames.values[r->frames.slots + slot].data;
    return lb_unsearched_note_lost(r->unsearched, r->emitter->plan, &r->frames,
                                   lb_str_of(element_path(r)), r->error);
}

static int close_element(xml_reader *r) {
    const element *e = &r->stack[r->depth - 1];
    int status = LB_OK;
    if (r->record_depth) {
        static const char none[] = "";
        const char *texts = r->texts.data ? r->texts.data : none;
        bool children = e->first_text != SIZE_MAX;
        lb_str all = {texts + e->text, r->texts.size - e->text};
        lb_str first = {all.data, children ? e->first_text - e->text : all.size};
        status = r->noting ? note_element(r, all, first, children) : fill_element(r, e, all, first);
    } else if (!r->noting)
        status = forget_outer(r);
    if (status == LB_OK && r->record_depth == r->depth) {
        r->record_depth = 0;
        if (!r->noting)
            status = emit_record(r);
    }
    pop(r);
    return status;
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    xml_reader *r = context;
    if (r->status == LB_OK && r->depth > 0)
        stop(r, close_element(r));
}

static void on_text(void *context, const xmlChar *text, int size) {
    xml_reader *r = context;
    if (r->status < 0 || r->depth == 0)
        return;
    element *e = &r->stack[r->depth - 1];
    bool *seen = e->first_text == SIZE_MAX ? &e->early : &e->late;
    bool said = !*seen && !is_blank((lb_str){(const char *)text, (size_t)size});
    if (r->record_depth) {
        *seen = *seen || said;
        stop(r, lb_buffer_append(&r->texts, text, (size_t)size, r->error));
    } else if (!r->noting && said)
        stop(r, pass_by(r, NULL)); /* beside the records */
}

/* What no path can lead to. */
static void pass_aside(xml_reader *r, const char *what, const xmlChar *text) {
    if (r->status == LB_OK && !r->noting && text && !is_blank(lb_str_of((const char *)text)))
        stop(r, pass_by(r, what));
}

static void on_comment(void *context, const xmlChar *text) {
    pass_aside(context, "comment()", text);
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *text) {
    (void)target;
    pass_aside(context, "processing-instruction()", text);
}

/* Entities of the document's own are how XML is made to explode or to read other files. No corpus
 * needs them: they are refused. */
static void on_entity(void *context, const xmlChar *name, int type, const xmlChar *public,
                      const xmlChar *system, xmlChar *content) {
    (void)name, (void)type, (void)public, (void)system, (void)content;
    xml_reader *r = context;
    r->foreign = true;
    if (r->status == LB_OK)
        stop(r, lb_fail(r->error, LB_E_INPUT, r->source->facts.path,
                        "expand the entities first: xmllint --noent",
                        "the XML declares entities of its own, which are not read"));
}

static void be_silent(void *context, const char *message, ...) {
    (void)context, (void)message;
}

static xmlParserInputPtr load_nothing(void *context, const xmlChar *public, const xmlChar *system) {
    (void)context, (void)public, (void)system;
    return NULL;
}

static int make_parser(xml_reader *r) {
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_open,
                         .endElementNs = on_close,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text,
                         .comment = on_comment,
                         .processingInstruction = on_instruction,
                         .entityDecl = on_entity,
                         .resolveEntity = load_nothing,
                         .error = be_silent,
                         .warning = be_silent,
                         .fatalError = be_silent};
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (!r->parser)
        return lb_fail_memory(r->error, "reading XML");
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                     XML_PARSE_NOENT); /* else &amp; in an attribute stays &#38; */
    return LB_OK;
}

/* Bytes at the end that begin a character and do not end it. */
static size_t unfinished(const char *data, size_t size) {
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        unsigned char c = (unsigned char)data[size - back];
        if (c >= 0xC0)
            return back < (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) ? back : 0;
        if (c < 0x80)
            return 0;
    }
    return 0;
}

/* A declared encoding other than UTF-8 is libxml2's affair. */
static bool declares_other_encoding(const char *data, size_t size) {
    static const char word[] = "encoding=";
    size = size < 200 ? size : 200;
    for (size_t i = 0; i + sizeof word + 6 < size && data[i] != '>'; i++)
        if (memcmp(data + i, word, sizeof word - 1) == 0) {
            const char *value = data + i + sizeof word;
            return (value[0] | 32) != 'u' || (value[1] | 32) != 't' || (value[2] | 32) != 'f' ||
                   strncmp(value + 3, "-8", 2) != 0;
        }
    return false;
}

static int mend(xml_reader *r, const char **data, size_t *size, bool last, uint64_t *replaced) {
    if (!r->repair)
        return LB_OK;
    if (r->held > 0) {
        r->whole.size = 0;
        int status = lb_buffer_append(&r->whole, r->tail, r->held, r->error);
        if (status == LB_OK)
            status = lb_buffer_append(&r->whole, *data, *size, r->error);
        if (status < 0)
            return status;
        *data = r->whole.data;
        *size = r->whole.size;
    }
    r->held = last ? 0 : unfinished(*data, *size);
    if (r->held > 0)
        memcpy(r->tail, *data + *size - r->held, r->held);
    *size -= r->held;
    if (*size == 0 || lb_utf8_valid(*data, *size))
        return LB_OK;
    lb_buffer repaired = {0};
    int status = lb_utf8_repair((lb_str){*data, *size}, &repaired, replaced, r->error);
    lb_buffer_free(&r->whole);
    r->whole = repaired;
    *data = repaired.data;
    *size = repaired.size;
    return status;
}

static int fail_xml(const xml_reader *r) {
    const xmlError *problem = xmlCtxtGetLastError(r->parser);
    char where[LB_ERROR_WHERE_MAX];
    snprintf(where, sizeof where, "%s:%d", r->source->facts.path, problem ? problem->line : 1);
    if (problem && problem->code == XML_ERR_DOCUMENT_END && r->depth > 0)
        return lb_fail(r->error, LB_E_INPUT, where, "check that the download is complete",
                       "the XML ends within an element: it is cut short");
    if (problem && problem->code == XML_ERR_NO_MEMORY)
        return lb_fail_memory(r->error, "reading XML");
    const char *message = problem && problem->message ? problem->message : "unknown error";
    return lb_fail(r->error, LB_E_INPUT, where, "check that the file is whole and well-formed",
                   "the XML is malformed: %.*s", (int)strcspn(message, "\n"), message);
}

static int feed(xml_reader *r, const char *data, size_t size, bool last, uint64_t *replaced) {
    if (r->parser->input && r->parser->input->consumed == 0 && r->depth == 0 &&
        declares_other_encoding(data, size))
        r->repair = false;
    int status = mend(r, &data, &size, last, replaced);
    if (status < 0)
        return status;
    xmlParseChunk(r->parser, data, (int)size, last);
    if (r->status < 0)
        return r->status;
    return r->parser->wellFormed ? LB_OK : fail_xml(r);
}

static int read_chunk(lb_reader *reader, lb_block *block, lb_emitter *emitter, bool last,
                      lb_error *error) {
    xml_reader *r = (xml_reader *)reader;
    r->emitter = emitter;
    r->unsearched = &block->unsearched;
    r->error = error;
    return feed(r, block->data.data, block->data.size, last, &block->counts.replaced_bytes);
}

/* What is left of an element goes on with the bytes that follow. */
static bool is_pending(const lb_reader *reader) {
    (void)reader;
    return false;
}

static void free_reader(lb_reader *reader) {
    xml_reader *r = (xml_reader *)reader;
    if (!r)
        return;
    for (size_t slot = 0; r->outer && slot < r->source->plan.slots; slot++)
        lb_free((void *)(uintptr_t)r->outer[slot].value.data);
    lb_free(r->outer);
    if (r->parser) {
        if (r->parser->myDoc)
            xmlFreeDoc(r->parser->myDoc);
        xmlFreeParserCtxt(r->parser);
    }
    lb_free(r->stack);
    lb_buffer_free(&r->names);
    lb_buffer_free(&r->texts);
    lb_buffer_free(&r->whole);
    lb_frames_free(&r->frames);
    lb_arena_free(r->scratch);
    lb_free(r);
}

int lb_xml_reader_open(lb_reader **out, lb_source_state *source, lb_error *error) {
    xml_reader *r = lb_alloc_zero(1, sizeof *r);
    *out = (lb_reader *)r;
    if (!r)
        return lb_fail_memory(error, "reading XML");
    r->base = (lb_reader){read_chunk, is_pending, free_reader};
    r->source = source;
    r->error = error;
    r->repair = true;
    r->records = source->mapping.keys[LB_KEY_RECORD].paths;
    r->scratch = lb_arena_new();
    if (!r->scratch)
        return lb_fail_memory(error, "reading XML");
    if (source->plan.slots) {
        r->outer = lb_alloc_zero(source->plan.slots, sizeof *r->outer);
        if (!r->outer)
            return lb_fail_memory(error, "reading XML");
    }
    return make_parser(r);
}

/* Without a record in the mapping all paths are noted, from the root; else those of the records. A
 * head that is cut off is no error. */
int lb_xml_note(lb_source_state *source, lb_head head, lb_error *error) {
    lb_reader *reader;
    int status = lb_xml_reader_open(&reader, source, error);
    xml_reader *r = (xml_reader *)reader;
    if (status == LB_OK) {
        uint64_t replaced = 0;
        r->noting = source->catalogue;
        r->noting_all = r->records[0] == NULL;
        status = feed(r, head.data, head.size, head.whole, &replaced);
        if (status == LB_E_INPUT && !head.whole && !r->foreign && error)
            *error = (lb_error){0};
        if (status == LB_E_INPUT && !head.whole && !r->foreign)
            status = LB_OK;
    }
    free_reader(reader);
    return status;
}
