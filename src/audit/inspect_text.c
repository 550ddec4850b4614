#include <inttypes.h>

#include "audit/policy/settings.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "corpus/inspect.h"

enum { SAMPLES = 5, RECORDS = 10000, SHAPE_SHOWN = 68, PATH_COLUMNS = 32 };

/* The text under way; the first failure is kept. */
typedef struct inspect_text {
    lb_buffer text;
    int status;
    lb_error *error;
} inspect_text;

#define SAY(to, ...)                                                                               \
    do {                                                                                           \
        if ((to)->status == LB_OK)                                                                 \
            (to)->status = lb_buffer_printf(&(to)->text, (to)->error, __VA_ARGS__);                \
    } while (0)

/* Names of files, fields and roles come from the input: what would be acted upon is replaced. */
static void say_clean(inspect_text *to, lb_str text) {
    lb_buffer repaired = {0};
    uint64_t replaced = 0;
    if (to->status == LB_OK)
        to->status = lb_utf8_repair(text, &repaired, &replaced, to->error);
    for (size_t at = 0, length = 1; to->status == LB_OK && at < repaired.size; at += length) {
        unsigned bytes;
        bool safe = !lb_shown_acts(lb_utf8_decode(repaired.data + at, &bytes)) &&
                    !lb_shown_commands(lb_buffer_str(&repaired), at);
        length = bytes;
        to->status = lb_buffer_append(&to->text, safe ? repaired.data + at : "?", safe ? length : 1,
                                      to->error);
    }
    lb_buffer_free(&repaired);
}

static void say_source(inspect_text *to, const lb_inspect_source *inspected) {
    const lb_source *source = inspected->source;
    say_clean(to, lb_str_of(source->path));
    SAY(to, "\n  container %s%s%s, format %s (", source->container,
        strcmp(source->compression, "none") != 0 ? " in " : "",
        strcmp(source->compression, "none") != 0 ? source->compression : "", source->format);
    say_clean(to, lb_str_of(source->why));
    SAY(to, ")\n\n  field of     where                            from\n");
    for (size_t i = 0; i < inspected->key_count; i++) {
        const lb_inspect_key *key = &inspected->keys[i];
        size_t size = strlen(key->path);
        SAY(to, "  %-12s ", key->key);
        say_clean(to, (lb_str){key->path, size});
        SAY(to, "%*s %s\n", size < PATH_COLUMNS ? (int)(PATH_COLUMNS - size) : 0, "", key->origin);
    }
    SAY(to, "\n  fields of the first %" PRIu64 " records:\n", inspected->records_seen);
    for (size_t i = 0; i < inspected->field_count; i++) {
        const lb_inspect_field *field = &inspected->fields[i];
        SAY(to, "  %s ", field->candidate ? "*" : " ");
        say_clean(to, lb_str_of(field->path));
        SAY(to, ": %s, %.0f %% filled, %s%" PRIu32 " distinct\n", field->type, 100 * field->filled,
            field->distinct_at_least ? "at least " : "", field->distinct);
    }
    SAY(to, "  * may be a quasi-identifier: a few values, and no part of the mapping (--qi "
            "FIELD,...)\n\n");
}

/* The shape of a message: letters as x and X, digits as 9, all else as it stands; cut where it is
 * long. */
static void say_shape(inspect_text *to, lb_str text) {
    lb_buffer shape = {0};
    size_t shown = 0;
    unsigned length = 1;
    for (size_t at = 0; at < text.size && shown < SHAPE_SHOWN; at += length, shown++) {
        uint32_t c = lb_utf8_decode(text.data + at, &length);
        char mark = c >= 'A' && c <= 'Z'                  ? 'X'
                    : c >= '0' && c <= '9'                ? '9'
                    : c >= 0x80 || (c >= 'a' && c <= 'z') ? 'x'
                    : c <= ' ' || c == 0x7F               ? ' '
                                                          : (char)c;
        if (to->status == LB_OK)
            to->status = lb_buffer_append(&shape, &mark, 1, to->error);
    }
    SAY(to, "%.*s%s", (int)shape.size, shape.data ? shape.data : "",
        shown == SHAPE_SHOWN ? " ..." : "");
    lb_buffer_free(&shape);
}

static void say_sample(inspect_text *to, const lb_message *message) {
    enum { ROLE_SHOWN = 20 };
    SAY(to, "  ");
    say_clean(to, (lb_str){message->role.data, lb_utf8_cut(message->role, ROLE_SHOWN)});
    SAY(to, "%s", message->role.data ? ": " : "");
    say_shape(to, message->text);
    SAY(to, "\n");
}

/* Those that could hold somebody's words first. */
static void say_left_out(inspect_text *to, const lb_corpus *corpus) {
    size_t count;
    uint64_t all;
    const lb_left_out *items = lb_corpus_left_out(corpus, &count, &all);
    if (all == 0)
        return;
    SAY(to, "left out (* could hold somebody's words, and counts as unread):\n");
    for (size_t i = 0; i < count; i++) {
        SAY(to, "  %s ", items[i].unread ? "*" : " ");
        say_clean(to, lb_str_of(items[i].path));
        SAY(to, ": ");
        say_clean(to, lb_str_of(items[i].why));
        SAY(to, "\n");
    }
    if (all > count)
        SAY(to, "  and %" PRIu64 " more\n", all - count);
    SAY(to, "\n");
}

static void say_all(inspect_text *to, const lb_inspection *inspection) {
    for (size_t i = 0; i < inspection->source_count; i++)
        say_source(to, &inspection->sources[i]);
    say_left_out(to, inspection->corpus);
    size_t count;
    const char *const *warnings = lb_corpus_warnings(inspection->corpus, &count);
    for (size_t i = 0; i < count; i++) {
        SAY(to, "note: ");
        say_clean(to, lb_str_of(warnings[i]));
        SAY(to, "\n");
    }
    static const char *const units[] = {"", "user", "conversation", "record"};
    SAY(to, "whom the measures protect: the %s\n", units[lb_corpus_unit(inspection->corpus)]);
    if (inspection->samples.count > 0)
        SAY(to, "the first messages of people, by their shape (letters x, digits 9):\n");
    for (size_t i = 0, rank = 0; i < inspection->samples.count && rank < SAMPLES; i++)
        if (inspection->samples.messages[i].own) {
            say_sample(to, &inspection->samples.messages[i]);
            rank++;
        }
}

int lb_inspect_text(const lb_audit_options *options, char **text, lb_error *error) {
    lb_settings *settings;
    int status = lb_settings_make(&settings, options, error);
    if (status < 0)
        return status;
    lb_inspection inspection;
    inspect_text to = {.error = error};
    status = lb_inspect(&inspection, &settings->corpus, SAMPLES, RECORDS, error);
    if (status == LB_OK) {
        say_all(&to, &inspection);
        status = to.status;
        lb_inspection_free(&inspection);
    }
    lb_settings_free(settings);
    if (status < 0)
        lb_buffer_free(&to.text);
    else
        *text = to.text.data;
    return status;
}
