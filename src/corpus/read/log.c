#include "corpus/read/log.h"

#include <stdio.h>

enum { DETECT_LINES = 200 };

typedef enum part_kind {
    PART_LITERAL,
    PART_BLANKS,
    PART_ONE_BLANK,
    PART_CLOCK,
    PART_DATE,
    PART_STAMP,
    PART_LONG_DATE,
    PART_NICK,
    PART_CHANNEL,
    PART_SHORT_DATE,
    PART_NAME,
    PART_MARK,
    PART_TEXT
} part_kind;

typedef struct part {
    part_kind kind;
    char literal;
} part;

typedef struct template {
    part *parts;
    size_t count;
}
template;

typedef struct template_list {
    template *items;
    size_t count;
} template_list;

struct lb_log_templates {
    lb_arena *arena;
    template_list prefixes, services, messages, notices, days;
    /* lines go on with the message before; what has a prefix and no message is a notice */
    bool continued;
    bool short_dates; /* there is a {shortdate} */
    bool month_first;
};

static bool named_part(const char **at, part_kind *kind) {
    static const struct {
        const char *name;
        part_kind kind;
    } known[] = {{"{clock}", PART_CLOCK},
                 {"{date}", PART_DATE},
                 {"{stamp}", PART_STAMP},
                 {"{longdate}", PART_LONG_DATE},
                 {"{nick}", PART_NICK},
                 {"{channel}", PART_CHANNEL},
                 {"{shortdate}", PART_SHORT_DATE},
                 {"{name}", PART_NAME},
                 {"{text}", PART_TEXT},
                 {"{mark}", PART_MARK}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t size = strlen(known[i].name);
        if (strncmp(*at, known[i].name, size) == 0) {
            *at += size;
            *kind = known[i].kind;
            return true;
        }
    }
    return false;
}

static int compile_template(lb_arena *arena, const char *text, const char *where, template *out,
                            lb_error *error) {
    out->parts = lb_arena_alloc(arena, strlen(text), sizeof(part));
    out->count = 0;
    if (!out->parts)
        return lb_fail_memory(error, "compiling line templates");
    for (const char *at = text; *at;) {
        part p = {.kind = PART_LITERAL, .literal = *at};
        if (*at == '{') {
            if (!named_part(&at, &p.kind))
                return lb_fail(error, LB_E_USAGE, where,
                               "see the templates in src/corpus/read/log.h",
                               "the line template \"%s\" has an unknown part", text);
        } else {
            if (*at == ' ')
                p.kind = strncmp(at + 1, "{text}", 6) == 0 || strncmp(at + 1, "{mark}", 6) == 0
                             ? PART_ONE_BLANK
                             : PART_BLANKS;
            at++;
        }
        out->parts[out->count++] = p;
    }
    return LB_OK;
}

static int compile_list(lb_arena *arena, lb_strings strings, const char *where, template_list *out,
                        lb_error *error) {
    out->items = lb_arena_alloc(arena, strings.count, sizeof(template));
    out->count = strings.count;
    if (!out->items)
        return lb_fail_memory(error, "compiling line templates");
    int status = LB_OK;
    for (size_t i = 0; status == LB_OK && i < strings.count; i++)
        status = compile_template(arena, strings.items[i], where, &out->items[i], error);
    return status;
}

int lb_log_compile(lb_log_templates **out, const lb_format *format, const char *where,
                   lb_error *error) {
    *out = NULL;
    lb_log_templates *t = lb_alloc_zero(1, sizeof *t);
    if (!t || !(t->arena = lb_arena_new())) {
        lb_free(t);
        return lb_fail_memory(error, "compiling line templates");
    }
    int status = compile_list(t->arena, format->line_prefixes, where, &t->prefixes, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->service_lines, where, &t->services, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->message_lines, where, &t->messages, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->notice_lines, where, &t->notices, error);
    if (status == LB_OK)
        status = compile_list(t->arena, format->day_lines, where, &t->days, error);
    t->continued = format->continued;
    for (size_t i = 0; i < format->line_prefixes.count; i++)
        t->short_dates |= strstr(format->line_prefixes.items[i], "{shortdate}") != NULL;
    if (status < 0)
        lb_log_templates_free(t);
    else
        *out = t;
    return status;
}

