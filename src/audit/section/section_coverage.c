/* What the figures rest on: how much of the inputs was read and understood, and what was not. */
#include "audit/section/section.h"
#include "audit/section/sections.h"
#include "results/json_value.h"

enum { FILES_SHOWN = 100, FIELDS_SHOWN = 100 };

static double share_of(uint64_t part, uint64_t all) {
    return all > 0 ? (double)part / (double)all : 0;
}

static int set_share(lb_audit_run_state *audit, lb_metric_id metric, uint64_t part, uint64_t all,
                     lb_error *error) {
    return lb_results_set(audit->results, metric, share_of(part, all), error);
}

static int set_read(lb_audit_run_state *audit, const lb_corpus_counts *c, lb_error *error) {
    int status = set_share(audit, LB_METRIC_COVERAGE_REJECTED_SHARE, c->rejected,
                           c->records + c->rejected, error);
    return status < 0 ? status
                      : set_share(audit, LB_METRIC_COVERAGE_UNREAD_BYTES_SHARE,
                                  c->unread_bytes + c->replaced_bytes, c->bytes, error);
}

static json_t *left_out_file(const void *files, size_t index) {
    const lb_left_out *file = &((const lb_left_out *)files)[index];
    json_t *object = json_object();
    bool ok = lb_json_set(object, "path", lb_json_text(lb_str_of(file->path))) &&
              lb_json_set(object, "why", lb_json_text(lb_str_of(file->why))) &&
              lb_json_set(object, "counted", json_boolean(file->unread));
    return lb_json_whole(object, ok);
}

static json_t *left_out_files(const lb_corpus *corpus) {
    size_t count;
    uint64_t all;
    const lb_left_out *files = lb_corpus_left_out(corpus, &count, &all);
    return lb_json_list(count < FILES_SHOWN ? count : FILES_SHOWN, left_out_file, files);
}

static json_t *first_place(const lb_audit_run_state *audit, const lb_unsearched_field *field) {
    if (!field->file)
        return lb_section_place(audit, field->source, field->line);
    lb_buffer place = {0};
    json_t *value = NULL;
    if (lb_buffer_printf(&place, NULL, "%s:%llu", field->file, (unsigned long long)field->line) ==
        LB_OK)
        value = lb_json_text(lb_buffer_str(&place));
    lb_buffer_free(&place);
    return value;
}

static json_t *column_name(const void *columns, size_t index) {
    return lb_json_text(((const lb_str *)columns)[index]);
}

static json_t *field_passed_by(const void *context, size_t index) {
    const lb_audit_run_state *audit = context;
    const lb_unsearched_field *field = &lb_corpus_unsearched(audit->corpus)->items[index];
    json_t *object = json_object();
    bool ok = lb_json_set(object, "path", lb_json_text(field->path)) &&
              lb_json_set(object, "values", lb_json_count(field->values)) &&
              lb_json_set(object, "first", first_place(audit, field));
    if (ok && field->column_count > 0)
        ok = lb_json_set(object, "columns",
                         lb_json_list(field->column_count, column_name, field->columns));
    return lb_json_whole(object, ok);
}

/* Words that would be published and that no measure looks at: of roles that are not the people's
 * own, what --skip leaves out of those, and notices, which name people. */
typedef struct passed_text {
    const char *what;
    uint64_t count;
} passed_text;

enum { PASSED_TEXTS = 3 };

static size_t passed_texts(const lb_corpus_counts *c, passed_text texts[PASSED_TEXTS]) {
    const passed_text all[PASSED_TEXTS] = {{"text: messages of other roles", c->other_roles},
                                           {"text: bytes left out by --skip", c->skipped_bytes},
                                           {"joins, parts and other notices", c->service_lines}};
    size_t count = 0;
    for (size_t i = 0; i < PASSED_TEXTS; i++)
        if (all[i].count > 0)
            texts[count++] = all[i];
    return count;
}

static json_t *text_passed_by(const void *texts, size_t index) {
    const passed_text *text = &((const passed_text *)texts)[index];
    json_t *object = json_object();
    bool ok = lb_json_set(object, "path", json_string(text->what)) &&
              lb_json_set(object, "values", lb_json_count(text->count)) &&
              lb_json_set(object, "first", json_null());
    return lb_json_whole(object, ok);
}

static json_t *passed_by(const lb_audit_run_state *audit, const lb_corpus_counts *c) {
    passed_text texts[PASSED_TEXTS];
    size_t fields = lb_corpus_unsearched(audit->corpus)->count;
    json_t *list = lb_json_list(passed_texts(c, texts), text_passed_by, texts);
    json_t *named =
        lb_json_list(fields < FIELDS_SHOWN ? fields : FIELDS_SHOWN, field_passed_by, audit);
    bool ok = list && named && json_array_extend(list, named) == 0;
    json_decref(named);
    return lb_json_whole(list, ok);
}

static uint64_t unsearched(const lb_audit_run_state *audit, const lb_corpus_counts *c) {
    passed_text texts[PASSED_TEXTS];
    return passed_texts(c, texts) + lb_corpus_unsearched(audit->corpus)->count;
}

static uint64_t spoken(const lb_corpus_counts *c) {
    return c->own_messages > c->own_blank ? c->own_messages - c->own_blank : 0;
}

