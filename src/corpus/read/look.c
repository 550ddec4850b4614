#include "corpus/read/look.h"

#include <regex.h>
#include <stdio.h>

#include "base/file.h"
#include "base/utf8.h"
#include "corpus/read/containers.h"
#include "corpus/read/guess.h"
#include "corpus/read/read_json.h"
#include "corpus/read/read_xml.h"
#include "corpus/read/sniff.h"

static int read_more(lb_source_state *source, size_t wanted, lb_head *head, lb_error *error) {
    lb_buffer *buffer = &source->head;
    while (!head->whole && buffer->size < wanted) {
        size_t got, room = wanted - buffer->size;
        int status = lb_buffer_reserve(buffer, room + LB_JSON_PADDING, error);
        if (status == LB_OK)
            status = lb_input_read(source->input, buffer->data + buffer->size, room, &got, error);
        if (status < 0)
            return status;
        buffer->size += got;
        head->whole = got == 0;
    }
    head->bom = lb_utf8_mark(lb_buffer_str(buffer));
    head->data = buffer->data + head->bom;
    head->size = buffer->size - head->bom;
    return LB_OK;
}

static char first_byte(lb_head head) {
    size_t at = 0;
    while (at < head.size && strchr(" \t\r\n", head.data[at]) && head.data[at])
        at++;
    return at < head.size ? head.data[at] : '\0';
}

/* A head that holds not one record is read further while one may still be going on: where records
 * are lines and none of those seen is sound, more of them will not help. */
static bool may_go_on(const lb_source_state *source, lb_head head) {
    enum { LARGEST_HEAD = 1 << 30, ENOUGH = 4 << 20 };
    bool lines = source->container != LB_CONTAINER_JSON && source->container != LB_CONTAINER_XML;
    if (head.whole || head.size >= LARGEST_HEAD)
        return false;
    return !lines || head.size < ENOUGH || !memchr(head.data, '\n', head.size);
}

static int look(lb_source_state *source, const lb_formats *formats, lb_arena *arena,
                lb_error *error) {
    lb_head head = {0};
    int status = read_more(source, LB_HEAD_SIZE, &head, error);
    if (status < 0)
        return status;
    status = lb_source_sniff(source, head, formats, error);
    source->unsuitable = status == LB_E_INPUT;
    if (status == LB_OK)
        source->cut = lb_container_cut(source, first_byte(head));
    while (status == LB_OK) {
        source->catalogue = lb_catalogue_new();
        if (!source->catalogue)
            return lb_fail_memory(error, "looking at an input");
        source->header = NULL;
        status = lb_container_kind_of(source)->note(source, head, arena, error);
        if (status < 0 || lb_catalogue_records(source->catalogue) > 0 || !may_go_on(source, head))
            break;
        lb_catalogue_free(source->catalogue);
        source->catalogue = NULL;
        status = read_more(source, source->head.size * 4, &head, error);
    }
    if (source->catalogue)
        lb_catalogue_finish(source->catalogue);
    source->seen_head = head;
    return status;
}

/* A format that goes through the values of an object, or a tree, has fields by the thousand, named
 * by keys: they are listed anew, as the format sees them. */
static int list_by_pattern(lb_source_state *source, lb_error *error) {
    bool patterns = source->mapping.children != NULL;
    for (size_t i = 0; i < LB_KEYS; i++)
        for (size_t j = 0; j < source->mapping.keys[i].count; j++)
            patterns = patterns || strstr(source->mapping.keys[i].paths[j], "{}");
    if (!patterns || source->container == LB_CONTAINER_XML)
        return LB_OK;
    lb_catalogue *fields = lb_catalogue_new();
    if (!fields)
        return lb_fail_memory(error, "looking at an input");
    lb_catalogue_free(source->catalogue);
    source->catalogue = fields;
    int status = lb_json_note(source, source->seen_head, error);
    lb_catalogue_finish(fields);
    return status;
}

static int fail_no_record(const lb_source_state *source, lb_error *error) {
    return lb_fail(error, LB_E_INPUT, source->facts.path,
                   "name the element that holds one message with --map record=ELEMENT",
                   "no element of the XML looks like a message");
}

int lb_source_choose_record(lb_source_state *source, lb_arena *arena, lb_error *error) {
    lb_mapping_key *record = &source->mapping.keys[LB_KEY_RECORD];
    if (source->container != LB_CONTAINER_XML)
        return LB_OK;
    if (record->count == 0) {
        const lb_field *field = lb_record_guess(source->catalogue);
        if (!field)
            return fail_no_record(source, error);
        *record = (lb_mapping_key){.count = 1, .origin = LB_ORIGIN_GUESSED};
        record->paths[0] = lb_arena_copy(arena, field->name.data, field->name.size);
        if (!record->paths[0])
            return lb_fail_memory(error, "looking at an input");
    }
    lb_catalogue *fields = lb_catalogue_new();
    if (!fields)
        return lb_fail_memory(error, "looking at an input");
    lb_catalogue_free(source->catalogue);
    source->catalogue = fields;
    int status = lb_xml_note(source, source->seen_head, error);
    lb_catalogue_finish(fields);
    source->seen_head = (lb_head){0};
    if (!source->place->once)
        lb_buffer_free(&source->head);
    return status;
}

static lb_str without_endings(const char *name) {
    size_t size = strcspn(name, ".");
    return (lb_str){name, size > 0 ? size : strlen(name)};
}