bool lb_log_is_continued(const lb_log_templates *templates) {
    return templates->continued;
}

bool lb_log_has_short_dates(const lb_log_templates *templates) {
    return templates->short_dates;
}

void lb_log_set_month_first(lb_log_templates *templates, bool month_first) {
    templates->month_first = month_first;
}

void lb_log_templates_free(lb_log_templates *templates) {
    if (!templates)
        return;
    lb_arena_free(templates->arena);
    lb_free(templates);
}

static bool match_part(const template *t, size_t i, bool month_first, lb_cursor *c,
                       lb_log_line *line) {
    char stop =
        i + 1 < t->count && t->parts[i + 1].kind == PART_LITERAL ? t->parts[i + 1].literal : ' ';
    switch (t->parts[i].kind) {
    case PART_LITERAL:
        return lb_cursor_take_char(c, t->parts[i].literal);
    case PART_BLANKS:
        return lb_cursor_take_blanks(c);
    case PART_ONE_BLANK:
        return lb_cursor_take_char(c, ' ') || c->at == c->end;
    case PART_CLOCK:
        return lb_cursor_take_clock(c, line);
    case PART_DATE:
        return lb_cursor_take_date(c, &line->date);
    case PART_STAMP:
        return lb_cursor_take_stamp(c, line);
    case PART_LONG_DATE:
        return lb_cursor_take_long_date(c, &line->date);
    case PART_NICK:
        return lb_cursor_take_nick(c, stop, line);
    case PART_CHANNEL:
        return lb_cursor_take_word(c, stop, &line->channel);
    case PART_SHORT_DATE:
        return lb_cursor_take_short_date(c, month_first, line);
    case PART_NAME:
        return lb_cursor_take_name(c, line);
    case PART_MARK:
        return lb_cursor_take_left_to_right(c);
    default:
        lb_cursor_skip_marks(c);
        line->text = (lb_str){c->at, (size_t)(c->end - c->at)};
        c->at = c->end;
        return true;
    }
}

static bool match_template(const template *t, bool month_first, lb_cursor *c, lb_log_line *line) {
    for (size_t i = 0; i < t->count; i++)
        if (!match_part(t, i, month_first, c, line))
            return false;
    return true;
}

static bool match_bodies(const template_list *list, lb_cursor from, lb_log_line *line) {
    lb_log_line before = *line;
    for (size_t i = 0; i < list->count; i++) {
        lb_cursor c = from;
        *line = before;
        if (match_template(&list->items[i], false, &c, line) && c.at == c.end)
            return true;
    }
    *line = before;
    return false;
}

lb_log_kind lb_log_match(const lb_log_templates *t, lb_str text, lb_log_line *out) {
    lb_cursor whole = {text.data, text.data + text.size};
    *out = (lb_log_line){0};
    if (t->continued)
        lb_cursor_skip_marks(&whole);
    if (match_bodies(&t->days, whole, out))
        return LB_LOG_DAY;
    if (match_bodies(&t->notices, whole, out))
        return LB_LOG_SERVICE;
    for (size_t i = 0; i < t->prefixes.count; i++) {
        lb_cursor c = whole;
        *out = (lb_log_line){0};
        if (!match_template(&t->prefixes.items[i], t->month_first, &c, out))
            continue;
        if (match_bodies(&t->services, c, out))
            return LB_LOG_SERVICE;
        if (match_bodies(&t->messages, c, out))
            return LB_LOG_MESSAGE;
        if (t->continued)
            return LB_LOG_SERVICE;
    }
    return LB_LOG_UNKNOWN;
}

lb_date lb_log_date_in_path(const char *path, size_t *at, size_t *size) {
    lb_date found = {0};
    for (size_t i = 0; path[i]; i++) {
        lb_date date;
        size_t length;
        if ((i == 0 || path[i - 1] < '0' || path[i - 1] > '9') &&
            lb_cursor_take_path_date(path + i, &date, &length)) {
            found = date;
            *at = i;
            *size = length;
        }
    }
    return found;
}