static int set_texts(lb_audit_run_state *audit, const lb_corpus_counts *c, lb_error *error) {
    static const lb_metric_id metrics[] = {LB_METRIC_COVERAGE_MESSAGES_WITHOUT_TEXT,
                                           LB_METRIC_COVERAGE_WITHOUT_TEXT_SHARE};
    if (!lb_corpus_has_text(audit->corpus))
        return lb_section_absent(audit, metrics, 2, LB_ABSENT_NOT_GIVEN,
                                 "the corpus is a table without text", error);
    const double values[] = {(double)c->own_missing_text,
                             share_of(c->own_without_text, spoken(c) + c->own_without_text)};
    return lb_section_set(audit, metrics, values, 2, error);
}

static int set_times(lb_audit_run_state *audit, const lb_corpus_counts *c, lb_error *error) {
    static const lb_metric_id metrics[] = {LB_METRIC_COVERAGE_TIMES_NOT_UNDERSTOOD,
                                           LB_METRIC_COVERAGE_TIMES_NOT_UNDERSTOOD_SHARE};
    if (c->times == 0)
        return lb_section_absent(audit, metrics, 2, LB_ABSENT_NOT_GIVEN, "no message has a time",
                                 error);
    const double values[] = {(double)c->impossible_time, share_of(c->impossible_time, c->times)};
    return lb_section_set(audit, metrics, values, 2, error);
}

static int set_users(lb_audit_run_state *audit, const lb_corpus_counts *c, lb_error *error) {
    const lb_metric_id metric = LB_METRIC_COVERAGE_WITHOUT_USER_SHARE;
    bool has_text = lb_corpus_has_text(audit->corpus);
    if (lb_corpus_unit(audit->corpus) != LB_UNIT_USER)
        return lb_results_set_absent(audit->results, metric, LB_ABSENT_NOT_GIVEN,
                                     "the unit is not the user", error);
    return set_share(audit, metric, c->without_user, has_text ? c->own_messages : c->records,
                     error);
}

static json_t *gap_places(const lb_audit_run_state *audit, lb_gap kind) {
    const lb_gaps *gaps = lb_corpus_gaps(audit->corpus);
    json_t *list = json_array();
    for (size_t i = 0; list && i < gaps->counts[kind]; i++)
        if (json_array_append_new(list, lb_section_place(audit, gaps->places[kind][i].source,
                                                         gaps->places[kind][i].line)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *gap(const lb_audit_run_state *audit, lb_gap kind, uint64_t count, uint64_t of) {
    json_t *object = json_object();
    bool ok = lb_json_set(object, "count", lb_json_count(count)) &&
              lb_json_set(object, "of", lb_json_count(of)) &&
              lb_json_set(object, "first", gap_places(audit, kind));
    return lb_json_whole(object, ok);
}

static int describe(lb_audit_run_state *audit, const lb_corpus_counts *c, lb_error *error) {
    json_t *section = lb_results_section(audit->results, "coverage");
    uint64_t own = spoken(c) + c->own_without_text;
    bool ok =
        lb_json_set(section, "records", lb_json_count(c->records + c->rejected)) &&
        lb_json_set(section, "rejected", lb_json_count(c->rejected)) &&
        lb_json_set(section, "bytes", lb_json_count(c->bytes)) &&
        lb_json_set(section, "unread_bytes", lb_json_count(c->unread_bytes)) &&
        lb_json_set(section, "replaced_characters", lb_json_count(c->replaced_bytes)) &&
        lb_json_set(section, "unread_files", lb_json_count(c->unread_files)) &&
        lb_json_set(section, "files", left_out_files(audit->corpus)) &&
        lb_json_set(section, "unsearched_fields", lb_json_count(unsearched(audit, c))) &&
        lb_json_set(section, "fields", passed_by(audit, c)) &&
        lb_json_set(section, "without_text", gap(audit, LB_GAP_TEXT, c->own_missing_text, own)) &&
        lb_json_set(section, "blank_texts",
                    lb_json_count(c->own_without_text - c->own_missing_text)) &&
        lb_json_set(section, "other_turns_without_text", lb_json_count(c->other_without_text)) &&
        lb_json_set(section, "times_not_understood",
                    gap(audit, LB_GAP_TIME, c->impossible_time, c->times)) &&
        lb_json_set(section, "without_user",
                    gap(audit, LB_GAP_USER, c->without_user, c->own_messages));
    return ok ? LB_OK : lb_fail_memory(error, "describing what was read");
}

int lb_section_coverage(lb_audit_run_state *audit, lb_error *error) {
    const lb_corpus_counts *counted = lb_corpus_counted(audit->corpus);
    int status = set_read(audit, counted, error);
    if (status == LB_OK)
        status = lb_results_set(audit->results, LB_METRIC_COVERAGE_UNREAD_FILES,
                                (double)counted->unread_files, error);
    if (status == LB_OK)
        status = lb_results_set(audit->results, LB_METRIC_COVERAGE_UNSEARCHED_FIELDS,
                                (double)unsearched(audit, counted), error);
    if (status == LB_OK && !audit->settings->opted_out) /* else the consent section says it */
        status =
            lb_results_set_absent(audit->results, LB_METRIC_COVERAGE_LISTED_UNKNOWN,
                                  LB_ABSENT_NOT_GIVEN, "nobody is listed (--opted-out)", error);
    if (status == LB_OK)
        status = set_texts(audit, counted, error);
    if (status == LB_OK)
        status = set_times(audit, counted, error);
    if (status == LB_OK)
        status = set_users(audit, counted, error);
    return status == LB_OK ? describe(audit, counted, error) : status;
}