/* The folder in the archive or on disk; at the top of an archive, the archive; of a file named
 * without a folder, the file. */
static lb_str folder_of(const lb_place *place) {
    const char *path = place->member ? place->member : place->path;
    const char *name = lb_file_base_name(path), *end = name > path ? name - 1 : path;
    const char *folder = end;
    while (folder > path && folder[-1] != '/')
        folder--;
    lb_str found = {folder, (size_t)(end - folder)};
    if (found.size == 0 || lb_str_equal(found, LB_STR(".")) || lb_str_equal(found, LB_STR("..")))
        found = without_endings(place->member ? place->holder : name);
    return found;
}

static int set_file_facts(lb_source_state *source, lb_arena *arena, lb_error *error) {
    const lb_place *place = source->place;
    const char *name = lb_file_base_name(place->member ? place->member : place->file);
    source->file.name = without_endings(name);
    source->file.folder = folder_of(place);
    return lb_format_file_values(source->format, name, source->file.values, arena, error);
}

/* Of a format's places for records those are left out that the input does not have. */
static int prune_records(lb_source_state *source, lb_arena *arena, lb_error *error) {
    lb_mapping_key *record = &source->mapping.keys[LB_KEY_RECORD];
    size_t kept = 0;
    if (source->container == LB_CONTAINER_XML)
        return LB_OK;
    for (size_t i = 0; i < record->count; i++) {
        lb_path path;
        int status = lb_path_parse(&path, record->paths[i], "record", arena, error);
        if (status < 0)
            return status;
        if (lb_catalogue_find(source->catalogue, record->paths[i], path))
            record->paths[kept++] = record->paths[i];
    }
    record->count = kept;
    return LB_OK;
}

static int choose_format(lb_source_state *source, const lb_formats *formats, lb_arena *arena,
                         lb_error *error) {
    const lb_signature *by = NULL;
    if (source->format) {
        if (!source->facts.why)
            source->facts.why = "named by --format";
    } else if (!source->plain)
        source->format = lb_formats_detect(formats, source->container, source->catalogue,
                                           source->facts.path, &by);
    if (!source->format) {
        source->format = lb_formats_find(formats, lb_container_names[source->container]);
        source->facts.why = "no known format has these fields";
    } else if (!source->facts.why) {
        lb_buffer text = {0};
        int status = lb_buffer_append(&text, "has ", 4, error);
        for (size_t i = 0; status == LB_OK && i < by->keys.count; i++)
            status = lb_buffer_printf(&text, error, "%s%s", i ? ", " : "", by->keys.items[i]);
        if (status == LB_OK)
            source->facts.why = lb_arena_copy(arena, text.data, text.size);
        lb_buffer_free(&text);
        if (status < 0)
            return status;
        if (!source->facts.why)
            return lb_fail_memory(error, "looking at an input");
    }
    source->mapping = source->format->mapping;
    source->facts.format = source->format->name;
    source->facts.container = lb_container_names[source->container];
    int status = prune_records(source, arena, error);
    if (status == LB_OK)
        status = list_by_pattern(source, error);
    return status < 0 ? status : set_file_facts(source, arena, error);
}

/* XML that was found beside a corpus need not be one. */
static int check_record(lb_source_state *source, lb_error *error) {
    source->unsuitable = source->container == LB_CONTAINER_XML && !source->place->table &&
                         source->mapping.keys[LB_KEY_RECORD].count == 0 &&
                         !lb_record_guess(source->catalogue);
    return source->unsuitable ? fail_no_record(source, error) : LB_OK;
}

/* The table is what holds one message per row; the reader has chosen it already. */
static int keep_table(lb_source_state *source, lb_arena *arena, lb_error *error) {
    const char *table = lb_input_table(source->input);
    if (!table)
        return LB_OK;
    lb_mapping_key *record = &source->mapping.keys[LB_KEY_RECORD];
    *record =
        (lb_mapping_key){.origin = source->place->table ? LB_ORIGIN_GIVEN : LB_ORIGIN_GUESSED};
    record->paths[0] = lb_arena_copy(arena, table, strlen(table));
    if (!record->paths[0])
        return lb_fail_memory(error, "looking at an input");
    return lb_input_other_tables(source->input, &source->others, &source->other_count, arena,
                                 error);
}

int lb_source_open(lb_source_state *source, const lb_place *place, const lb_formats *formats,
                   const char *wanted, lb_input **reuse, lb_arena *arena, lb_error *error) {
    *source = (lb_source_state){.place = place};
    source->facts.path = place->path;
    if (wanted)
        source->format = lb_formats_find(formats, wanted);
    int status = lb_input_open(&source->input, place, *reuse, error);
    *reuse = NULL;
    if (status < 0)
        return status;
    source->facts.compression = lb_input_compression(source->input);
    status = look(source, formats, arena, error);
    if (status == LB_OK)
        status = choose_format(source, formats, arena, error);
    if (status == LB_OK)
        status = check_record(source, error);
    if (status == LB_OK)
        status = keep_table(source, arena, error);
    if (!place->once) {
        *reuse = source->input;
        source->input = NULL;
        if (status < 0 || source->container != LB_CONTAINER_XML) {
            lb_buffer_free(&source->head);
            source->seen_head = (lb_head){0};
        }
    }
    return status;
}
